// Reads a curl command line, as typed, as pasted from documentation, or as browsers copy it.
// Options: curl(1), https://curl.se/docs/manpage.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace locksmith::http {

// The shell whose quoting a pasted text uses; `detect` tells cmd's carets from a POSIX shell's quotes.
enum class Shell { detect, posix, cmd };

// What the command says of the way there, for the probes and the inspectors.
struct ClientOptions {
  bool follow_redirects = false;          // -L
  bool trust_location = false;            // --location-trusted
  bool insecure = false;                  // -k
  bool use_netrc = false;                 // -n, --netrc, --netrc-optional
  std::string netrc_file;                 // --netrc-file
  std::string proxy;                      // -x; userinfo kept
  std::string proxy_user;                 // -U
  std::string noproxy;
  std::string http_version;               // "1.0", "1.1", "2", "3"; empty: curl's choice
  std::string cacert, client_cert, client_key;
  std::string unix_socket;
  std::string interface;
  std::vector<std::string> resolve;       // host:port:address
  std::vector<std::string> connect_to;    // host1:port1:host2:port2
  std::string aws_sigv4;                  // provider1[:provider2[:region[:service]]]
  std::string user;                       // -u as given, user:password
  double max_time_s = 0;                  // 0: not given
  double connect_timeout_s = 0;
  int ip_version = 0;                     // 4, 6 or 0
  bool compressed = false;
};

struct CurlCommand {
  Request request;  // as curl would send it: -u has become Authorization, -d has set the method
  ClientOptions options;
  std::vector<std::string> skipped;  // options that this reader does not know, as written
  std::vector<std::string> notes;    // what was noticed in the text itself: an unquoted '&', an
                                     // expansion that a shell would have made, a smart quote
};

// `words`: already split by a shell, with or without "curl" itself in front. Files that options
// name (-H @file, -d @file, -K file) are read.
Result<CurlCommand> parse_curl(std::span<const std::string> words);
// A whole command as text.
Result<CurlCommand> parse_curl_text(std::string_view text, Shell shell = Shell::detect);

// Quotes a word for a POSIX shell; what needs no quotes stays as it is.
std::string shell_quote(std::string_view word);
// The request as a curl command to paste, one line.
std::string to_curl(const Request& request);

}  // namespace locksmith::http

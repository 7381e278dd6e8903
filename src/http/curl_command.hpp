// Reads a curl command line, as typed, as pasted from documentation, or as browsers copy it.
// Options: curl(1), https://curl.se/docs/manpage.html
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/result.hpp"
#include "http/curl_note.hpp"
#include "http/message.hpp"
#include "http/shell_words.hpp"

namespace locksmith::http {

// What the command says of the way there, for the probes and the inspectors.
struct ClientOptions {
  bool follow_redirects = false;  // -L
  bool trust_location = false;    // --location-trusted
  bool insecure = false;          // -k
  bool use_netrc = false;         // -n, --netrc-optional, --netrc-file
  std::string netrc_file;         // --netrc-file
  std::string proxy;              // -x, --socks5 …; userinfo kept
  std::string proxy_user;         // -U
  std::string noproxy;
  std::string http_version;  // "1.0", "1.1", "2", "3"; empty: curl's choice
  std::string cacert, client_cert, client_key;
  std::string key_password;  // --pass, or behind the colon of -E
  std::string unix_socket;
  std::string interface;
  std::vector<std::string> resolve;          // host:port:address
  std::vector<std::string> connect_to;       // host1:port1:host2:port2
  std::string aws_sigv4;                     // provider1[:provider2[:region[:service]]]
  std::string user;                          // -u as given, user:password
  std::string authentication;                // "digest", "ntlm", "negotiate", "any"; empty: basic
  std::vector<std::string> removed_headers;  // -H 'Name:' and -A '': curl's own header is not sent
  double max_time_s = 0;                     // 0: not given
  double connect_timeout_s = 0;
  int ip_version = 0;  // 4, 6 or 0
  bool compressed = false;
};

struct CurlCommand {
  // As curl would send it: -u has become Authorization, -d has set the method. What curl adds to
  // every request (Host, User-Agent, Accept) is absent unless the command names it. Userinfo stays
  // in the URL; globs in it are not expanded.
  Request request;
  ClientOptions options;
  std::vector<std::string> skipped;  // options that this reader does not know, without arguments
  std::vector<Note> notes;
};

struct CurlReading {
  Shell shell = Shell::detect;
  // Reads the files that options name (-H @file, -d @file, -K file). A file that cannot be read is
  // a note. Standard input is never read; a here-document in the text is.
  std::function<Result<std::string>(const std::string& path)> read_file =
      [](const std::string& path) { return base::read_regular_file(path); };
};

// `words`: already split by a shell, with or without "curl" itself in front.
Result<CurlCommand> parse_curl(std::span<const std::string> words, const CurlReading& reading = {});
// A whole command as text. The shell's part is noted, not done: `$NAME` stays in the request.
Result<CurlCommand> parse_curl_text(std::string_view text, const CurlReading& reading = {});

// Quotes a word for a POSIX shell; what needs no quotes stays as it is.
std::string shell_quote(std::string_view word);
// The request as a curl command to paste, one line.
std::string to_curl(const Request& request);

}  // namespace locksmith::http

// Splits a URL as people paste it. Boost.URL and curl refuse what is not a valid URL; a space or a
// missing host is exactly what has to be seen here, so nothing is refused and nothing is decoded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locksmith::http {

struct Url {
  std::string scheme;    // lower case; "http" when none was written, as curl assumes
  std::string userinfo;  // as written, before '@'
  std::string host;      // lower case, IPv6 without brackets
  std::string port;      // digits as written; empty when none
  std::string path;      // starts with '/' ("/" when none was written)
  std::string query;     // without '?'
  std::string fragment;  // without '#'; never sent
  bool has_fragment = false;

  int port_number() const;     // the default of the scheme when none was written
  std::string origin() const;  // scheme://host[:port], the default port left out
  std::string target() const;  // path[?query]
};

Url parse_url(std::string_view text);
std::string to_string(const Url& url);
// An absolute or relative `Location` against the URL that it answered (RFC 3986 section 5.2).
std::string resolve_reference(const Url& base, std::string_view location);

struct QueryParameter {
  std::string name;   // decoded
  std::string value;  // as written
};
std::vector<QueryParameter> query_parameters(std::string_view query);

// `pattern` is a host name. A leading `*.` stands for one label or more, any other `*` for a run of
// characters within its label. Both in lower case.
bool host_matches(std::string_view pattern, std::string_view host);
bool is_loopback(std::string_view host);

}  // namespace locksmith::http

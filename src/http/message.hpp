// One HTTP request with its response, as bytes saw the wire: nothing is normalised, because a
// defect (a line feed in a key, a header without a value) is evidence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace locksmith::http {

struct Header {
  std::string name;
  std::string value;  // byte for byte; only the single space after the colon is not part of it
};

// An ordered list of header fields; names compare without case (RFC 9110 section 5.1).
class Headers : public std::vector<Header> {
 public:
  using std::vector<Header>::vector;
  const std::string* find(std::string_view name) const;  // the first, or nullptr
  std::string_view get(std::string_view name) const;     // the first's value, or ""
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::vector<std::string_view> all(std::string_view name) const;
  void add(std::string name, std::string value);
  void set(std::string_view name, std::string value);  // replaces all of that name
  void remove(std::string_view name);
};

struct Request {
  std::string method = "GET";
  std::string url;
  std::string version;  // "HTTP/1.1", "HTTP/2"; empty when unknown
  Headers headers;
  std::string body;
};

struct Response {
  int status = 0;  // 0: no answer is known
  std::string reason;
  std::string version;
  Headers headers;
  std::string body;
};

struct Exchange {
  Request request;
  Response response;
  std::optional<base::Time> time;  // when the request was sent, if known
  bool partial = false;        // response headers or body may be absent without having been absent
  std::string remote_address;  // the peer that was connected to, if known
  std::string tls_subject, tls_issuer;  // of the peer's certificate, if known
  bool proxy_answered = false;  // the forward proxy itself refused: 407, or no tunnel was made
};

}  // namespace locksmith::http

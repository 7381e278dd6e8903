// What a face sees of HTTP: a request as views into the connection's buffer, and an answer that is
// written straight into the bytes that will be sent. No message containers: they cost more than
// the decision itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "authority/address.hpp"
#include "authority/decide.hpp"
#include "base/text.hpp"

namespace locksmith::server {

using authority::Field;

// The size first: asked of every header for every name, and nearly always enough.
inline bool is_named(const Field& field, std::string_view name) {
  return field.name.size() == name.size() && base::equals_ignoring_case(field.name, name);
}

struct RequestView {
  std::string_view method;
  std::string_view target;  // as it was sent
  std::span<const Field> headers;
  std::string_view body;
  authority::Address peer;   // unknown over a unix socket
  bool unix_socket = false;  // whoever may open it was let in by its file's permissions
  unsigned listener = 0;     // index of the address that it came in by

  std::string_view path() const;   // the target without its query
  std::string_view query() const;  // without the '?'
  // The only one of that name, else nothing: two X-Forwarded-Uri are somebody's trick.
  std::string_view only(std::string_view name) const;
  std::string_view first(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

// Call start(), header() as often as needed, then finish() once.
class ResponseBuilder {
 public:
  struct Connection {
    bool head_only = false;       // the request was a HEAD
    bool keep_alive = true;       // else "Connection: close" is said
    bool say_keep_alive = false;  // HTTP/1.0 that asked for it
    std::string_view date;        // IMF-fixdate
  };
  ResponseBuilder(std::string& out, Connection connection) : out_(out), connection_(connection) {}

  void start(int status);
  // Control characters in `value` become spaces: nothing that came from outside splits an answer.
  void header(std::string_view name, std::string_view value);
  void finish();  // without content
  void finish(std::string_view content_type, std::string_view body);

  bool finished() const { return finished_; }
  int status() const { return status_; }

 private:
  std::string& out_;
  Connection connection_;
  int status_ = 0;
  bool finished_ = false;
};

std::string_view reason_phrase(int status);

// RFC 9457 body of what is no decision: a wrong path, a body that is not JSON, a store that fails.
std::string problem_json(int status, std::string_view detail, std::string_view request_id = {});
void answer_problem(ResponseBuilder& response, int status, std::string_view detail,
                    std::string_view request_id = {});

}  // namespace locksmith::server

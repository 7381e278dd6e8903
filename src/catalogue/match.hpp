// Tells which rule of the catalogue fits an answer.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalogue/catalogue.hpp"
#include "http/message.hpp"

namespace locksmith::catalogue {

// A response, with what rules look for prepared once per diagnosis: the body in lower case, and as
// JSON. Does not own the response. The first MiB of the body is looked at.
class ResponseView {
 public:
  explicit ResponseView(const http::Response& response);
  ~ResponseView();
  ResponseView(ResponseView&&) noexcept;

  const http::Response& response() const { return *response_; }
  std::string_view lower_body() const;

  // Also true for what Python prints of a dictionary: {'error': None}.
  bool is_json() const;
  // What a JSON pointer (RFC 6901) leads to: a text as it is, a number or boolean as JSON writes
  // it, null as "null"; "" for an object or array that is there; nullopt: nothing is there.
  std::optional<std::string> pointer(std::string_view pointer) const;
  bool pointer_equals(std::string_view pointer, std::string_view text) const;

 private:
  struct State;
  const http::Response* response_;
  std::unique_ptr<State> state_;
};

bool holds(const Condition& condition, const http::Request& request, const ResponseView& response);
bool any_holds(std::span<const Condition> conditions, const http::Request& request,
               const ResponseView& response);

// Status and all conditions.
bool fits(const Refusal& refusal, const http::Request& request, const ResponseView& response);
// The first rule that fits, or nullptr.
const Refusal* first_match(std::span<const Refusal> refusals, const http::Request& request,
                           const ResponseView& response);

}  // namespace locksmith::catalogue

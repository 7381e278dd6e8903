#include "catalogue/match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>

#include "base/text.hpp"
#include "catalogue/python_repr.hpp"
#include "http/url.hpp"

namespace locksmith::catalogue {
namespace {

namespace json = boost::json;
using What = Condition::What;

constexpr std::size_t looked_at = std::size_t{1} << 20;

std::optional<json::value> parse_body(std::string_view body) {
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  body = base::trim(body);
  if (body.empty() || (body.front() != '{' && body.front() != '[')) return {};
  json::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error);
  if (!error) return value;
  if (body.find('\'') == body.npos) return {};
  value = json::parse(json_from_python(body), error);
  if (!error) return value;
  return {};
}

std::string number_text(double value) { return fmt::format("{}", value); }

// memmem is several times faster here than std::string_view::find, which looks for the first
// character again and again.
bool contains(std::string_view text, std::string_view needle) {
  return memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

bool header_holds(const http::Headers& headers, const Condition& condition) {
  return std::ranges::any_of(headers, [&](const http::Header& header) {
    return base::equals_ignoring_case(header.name, condition.name) &&
           (condition.text.empty() || base::contains_ignoring_case(header.value, condition.text));
  });
}

}  // namespace

struct ResponseView::State {
  std::optional<std::string> lower;
  bool parsed = false;
  std::optional<json::value> body;

  const json::value* find(const http::Response& response, std::string_view pointer) {
    if (!parsed) body = parse_body(std::string_view(response.body).substr(0, looked_at));
    parsed = true;
    if (!body) return nullptr;
    json::error_code error;
    return body->find_pointer({pointer.data(), pointer.size()}, error);
  }
};

ResponseView::ResponseView(const http::Response& response)
    : response_(&response), state_(std::make_unique<State>()) {}
ResponseView::~ResponseView() = default;
ResponseView::ResponseView(ResponseView&&) noexcept = default;

// Some servers write `<`, `'` or `/` of a message as JSON escapes (Go's encoding/json does so by
// default); the same sentence must be found however it is written. `text` is in lower case.
static void unescape_ascii(std::string& text) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("\\u00") && rest.size() >= 6) {
      const std::string byte = base::percent_decode("%" + std::string(rest.substr(4, 2)));
      if (byte.size() == 1 && byte[0] >= ' ' && byte[0] <= '~') {
        text[out++] = byte[0];
        i += 5;
        continue;
      }
    }
    if (rest.starts_with("\\/")) continue;
    text[out++] = text[i];
  }
  text.resize(out);
}

std::string_view ResponseView::lower_body() const {
  if (!state_->lower) {
    state_->lower = base::lower(std::string_view(response_->body).substr(0, looked_at));
    unescape_ascii(*state_->lower);
  }
  return *state_->lower;
}

bool ResponseView::is_json() const { return state_->find(*response_, "") != nullptr; }

std::optional<std::string> ResponseView::pointer(std::string_view pointer) const {
  const json::value* value = state_->find(*response_, pointer);
  if (!value) return {};
  switch (value->kind()) {
    case json::kind::string:
      return std::string(value->get_string());
    case json::kind::double_:
      return number_text(value->get_double());
    case json::kind::object:
    case json::kind::array:
      return std::string();
    default:
      return json::serialize(*value);
  }
}

bool ResponseView::pointer_equals(std::string_view pointer, std::string_view text) const {
  const json::value* value = state_->find(*response_, pointer);
  if (!value) return false;
  if (const auto* string = value->if_string())
    return std::string_view(string->data(), string->size()) == text;
  return this->pointer(pointer) == text;
}

bool holds(const Condition& condition, const http::Request& request, const ResponseView& response) {
  switch (condition.what) {
    case What::body:
      return contains(response.lower_body(), condition.text);
    case What::pointer:
      return condition.text.empty() ? response.pointer(condition.name).has_value()
                                    : response.pointer_equals(condition.name, condition.text);
    case What::header:
      return header_holds(response.response().headers, condition);
    case What::request_header:
      return header_holds(request.headers, condition);
    case What::path:
      return http::parse_url(request.url).path.starts_with(condition.text);
    case What::host:
      return http::host_matches(condition.text, http::parse_url(request.url).host);
  }
  return false;
}

bool any_holds(std::span<const Condition> conditions, const http::Request& request,
               const ResponseView& response) {
  return std::ranges::any_of(conditions,
                             [&](const Condition& c) { return holds(c, request, response); });
}

bool fits(const Refusal& refusal, const http::Request& request, const ResponseView& response) {
  const auto& statuses = refusal.statuses;
  if (!statuses.empty() &&
      std::ranges::find(statuses, response.response().status) == statuses.end())
    return false;
  return std::ranges::all_of(refusal.when,
                             [&](const Condition& c) { return holds(c, request, response); });
}

const Refusal* first_match(std::span<const Refusal> refusals, const http::Request& request,
                           const ResponseView& response) {
  for (const Refusal& refusal : refusals) {
    if (fits(refusal, request, response)) return &refusal;
  }
  return nullptr;
}

}  // namespace locksmith::catalogue

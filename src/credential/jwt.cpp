#include "credential/jwt.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

namespace json = boost::json;

std::optional<json::object> read_part(std::string_view part) {
  const auto decoded = base::base64url_decode(part);
  if (!decoded) return {};
  boost::system::error_code error;
  json::value value = json::parse(*decoded, error);
  if (error || !value.is_object()) return {};
  return std::move(value.as_object());
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// NumericDate (RFC 7519 section 2): seconds since the epoch; some issuers write fractions.
std::optional<base::Time> time_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) return {};
  boost::system::error_code error;
  if (value->is_double()) {
    const double seconds = value->as_double();
    if (!(seconds > -1e11 && seconds < 1e11)) return {};
    return base::Time(std::chrono::seconds(static_cast<long>(seconds)));
  }
  const auto seconds = value->to_number<std::int64_t>(error);
  // Beyond the year 5000 it is no time in seconds.
  if (error || seconds > 100'000'000'000 || seconds < 0) return {};
  return base::Time(std::chrono::seconds(seconds));
}

void add_words(std::string_view text, std::vector<std::string>& out) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) out.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
}

// A string (split at blanks) or an array of strings.
std::vector<std::string> list_of(const json::object& object, std::string_view name) {
  std::vector<std::string> list;
  const json::value* value = object.if_contains(name);
  if (!value) return list;
  if (value->is_string()) add_words(value->as_string(), list);
  if (value->is_array()) {
    for (const json::value& item : value->as_array()) {
      if (item.is_string()) list.emplace_back(item.as_string());
    }
  }
  return list;
}

std::optional<std::array<std::string_view, 3>> split(std::string_view value) {
  const auto first = value.find('.');
  if (first == std::string_view::npos) return {};
  const auto second = value.find('.', first + 1);
  if (second == std::string_view::npos || value.find('.', second + 1) != std::string_view::npos)
    return {};
  return std::array{value.substr(0, first), value.substr(first + 1, second - first - 1),
                    value.substr(second + 1)};
}

}  // namespace

bool looks_like_jwt(std::string_view value) {
  // base64url of `{"` is always `eyJ`; of `{ "`, `ewog` and such are rare and left to read_jwt().
  return value.starts_with("eyJ") && split(value).has_value();
}

std::optional<Jwt> read_jwt(std::string_view value) {
  const auto parts = split(value);
  if (!parts) return {};
  const auto header = read_part((*parts)[0]);
  const auto claims = header ? read_part((*parts)[1]) : std::nullopt;
  if (!claims) return {};
  Jwt jwt;
  jwt.algorithm = text_of(*header, "alg");
  jwt.type = text_of(*header, "typ");
  jwt.key_id = text_of(*header, "kid");
  jwt.issuer = text_of(*claims, "iss");
  jwt.subject = text_of(*claims, "sub");
  jwt.audience = list_of(*claims, "aud");
  for (const char* name : {"scope", "scp", "roles"}) {
    for (std::string& scope : list_of(*claims, name)) jwt.scopes.push_back(std::move(scope));
  }
  jwt.expires = time_of(*claims, "exp");
  jwt.not_before = time_of(*claims, "nbf");
  jwt.issued_at = time_of(*claims, "iat");
  jwt.signature = (*parts)[2];
  return jwt;
}

}  // namespace locksmith::credential

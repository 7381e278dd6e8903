// Strict readers: the first fault is told, with the field's name.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "server/json_model.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

constexpr std::size_t most_items = 200;
constexpr std::size_t most_text = 2000;

std::unexpected<Error> wrong(std::string_view field, std::string_view what) {
  return fail(ErrorCode::usage, fmt::format("\"{}\" {}", field, what));
}

Result<void> read(const json::value& value, std::string_view field, std::string& target) {
  if (value.is_null()) return target.clear(), Result<void>{};
  if (!value.is_string()) return wrong(field, "is not a text");
  if (value.get_string().size() > most_text) return wrong(field, "is too long");
  target = std::string(value.get_string());
  return {};
}

Result<void> read(const json::value& value, std::string_view field,
                  std::vector<std::string>& target) {
  target.clear();
  if (value.is_null()) return {};
  if (!value.is_array()) return wrong(field, "is not a list of texts");
  if (value.get_array().size() > most_items) return wrong(field, "is too long a list");
  for (const auto& each : value.get_array()) {
    std::string text;
    if (auto done = read(each, field, text); !done) return done;
    if (text.empty()) return wrong(field, "holds an empty text");
    target.push_back(std::move(text));
  }
  return {};
}

Result<void> read(const json::value& value, std::string_view field,
                  std::vector<authority::Cidr>& target) {
  std::vector<std::string> texts;
  if (auto done = read(value, field, texts); !done) return done;
  target.clear();
  for (const auto& text : texts) {
    const auto block = authority::parse_cidr(text);
    if (!block) return wrong(field, fmt::format("holds {}, which is no address block", text));
    target.push_back(*block);
  }
  return {};
}

Result<void> read(const json::value& value, std::string_view field,
                  std::optional<base::Time>& target) {
  target.reset();
  if (value.is_null()) return {};
  if (value.is_string()) target = base::parse_rfc3339(value.get_string());
  if (!target) return wrong(field, "is not a time such as 2026-12-31T00:00:00Z");
  return {};
}

template <class Number>
Result<void> read_number(const json::value& value, std::string_view field, Number least,
                         Number most, Number& target) {
  boost::system::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  if (error || number < static_cast<std::int64_t>(least) ||
      static_cast<std::uint64_t>(number) > static_cast<std::uint64_t>(most))
    return wrong(field, "is not a number that fits");
  target = static_cast<Number>(number);
  return {};
}

Result<void> only(const json::object& object, std::initializer_list<std::string_view> fields) {
  for (const auto& [name, value] : object) {
    if (std::find(fields.begin(), fields.end(), std::string_view(name)) != fields.end()) continue;
    const std::vector<std::string_view> known(fields);
    const auto near = base::nearest(name, known);
    // A longer one is no misspelled field, and may be a key in the wrong place.
    const std::string_view shown = name.size() <= 30 ? std::string_view(name) : "…";
    return fail(ErrorCode::usage,
                fmt::format("there is no field \"{}\"{}", shown,
                            near.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", near)));
  }
  return {};
}

Result<void> read(const json::value& value, std::string_view field,
                  std::optional<authority::Rate>& target) {
  target.reset();
  if (value.is_null()) return {};
  if (!value.is_object()) return wrong(field, "is {requests, period_seconds, burst}");
  const auto& object = value.get_object();
  if (auto good = only(object, {"requests", "period_seconds", "burst"}); !good) return good;
  authority::Rate rate;
  std::int64_t period = 1;
  const auto* requests = object.if_contains("requests");
  if (!requests) return wrong(field, "lacks requests");
  if (auto done = read_number(*requests, "requests", 1u, 1'000'000'000u, rate.requests); !done)
    return done;
  if (const auto* given = object.if_contains("period_seconds"))
    if (auto done = read_number<std::int64_t>(*given, "period_seconds", 1, 31'536'000, period);
        !done)
      return done;
  if (const auto* given = object.if_contains("burst"))
    if (auto done = read_number(*given, "burst", 0u, 1'000'000'000u, rate.burst); !done)
      return done;
  rate.period = std::chrono::seconds(period);
  target = rate;
  return {};
}

Result<void> read(const json::value& value, std::string_view field,
                  std::optional<authority::Quota>& target) {
  target.reset();
  if (value.is_null()) return {};
  if (!value.is_object()) return wrong(field, "is {requests, period}");
  const auto& object = value.get_object();
  if (auto good = only(object, {"requests", "period"}); !good) return good;
  authority::Quota quota;
  std::int64_t requests = 0;
  const auto* given = object.if_contains("requests");
  if (!given) return wrong(field, "lacks requests");
  if (auto done = read_number<std::int64_t>(*given, "requests", 1, INT64_MAX, requests); !done)
    return done;
  const auto period = text_of(object, "period");
  if (period != "day" && period != "month") return wrong("period", "is \"day\" or \"month\"");
  quota.requests = static_cast<std::uint64_t>(requests);
  quota.period = period == "day" ? authority::Quota::Period::day : authority::Quota::Period::month;
  target = quota;
  return {};
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (error != std::errc{} || end != text.data() + i + 2) return {};
    bytes += static_cast<char>(value);
  }
  return bytes;
}

Result<void> read_metadata(const json::value& value, std::string& target) {
  target.clear();
  if (value.is_null()) return {};
  if (!value.is_object()) return wrong("metadata", "is not an object");
  auto text = json::serialize(value);
  if (text.size() > 8192) return wrong("metadata", "is too long");
  if (text != "{}") target = std::move(text);
  return {};
}

}  // namespace

Result<json::object> read_object(std::string_view body,
                                 std::initializer_list<std::string_view> fields) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error || !value.is_object()) return fail(ErrorCode::usage, "the body is not a JSON object");
  auto& object = value.get_object();
  if (auto good = only(object, fields); !good) return std::unexpected(good.error());
  return std::move(object);
}

Result<void> read_key(const json::object& object, authority::Key& key) {
  auto& grant = key.grant;
  for (const auto& [field, value] : object) {
    const std::string_view name = field;
    Result<void> done;
    if (name == "account") done = read(value, name, key.account);
    if (name == "name") done = read(value, name, key.name);
    if (name == "environment") done = read(value, name, key.environment);
    if (name == "scopes") done = read(value, name, grant.scopes);
    if (name == "endpoints") done = read(value, name, grant.endpoints);
    if (name == "methods") done = read(value, name, grant.methods);
    if (name == "addresses") done = read(value, name, grant.addresses);
    if (name == "origins") done = read(value, name, grant.origins);
    if (name == "rate") done = read(value, name, key.rate);
    if (name == "not_before") done = read(value, name, key.not_before);
    if (name == "expires") done = read(value, name, key.expires);
    if (name == "metadata") done = read_metadata(value, key.metadata);
    if (!done) return done;
  }
  return {};
}

Result<void> read_account(const json::object& object, authority::Account& account) {
  for (const auto& [field, value] : object) {
    const std::string_view name = field;
    Result<void> done;
    if (name == "name") done = read(value, name, account.name);
    if (name == "plan") done = read(value, name, account.plan);
    if (name == "rate") done = read(value, name, account.rate);
    if (name == "quota") done = read(value, name, account.quota);
    if (name == "metadata") done = read_metadata(value, account.metadata);
    if (!done) return done;
  }
  return {};
}

Result<void> read_imported_key(const json::object& object, authority::Key& key) {
  if (auto good = only(
          object, {"sha256", "id", "hint", "account", "name", "environment", "scopes", "endpoints",
                   "methods", "addresses", "origins", "rate", "not_before", "expires", "metadata"});
      !good)
    return good;
  const auto text = text_of(object, "sha256");
  const auto bytes = text.size() == 64 ? from_hex(text) : base::base64_decode(text);
  if (!bytes || bytes->size() != key.digest.size())
    return wrong("sha256", "is not the SHA-256 of a key, in hex or base64");
  std::copy(bytes->begin(), bytes->end(), key.digest.begin());
  key.id = text_of(object, "id");
  key.hint = text_of(object, "hint");
  return read_key(object, key);
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace locksmith::server

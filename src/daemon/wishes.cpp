#include "daemon/wishes.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "authority/units.hpp"
#include "base/text.hpp"
#include "daemon/words.hpp"

namespace locksmith::daemon {
namespace {

namespace json = boost::json;

std::unexpected<Error> wrong(std::string_view option, std::string_view value,
                             std::string_view example) {
  return fail(ErrorCode::usage, fmt::format("--{} {} is not understood", option, value),
              fmt::format("such as {}", example));
}

Result<void> put_rate(json::object& out, const std::string& text) {
  if (text.empty()) return {};
  const auto rate = authority::parse_rate(text);
  if (!rate) return wrong("rate", text, "100/minute, or \"100/minute burst 20\"");
  out["rate"] = json::object{{"requests", rate->requests},
                             {"period_seconds", rate->period.count()},
                             {"burst", rate->burst}};
  return {};
}

Result<void> put_quota(json::object& out, const std::string& text) {
  if (text.empty()) return {};
  const auto quota = authority::parse_quota(text);
  if (!quota) return wrong("quota", text, "1000000/month");
  out["quota"] =
      json::object{{"requests", quota->requests},
                   {"period", quota->period == authority::Quota::Period::day ? "day" : "month"}};
  return {};
}

Result<void> put_metadata(json::object& out, const std::string& text) {
  if (text.empty()) return {};
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return wrong("metadata", text, R"('{"customer":"42"}')");
  out["metadata"] = std::move(value);
  return {};
}

Result<void> put_time(json::object& out, const char* name, const std::string& text) {
  if (text.empty()) return {};
  const auto time = time_ahead(text);
  if (!time) return std::unexpected(time.error());
  out[name] = *time;
  return {};
}

void put_text(json::object& out, const char* name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}

void put_list(json::object& out, const char* name, const std::vector<std::string>& list) {
  if (list.empty()) return;
  json::array items;
  for (const std::string& item : list) items.emplace_back(item);
  out[name] = std::move(items);
}

// Whatever the options' order, what is cleared stays cleared.
void put_clear(json::object& out, const std::vector<std::string>& names) {
  for (const std::string& name : names) out[name] = nullptr;
}

}  // namespace

void add_wish(arguments::Command& command, KeyWish& wish, bool clearing) {
  command.add_option("--name", wish.name, "what people call it");
  command.add_option("--scope", wish.scopes, "orders:read, orders:*; may be repeated");
  command.add_option("--endpoint", wish.endpoints,
                     "only these: \"GET /v1/orders/{id}\", \"/v1/orders/**\"; may be repeated");
  command.add_option("--method", wish.methods, "only these methods; may be repeated");
  command.add_option("--address", wish.addresses,
                     "only from here: 192.0.2.0/24, 2001:db8::/32; may be repeated");
  command.add_option("--origin", wish.origins,
                     "only from these pages: https://*.example.com; may be repeated");
  command.add_option("--rate", wish.rate, "its own limit: 100/minute");
  command.add_option("--expires", wish.expires, "2027-01-31, or 90d from now");
  command.add_option("--not-before", wish.not_before, "the same: when it begins to work");
  command.add_option("--metadata", wish.metadata, "a JSON object of your own");
  if (!clearing) return;
  command.add_option("--clear", wish.clear, "take this away: expires, rate, addresses, …")
      ->one_of({"scopes", "endpoints", "methods", "addresses", "origins", "rate", "expires",
                "not_before", "metadata"});
}

Result<json::object> to_json(const KeyWish& wish) {
  json::object out;
  put_text(out, "name", wish.name);
  put_list(out, "scopes", wish.scopes);
  put_list(out, "endpoints", wish.endpoints);
  put_list(out, "methods", wish.methods);
  put_list(out, "addresses", wish.addresses);
  put_list(out, "origins", wish.origins);
  if (auto put = put_rate(out, wish.rate); !put) return std::unexpected(put.error());
  if (auto put = put_time(out, "expires", wish.expires); !put) return std::unexpected(put.error());
  if (auto put = put_time(out, "not_before", wish.not_before); !put) {
    return std::unexpected(put.error());
  }
  if (auto put = put_metadata(out, wish.metadata); !put) return std::unexpected(put.error());
  put_clear(out, wish.clear);
  return out;
}

void add_wish(arguments::Command& command, AccountWish& wish, bool clearing) {
  command.add_option("--name", wish.name, "what people call it");
  command.add_option("--plan", wish.plan, "a plan of locksmith.toml");
  command.add_option("--rate", wish.rate, "a limit of all its keys together: 1000/minute");
  command.add_option("--quota", wish.quota, "likewise: 1000000/month");
  command.add_option("--metadata", wish.metadata, "a JSON object of your own");
  if (!clearing) return;
  command.add_option("--clear", wish.clear, "take this away: plan, rate, quota, metadata")
      ->one_of({"plan", "rate", "quota", "metadata"});
}

Result<json::object> to_json(const AccountWish& wish) {
  json::object out;
  put_text(out, "name", wish.name);
  put_text(out, "plan", wish.plan);
  if (auto put = put_rate(out, wish.rate); !put) return std::unexpected(put.error());
  if (auto put = put_quota(out, wish.quota); !put) return std::unexpected(put.error());
  if (auto put = put_metadata(out, wish.metadata); !put) return std::unexpected(put.error());
  put_clear(out, wish.clear);
  return out;
}

}  // namespace locksmith::daemon

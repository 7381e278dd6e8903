// What is not set is not written, except `state`, `scopes` and what everybody asks for.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "base/time.hpp"
#include "server/json_model.hpp"

namespace locksmith::server {
namespace {

namespace json = boost::json;

json::array strings(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& each : list) out.emplace_back(each);
  return out;
}

json::value time_of(const std::optional<base::Time>& time) {
  return time ? json::value(base::format_rfc3339(*time)) : json::value(nullptr);
}

json::object rate_of(const authority::Rate& rate) {
  return {
      {"requests", rate.requests}, {"period_seconds", rate.period.count()}, {"burst", rate.burst}};
}

void put_text(json::object& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}

json::value metadata_of(const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text.empty() ? "{}" : text, error);
  return error ? json::value(json::object{}) : value;
}

std::string_view state_of(authority::KeyState state) {
  constexpr std::string_view names[] = {"active", "revoked", "rotated", "leaked"};
  return names[static_cast<std::size_t>(state)];
}

double seconds_of(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

json::object to_json(const authority::Key& key) {
  json::array addresses;
  for (const auto& block : key.grant.addresses) addresses.emplace_back(block.text());
  json::object out{{"id", key.id},
                   {"account", key.account},
                   {"name", key.name},
                   {"environment", key.environment},
                   {"hint", key.hint},
                   {"state", state_of(key.state)},
                   {"scopes", strings(key.grant.scopes)},
                   {"endpoints", strings(key.grant.endpoints)},
                   {"methods", strings(key.grant.methods)},
                   {"addresses", std::move(addresses)},
                   {"origins", strings(key.grant.origins)},
                   {"not_before", time_of(key.not_before)},
                   {"expires", time_of(key.expires)},
                   {"created", base::format_rfc3339(key.created)},
                   {"metadata", metadata_of(key.metadata)}};
  if (key.rate) out["rate"] = rate_of(*key.rate);
  put_text(out, "reason", key.reason);
  if (key.since) out["since"] = time_of(key.since);
  put_text(out, "successor", key.successor);
  if (key.grace_until) out["grace_until"] = time_of(key.grace_until);
  if (key.finish_when_unused.count() > 0)
    out["finish_when_unused_seconds"] = key.finish_when_unused.count();
  put_text(out, "leak_url", key.leak_url);
  return out;
}

json::object to_json(const authority::Account& account) {
  json::object out{
      {"id", account.id},
      {"name", account.name},
      {"state", account.state == authority::AccountState::active ? "active" : "suspended"},
      {"plan", account.plan},
      {"created", base::format_rfc3339(account.created)},
      {"metadata", metadata_of(account.metadata)}};
  put_text(out, "reason", account.reason);
  if (account.since) out["since"] = time_of(account.since);
  if (account.rate) out["rate"] = rate_of(*account.rate);
  if (account.quota)
    out["quota"] = json::object{
        {"requests", account.quota->requests},
        {"period", account.quota->period == authority::Quota::Period::day ? "day" : "month"}};
  return out;
}

json::object to_json(const store::DecisionRecord& record) {
  json::object out{
      {"id", record.id},
      {"at", rfc3339_us(record.at_us)},
      {"allowed", record.cause.empty()},
      {"cause", record.cause.empty() ? json::value(nullptr) : json::value(record.cause)},
      {"key", record.key},
      {"account", record.account},
      {"method", record.method},
      {"host", record.host},
      {"path", record.path},
      {"client", record.client},
      {"user_agent", record.user_agent},
      {"policy", record.policy}};
  boost::system::error_code error;
  auto trace = json::parse(record.trace, error);
  if (!error) out["trace"] = std::move(trace);
  return out;
}

json::object to_json(const store::Use& use) {
  return {{"client", use.client},
          {"user_agent", use.user_agent},
          {"count", use.count},
          {"last", rfc3339_us(use.last_us)}};
}

json::object to_json(const authority::RateStatus& rate) {
  return {{"limit", rate.limit},
          {"period_seconds", rate.period.count()},
          {"remaining", rate.remaining},
          {"reset_seconds", seconds_of(rate.reset)},
          {"of_account", rate.of_account}};
}

json::object to_json(const authority::QuotaStatus& quota) {
  return {{"limit", quota.limit},
          {"used", quota.used},
          {"reset_seconds", quota.reset.count()},
          {"of_account", quota.of_account}};
}

std::string rfc3339_us(std::int64_t at_us) {
  const auto at =
      std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at_us));
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  auto text = base::format_rfc3339(whole);
  auto fraction = std::to_string((at - whole).count());
  fraction.insert(0, 6 - fraction.size(), '0');
  if (text.ends_with('Z')) text.insert(text.size() - 1, "." + fraction);
  return text;
}

}  // namespace locksmith::server

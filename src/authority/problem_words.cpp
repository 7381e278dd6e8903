#include "authority/problem_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "authority/compiled.hpp"
#include "authority/key_format.hpp"
#include "authority/present.hpp"
#include "authority/record.hpp"
#include "authority/units.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::authority {
namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, check_count> names{
    "transport", "guessing", "present", "form",    "known",  "environment",
    "state",     "validity", "account", "address", "origin", "endpoint",
    "method",    "scope",    "plan",    "rate",    "quota"};

base::Time now_of(const Telling& t) { return std::chrono::floor<seconds>(t.now); }

// "2026-05-03T00:00:00Z, 202 days ago" or "…, in 3 hours"
std::string moment(const Telling& t, base::Time time) {
  const auto apart = now_of(t) - time;
  const std::string duration = base::format_duration(apart);
  return base::format_rfc3339(time) + (apart.count() >= 0 ? fmt::format(", {} ago", duration)
                                                          : fmt::format(", in {}", duration));
}

std::string since(const Telling& t, const std::optional<base::Time>& time) {
  return time ? fmt::format(" on {}", moment(t, *time)) : std::string();
}

std::string because(std::string_view reason) {
  return reason.empty() ? "." : fmt::format(": {}.", base::printable(reason));
}

std::string wanted_places(const Policy& policy) {
  std::string out;
  for (const Placement& placement : policy.placements)
    out += (out.empty() ? "" : ", or ") + place_text(placement);
  return out;
}

Words present(const Telling& t, Cause cause) {
  const std::string there = place_text(t.decision.presented);
  const std::string send = fmt::format("Send the key {}.", wanted_places(t.snapshot.policy()));
  switch (cause) {
    case Cause::env_unset:
      return {fmt::format("There is a place for a key {}, and it is empty.", there),
              "Set the variable that the program reads the key from."};
    case Cause::wrong_scheme:
      return {fmt::format("There is something {}, but not with the scheme that is wanted.", there),
              send};
    case Cause::wrong_header:
      return {fmt::format("There is something {}, where no key is looked for.", there), send};
    case Cause::conflicting_credentials:
      return {"The request holds two different credentials.", "Send one of them."};
    default:
      return {"The request holds no credential.", send};
  }
}

Words form(const Telling& t, Cause) {
  const auto& fault = t.decision.fault;
  if (!fault) return {"The key cannot be decoded.", "Copy the whole key again."};
  return {fmt::format("The key is unusable: {}.", fault->what), fault->fix};
}

Words state(const Telling& t, const Key& key, Cause cause) {
  if (cause == Cause::leaked) {
    const std::string where =
        key.leak_url.empty() ? "" : fmt::format(" at {}", base::printable(key.leak_url));
    return {
        fmt::format("The key was found in public{}, and revoked{}.", where, since(t, key.since)),
        "Make a new key, and remove this one from where it was found, its history included."};
  }
  if (key.state == KeyState::rotated) {
    std::string fact = "The key was replaced";
    if (!key.successor.empty()) {
      fact += fmt::format(" by {}", key.successor);
      const KeyRecord* next = t.snapshot.find_id(key.successor);
      const std::string_view hint = next ? t.snapshot.texts(*next).hint : std::string_view();
      if (!hint.empty()) fact += fmt::format(" ({})", hint);
    }
    return {fact + since(t, key.since) + ".", "Use the key that replaced it."};
  }
  return {fmt::format("The key was revoked{}{}", since(t, key.since), because(key.reason)),
          "Use another key, or ask for a new one."};
}

Words validity(const Telling& t, const Key& key, Cause cause) {
  if (cause == Cause::not_yet_active) {
    return {fmt::format("The key is valid from {}.", moment(t, *key.not_before)),
            "Wait until then, or set an earlier time for it."};
  }
  return {fmt::format("The key expired on {}.", moment(t, *key.expires)),
          fmt::format("Make a new key, or give {} a later expiry.", key.id)};
}

Words account(const Telling& t) {
  const Account& account = *t.snapshot.account_of(*t.decision.key).account;
  return {fmt::format("The account {} was suspended{}{}", account.id, since(t, account.since),
                      because(account.reason)),
          fmt::format("Whoever runs this API resumes the account {}.", account.id)};
}

std::string joined_blocks(const Grant& grant) {
  std::vector<std::string> out;
  for (const Cidr& block : grant.addresses) out.push_back(block.text());
  return fmt::format("{}", fmt::join(out, ", "));
}

Words address(const Telling& t, const Key& key) {
  const Address& client = t.request.client;
  const std::string from = client.known() ? client.text() : "an unknown address";
  return {fmt::format("The request came from {}; the key may be used from {}.", from,
                      joined_blocks(key.grant)),
          fmt::format("Send it from there, or add {} to the addresses of {}.", from, key.id)};
}

Words origin(const Telling& t, const Key& key) {
  const std::string_view origin = origin_of(t.request);
  const std::string from = origin.empty() ? "no Origin and no Referer"
                                          : fmt::format("the origin {}", base::printable(origin));
  return {fmt::format("The request has {}; the key may be used from {}.", from,
                      fmt::join(key.grant.origins, ", ")),
          fmt::format("Call from there, or add the origin to those of {}.", key.id)};
}

std::string line_of(const Request& request) {
  return base::printable(
      fmt::format("{} {}", request.method, request.target.substr(0, request.target.find('?'))));
}

Words endpoint(const Telling& t, const Key& key, Cause cause) {
  if (cause == Cause::wrong_endpoint) {
    return {fmt::format("{} is no endpoint of this API.", line_of(t.request)),
            "Compare host, path and method with the API's documentation."};
  }
  return {fmt::format("The key may call {}, and not {}.", fmt::join(key.grant.endpoints, ", "),
                      line_of(t.request)),
          fmt::format("Add the endpoint to those of {}.", key.id)};
}

Words method(const Telling& t, const Key& key) {
  const auto& methods = key.grant.methods;
  return {fmt::format("The key may not use {} here{}.", base::printable(t.request.method),
                      methods.empty() ? "" : fmt::format(", only {}", fmt::join(methods, ", "))),
          fmt::format("Allow {} to {}.", base::printable(t.request.method), key.id)};
}

Words scope(const Telling& t, const Key& key) {
  const auto missing = missing_scopes(t);
  return {
      fmt::format(
          "The key lacks the scope {}; it has {}.", fmt::join(missing, ", "),
          key.grant.scopes.empty() ? "none" : fmt::format("{}", fmt::join(key.grant.scopes, ", "))),
      fmt::format("Add {} to {}.", fmt::join(missing, ", "), key.id)};
}

Words plan(const Telling& t) {
  const AccountRecord& account = t.snapshot.account_of(*t.decision.key);
  const Plan* plan = t.snapshot.compiled().plan(account.plan);
  const auto wanted = t.decision.endpoint ? t.decision.endpoint->plans : std::vector<std::string>{};
  return {fmt::format("This needs the plan {}; the account has {}.", fmt::join(wanted, " or "),
                      plan ? plan->name : "none"),
          fmt::format("Give the account {} the plan {}.", account.account->id,
                      fmt::join(wanted, " or "))};
}

Words rate(const Telling& t) {
  const RateStatus& rate = t.decision.rate;
  return {fmt::format("More than {} with this {}.", rate_text({rate.limit, rate.period, 0}),
                      rate.of_account ? "account's keys" : "key"),
          fmt::format("Wait {} before the next request.",
                      base::format_duration(std::chrono::ceil<seconds>(rate.retry)))};
}

Words quota(const Telling& t) {
  const QuotaStatus& quota = t.decision.quota;
  return {fmt::format("All {} of this period are used up.", base::count_of(quota.limit, "request")),
          fmt::format("A new period begins in {}; until then a larger quota is needed.",
                      base::format_duration(quota.reset))};
}

}  // namespace

std::string_view name_of(Check check) { return names.at(static_cast<std::size_t>(check)); }

std::vector<std::string> missing_scopes(const Telling& t) {
  std::vector<std::string> out;
  if (!t.decision.key) return out;
  const Grant& grant = t.decision.key->grant->grant;
  const auto add = [&](std::string_view scope) {
    if (!covers(grant, scope)) out.emplace_back(scope);
  };
  if (t.decision.endpoint) {
    for (const std::string& scope : t.decision.endpoint->scopes) add(scope);
  }
  for (const std::string_view scope : t.request.scopes) add(scope);
  return out;
}

Words words_of(const Telling& t, Check check, Cause cause) {
  switch (check) {
    case Check::transport:
      return {"The request came over plain HTTP, where anybody on the way can read a key.",
              "Use https://. Replace a key that was sent this way."};
    case Check::guessing:
      return {"Too many wrong keys came from this address.", "Wait, and send a right one."};
    case Check::present:
      return present(t, cause);
    case Check::form:
      return form(t, cause);
    case Check::known:
      return {"No such key is known here.", "Compare the key with the one that was issued."};
    default:
      break;
  }
  if (!t.decision.key) return {};
  const Key key = t.snapshot.to_key(*t.decision.key);
  switch (check) {
    case Check::environment:
      return {fmt::format("The key is for \"{}\", and this API takes keys for \"{}\".",
                          key.environment, t.decision.api ? t.decision.api->environment : ""),
              "Send a key of that environment."};
    case Check::state:
      return state(t, key, cause);
    case Check::validity:
      return validity(t, key, cause);
    case Check::account:
      return account(t);
    case Check::address:
      return address(t, key);
    case Check::origin:
      return origin(t, key);
    case Check::endpoint:
      return endpoint(t, key, cause);
    case Check::method:
      return method(t, key);
    case Check::scope:
      return scope(t, key);
    case Check::plan:
      return plan(t);
    case Check::rate:
      return rate(t);
    default:
      return quota(t);
  }
}

}  // namespace locksmith::authority

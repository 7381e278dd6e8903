// The trace of a decision: every check with what it saw, also of those that passed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "authority/compiled.hpp"
#include "authority/present.hpp"
#include "authority/problem.hpp"
#include "authority/problem_words.hpp"
#include "authority/record.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::authority {
namespace {

std::string when(std::int64_t seconds) {
  return base::format_rfc3339(base::Time(std::chrono::seconds(seconds)));
}

std::string validity(const KeyRecord& key) {
  std::string out = key.expires == KeyRecord::never ? "never expires"
                                                    : fmt::format("expires {}", when(key.expires));
  if (key.not_before != KeyRecord::always)
    out += fmt::format(", valid from {}", when(key.not_before));
  return out;
}

std::string address(const Telling& t, const Grant& grant) {
  const std::string from = t.request.client.known() ? t.request.client.text() : "unknown";
  if (grant.addresses.empty()) return fmt::format("{}; the key is not restricted", from);
  for (const Cidr& block : grant.addresses) {
    if (block.contains(t.request.client)) return fmt::format("{} is in {}", from, block.text());
  }
  return from;
}

std::string endpoint(const Telling& t) {
  const std::string api = t.decision.api ? t.decision.api->name : "no API is declared";
  if (!t.decision.endpoint) return api + ", an endpoint that is not listed";
  return fmt::format("{}, {}", api, t.decision.endpoint->path);
}

std::string scopes(const Telling& t, const Grant& grant) {
  std::vector<std::string> wanted;
  if (t.decision.endpoint) wanted = t.decision.endpoint->scopes;
  wanted.insert(wanted.end(), t.request.scopes.begin(), t.request.scopes.end());
  if (wanted.empty()) return "none is needed";
  return fmt::format("needs {}; the key has {}", fmt::join(wanted, ", "),
                     fmt::join(grant.scopes, ", "));
}

std::string rate(const RateStatus& rate) {
  if (!rate.limited) return "not limited";
  return fmt::format("{} of {} left", rate.remaining, rate.limit);
}

std::string quota(const QuotaStatus& quota) {
  if (!quota.limited) return "not limited";
  return fmt::format("{} of {} used", quota.used, quota.limit);
}

// Of a check that passed and that concerns the key's record.
std::string saw_of_key(const Telling& t, Check check) {
  const KeyRecord& key = *t.decision.key;
  const Grant& grant = key.grant->grant;
  const AccountRecord& account = t.snapshot.account_of(key);
  switch (check) {
    case Check::known:
      return std::string(t.snapshot.id_of(key));
    case Check::environment:
      return t.snapshot.to_key(key).environment;
    case Check::state:
      return key.state == KeyState::active
                 ? "active"
                 : fmt::format("replaced, works until {}", when(key.grace_until));
    case Check::validity:
      return validity(key);
    case Check::account:
      return account.account->id + ", active";
    case Check::address:
      return address(t, grant);
    case Check::origin:
      return grant.origins.empty() ? "the key is not restricted"
                                   : base::printable(origin_of(t.request));
    case Check::endpoint:
      return endpoint(t);
    case Check::method:
      return base::printable(t.request.method);
    case Check::scope:
      return scopes(t, grant);
    case Check::plan: {
      const Plan* plan = t.snapshot.compiled().plan(account.plan);
      return plan ? plan->name : "none";
    }
    case Check::rate:
      return rate(t.decision.rate);
    default:
      return quota(t.decision.quota);
  }
}

std::string saw(const Telling& t, Check check) {
  switch (check) {
    case Check::transport:
      return t.request.secure ? "TLS, or this machine" : "plain HTTP, which is allowed";
    case Check::guessing:
      return "not too many wrong keys";
    case Check::present:
      return t.request.key ? "given by whoever asked" : place_text(t.decision.presented);
    case Check::form:
      return t.decision.proven ? "a key that is known" : "no fault that can be seen";
    default:
      return t.decision.key ? saw_of_key(t, check) : std::string();
  }
}

}  // namespace

std::string_view name_of_check(Check check) { return name_of(check); }

std::vector<Step> trace(const Snapshot& snapshot, const Request& request, const Decision& decision,
                        Instant now) {
  const Telling t{snapshot, request, decision, now};
  std::vector<Step> out;
  for (std::size_t i = 0; i < check_count; ++i) {
    Step step{static_cast<Check>(i), decision.made[i], !decision.failed[i], {}};
    if (!step.passed)
      step.saw = words_of(t, step.check, decision.causes[i]).fact;
    else if (step.made)
      step.saw = saw(t, step.check);
    out.push_back(std::move(step));
  }
  return out;
}

std::string single_change(const Snapshot& snapshot, const Request& request,
                          const Decision& decision, Instant now) {
  if (decision.failed.count() != 1) return {};
  return words_of({snapshot, request, decision, now}, decision.failed_first, decision.cause).fix;
}

}  // namespace locksmith::authority

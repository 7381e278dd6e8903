#include "authority/decide.hpp"

#include <algorithm>

#include "authority/compiled.hpp"
#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/present.hpp"
#include "authority/record.hpp"
#include "base/text.hpp"

namespace locksmith::authority {
namespace {

// One decision in the making. The order of the calls in run() is the order of the checks.
class Deciding {
 public:
  Deciding(const Snapshot& snapshot, const Request& request, Instant now, Limits& limits)
      : snapshot_(snapshot),
        compiled_(snapshot.compiled()),
        policy_(compiled_.policy),
        request_(request),
        now_(now),
        limits_(limits) {}

  Decision run() {
    // Over plain HTTP nothing is looked up, so that the answer is the same for any key
    // (draft-ietf-httpapi-privacy section 2.2).
    if (!check(Check::transport,
               policy_.require_tls && !request_.secure ? Cause::wrong_endpoint : Cause::none)) {
      return decision_;
    }
    seek();
    locate();
    if (decision_.endpoint && decision_.endpoint->open) {
      decision_.presented = {};
      return decision_;
    }
    if (identify()) {
      check_key();
      check_request();
      check_limits();
      decision_.retiring = decision_.allowed() && record_->state == KeyState::rotated;
    }
    return decision_;
  }

 private:
  bool check(Check check, Cause cause) {
    const auto i = static_cast<std::size_t>(check);
    decision_.made.set(i);
    if (cause == Cause::none) return true;
    if (decision_.failed.none()) {
      decision_.cause = cause;
      decision_.failed_first = check;
    }
    decision_.failed.set(i);
    decision_.causes[i] = cause;
    return false;
  }

  // The credential and its digest. What has to come from memory is asked for early, and the work
  // that needs none of it is done meanwhile.
  void seek() {
    if (request_.key) {
      decision_.presented.key = *request_.key;
      absent_ = request_.key->empty() ? Cause::env_unset : Cause::none;
    } else {
      Found found = find_credential(policy_, request_);
      decision_.presented = found.presented;
      absent_ = found.cause;
    }
    if (absent_ != Cause::none) return;
    key_ = decoded_key(decision_.presented, buffer_);
    if (!key_) return;
    digest_ = digest_of(*key_);
    snapshot_.prefetch_slot(digest_);
  }

  // Which API and which of its endpoints the request is for.
  void locate() {
    api_ = compiled_.api(request_.api, request_.host);
    if (key_) snapshot_.prefetch_record(digest_);
    if (!api_) return;
    decision_.api = api_->api;
    if (request_.method.empty() || api_->routes.size() == 0) return;
    split_path(request_.target, path_);
    split_ = true;
    const std::uint32_t row = api_->routes.find(path_, request_.method, path_known_);
    if (row == RouteTable::none) return;
    decision_.endpoint = &api_->api->endpoints[row];
    plans_ = &api_->plans[row];
  }

  // Whose key it is; false when nobody's.
  bool identify() {
    if (policy_.wrong_keys && policy_.guessing_blocks_all && blocked())
      return check(Check::guessing, Cause::abuse_blocked);
    if (absent_ != Cause::none) return check(Check::present, absent_);
    if (key_) record_ = snapshot_.find(digest_);
    return record_ ? known() : unknown();
  }

  bool known() {
    decision_.proven = true;
    decision_.key = record_;
    account_ = &snapshot_.account_of(*record_);
    __builtin_prefetch(account_);
    limits_.prefetch({record_->account, true});
    for (const Check passed : {Check::guessing, Check::present, Check::form, Check::known})
      check(passed, Cause::none);
    return true;
  }

  // Says only what the key itself shows, and the same whatever the store holds.
  bool unknown() {
    if (policy_.wrong_keys && guesser().known()) {
      check(Check::guessing, blocked() ? Cause::abuse_blocked : Cause::none);
      limits_.wrong_key(guesser(), *policy_.wrong_keys, now_);
    }
    check(Check::present, Cause::none);
    Cause form = Cause::malformed;  // of what cannot be decoded
    if (key_) {
      decision_.fault = examine(*key_, policy_.environments, wanted_environment());
      form = decision_.fault ? decision_.fault->cause : Cause::none;
    }
    check(Check::form, form);
    return check(Check::known, Cause::unknown_key);
  }

  const Address& guesser() const {
    return request_.client.known() ? request_.client : request_.guesser;
  }
  bool blocked() const {
    return guesser().known() && !limits_.guesses(guesser(), *policy_.wrong_keys, now_).passed;
  }

  std::string_view wanted_environment() const {
    return api_ ? std::string_view(api_->api->environment) : std::string_view();
  }

  void check_key() {
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
    const bool other = api_ && api_->environment && *api_->environment != record_->environment;
    check(Check::environment, other ? Cause::wrong_environment : Cause::none);
    check(Check::state, state(now));
    check(Check::validity, now < record_->not_before ? Cause::not_yet_active
                           : now >= record_->expires ? Cause::expired
                                                     : Cause::none);
    check(Check::account, account_->suspended ? Cause::account_suspended : Cause::none);
  }

  Cause state(std::int64_t now) const {
    switch (record_->state) {
      case KeyState::active:
        return Cause::none;
      case KeyState::rotated:
        return now < record_->grace_until ? Cause::none : Cause::revoked;
      case KeyState::leaked:
        return Cause::leaked;
      case KeyState::revoked:
        break;
    }
    return Cause::revoked;
  }

  void check_request() {
    const Grant& grant = record_->grant->grant;
    const auto inside = [&](const Cidr& block) { return block.contains(request_.client); };
    const bool from_there =
        grant.addresses.empty() ||
        (request_.client.known() && std::ranges::any_of(grant.addresses, inside));
    check(Check::address, from_there ? Cause::none : Cause::ip_blocked);
    check(Check::origin,
          grant.origins.empty() || has_origin(grant) ? Cause::none : Cause::referrer_blocked);
    check_endpoint(grant);
    check_scopes(grant);
    if (plans_) {
      const bool fits =
          plans_->empty() || std::ranges::find(*plans_, account_->plan) != plans_->end();
      check(Check::plan, fits ? Cause::none : Cause::plan_required);
    }
  }

  bool has_origin(const Grant& grant) const {
    const std::string_view origin = origin_of(request_);
    return !origin.empty() && std::ranges::any_of(grant.origins, [&](std::string_view pattern) {
      return origin_matches(pattern, origin);
    });
  }

  void check_endpoint(const Grant& grant) {
    const bool named = request_.api.empty() || api_;
    if (request_.method.empty()) {
      if (!named) check(Check::endpoint, Cause::wrong_endpoint);
      return;
    }
    const auto& granted = record_->grant->endpoints;
    bool path_granted = granted.empty(), method_granted = granted.empty();
    if (!path_granted && !split_) split_path(request_.target, path_);
    for (const GrantedEndpoint& endpoint : granted) {
      if (method_granted || !endpoint.path.matches(path_)) continue;
      path_granted = true;
      method_granted = endpoint.methods.empty() || has_method(endpoint.methods, request_.method);
    }
    const bool listed = named && (compiled_.apis.empty() || is_listed());
    check(Check::endpoint, !listed         ? Cause::wrong_endpoint
                           : !path_granted ? Cause::endpoint_not_enabled
                                           : Cause::none);
    const bool other_method =
        (path_granted && !method_granted) ||
        (!grant.methods.empty() && !has_method(grant.methods, request_.method));
    check(Check::method, other_method ? Cause::method_not_permitted : Cause::none);
  }

  // A path that can be read in two ways is no endpoint's, so it must not pass as unlisted either.
  // Nor may another method of a listed path: whoever wrote GET alone meant it.
  bool is_listed() const {
    if (!api_) return false;
    if (decision_.endpoint) return true;
    if (path_known_) return false;
    return api_->api->unlisted_allowed && (api_->routes.size() == 0 || path_.plain);
  }

  void check_scopes(const Grant& grant) {
    const auto lacks = [&](std::string_view scope) { return !covers(grant, scope); };
    const bool lacking =
        (decision_.endpoint && std::ranges::any_of(decision_.endpoint->scopes, lacks)) ||
        std::ranges::any_of(request_.scopes, lacks);
    if (decision_.endpoint || !request_.scopes.empty())
      check(Check::scope, lacking ? Cause::missing_scope : Cause::none);
  }

  // Takes from all limits or from none.
  void check_limits() {
    const Plan* plan = compiled_.plan(account_->plan);
    const Account* own = account_->own_limits ? account_->account.get() : nullptr;
    std::optional<Rate> key_rate, account_rate;
    std::optional<Quota> quota;
    if (record_->limited) key_rate = record_->rate();
    if (own && own->rate)
      account_rate = own->rate;
    else if (plan)
      account_rate = plan->rate;
    if (own && own->quota)
      quota = own->quota;
    else if (plan)
      quota = plan->quota;

    const CellId key{record_->cell, false}, account{account_->index, true};
    const int count = key_rate.has_value() + account_rate.has_value() + quota.has_value();
    bool take = decision_.allowed() && !request_.peek;
    if (take && count > 1) {
      take = (!key_rate || limits_.passes(key, *key_rate, now_)) &&
             (!account_rate || limits_.passes(account, *account_rate, now_)) &&
             (!quota || limits_.passes(account, *quota, now_));
    }
    if (key_rate)
      note(take ? limits_.take(key, *key_rate, now_) : limits_.peek(key, *key_rate, now_));
    if (account_rate) {
      note(take ? limits_.take(account, *account_rate, now_)
                : limits_.peek(account, *account_rate, now_));
    }
    if (quota) {
      decision_.quota =
          take ? limits_.take(account, *quota, now_) : limits_.peek(account, *quota, now_);
    }
    check(Check::rate, decision_.rate.passed ? Cause::none : Cause::rate_limited);
    check(Check::quota, decision_.quota.passed ? Cause::none : Cause::billing);
  }

  // Of two rates the one that ends sooner is told.
  void note(const RateStatus& status) {
    RateStatus& told = decision_.rate;
    const bool sooner = status.retry > told.retry ||
                        (status.retry == told.retry && status.remaining < told.remaining);
    if (!told.limited || sooner) told = status;
  }

  const Snapshot& snapshot_;
  const CompiledPolicy& compiled_;
  const Policy& policy_;
  const Request& request_;
  const Instant now_;
  Limits& limits_;
  Decision decision_;
  const CompiledApi* api_ = nullptr;
  const KeyRecord* record_ = nullptr;
  const AccountRecord* account_ = nullptr;
  const std::vector<std::uint16_t>* plans_ = nullptr;  // of the endpoint
  Cause absent_ = Cause::none;                         // why there is no key
  std::optional<std::string_view> key_;
  KeyBuffer buffer_;
  Digest digest_;
  Path path_;
  bool split_ = false;
  bool path_known_ = false;  // an endpoint has it, perhaps for other methods
};

}  // namespace

std::string_view origin_of(const Request& request) {
  std::string_view origin, referrer;
  for (const Field& field : request.headers) {
    if (field.name.size() == 6 && base::equals_ignoring_case(field.name, "origin"))
      origin = field.value;
    if (field.name.size() == 7 && base::equals_ignoring_case(field.name, "referer"))
      referrer = field.value;
  }
  if (!origin.empty()) return origin;
  const std::size_t scheme = referrer.find("://");
  if (scheme == referrer.npos) return {};
  return referrer.substr(0, referrer.find_first_of("/?#", scheme + 3));
}

Decision decide(const Snapshot& snapshot, const Request& request, Instant now, Limits& limits) {
  return Deciding(snapshot, request, now, limits).run();
}

}  // namespace locksmith::authority

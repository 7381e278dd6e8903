// The documentation of decide() as a program: slow, obvious, and sharing no code with it. It works
// on the records as they were written down, compiles nothing and remembers in plain maps. Paths
// come with what they mean, so that it need not parse them. Only for tests.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "authority/key.hpp"
#include "authority/policy.hpp"

namespace locksmith::authority::model {

struct World {
  Policy policy;
  std::map<std::string, Account> accounts;  // by id
  std::map<std::string, Key> keys;          // by secret
};

struct SamplePath {
  std::string sent;
  bool plain = true;                  // has one reading only
  std::vector<std::string> segments;  // decoded
};

struct Question {
  std::string method;  // empty: not told
  std::string host;
  SamplePath path;
  std::string secret;              // what is presented; empty: nothing is
  std::string secret_environment;  // of a secret that no key has
  std::optional<unsigned> client;  // last byte of 192.0.2.x
  std::string origin;              // empty: none
  std::vector<std::string> scopes;
  bool secure = true;
  std::int64_t at = 0;  // microseconds since 1970
};

struct Answer {
  std::string cause;                // slug; empty: allowed
  std::vector<std::string> failed;  // causes of all checks that failed, in their order
  bool retiring = false;
};

using Strings = std::vector<std::string>;

inline bool contains(const Strings& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

inline Strings split(const std::string& path) {  // "/a/{b}/**" → a, {b}, **
  Strings out;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    out.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return out;
}

inline bool path_fits(const std::string& pattern, const SamplePath& path) {
  if (!path.plain) return false;
  const Strings wanted = split(pattern);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "**" && i + 1 == wanted.size()) return true;
    if (i >= path.segments.size()) return false;
    if (wanted[i].front() != '{' && wanted[i] != path.segments[i]) return false;
  }
  return wanted.size() == path.segments.size();
}

inline bool method_fits(const Strings& methods, const std::string& method) {
  return contains(methods, method) || (method == "HEAD" && contains(methods, "GET"));
}

inline bool granted(const Key& key, const std::string& scope) {
  for (std::string have : key.grant.scopes) {
    if (have == "*" || have == scope) return true;
    if (have.size() > 2 && have.substr(have.size() - 2) == ":*") {
      have.pop_back();
      if (scope.compare(0, have.size(), have) == 0) return true;
    }
  }
  return false;
}

class Model {
 public:
  explicit Model(World world) : world_(std::move(world)) {}

  Answer answer(const Question& q) {
    const Policy& policy = world_.policy;
    if (policy.require_tls && !q.secure) return refused({"wrong-endpoint"});
    const Api* api = nullptr;
    for (const Api& each : policy.apis) {
      if (!api && (each.hosts.empty() || contains(each.hosts, q.host))) api = &each;
    }
    const Endpoint* endpoint = nullptr;
    bool path_listed = false;
    if (api && !q.method.empty()) {
      for (const Endpoint& each : api->endpoints) {
        if (path_fits(each.path, q.path)) path_listed = true;
        if (!endpoint && path_fits(each.path, q.path) &&
            (each.methods.empty() || method_fits(each.methods, q.method)))
          endpoint = &each;
      }
    }
    if (endpoint && endpoint->open) return {};
    if (q.secret.empty()) return refused({"missing"});
    const auto known = world_.keys.find(q.secret);
    if (known == world_.keys.end()) return unknown(q, api);
    return of_key(q, known->second, api, endpoint, path_listed);
  }

 private:
  static Answer refused(Strings causes) { return {causes.front(), causes, false}; }

  static Answer unknown(const Question& q, const Api* api) {
    if (api && !api->environment.empty() && api->environment != q.secret_environment)
      return refused({"wrong-environment", "unknown-key"});
    return refused({"unknown-key"});
  }

  Answer of_key(const Question& q, const Key& key, const Api* api, const Endpoint* endpoint,
                bool path_listed) {
    const Account& account = world_.accounts.at(key.account);
    Strings failed;
    const auto check = [&](bool fails, const char* cause) {
      if (fails) failed.push_back(cause);
    };
    const std::int64_t now = q.at / 1'000'000;
    const auto seconds = [](base::Time time) { return time.time_since_epoch().count(); };
    check(api && !api->environment.empty() && api->environment != key.environment,
          "wrong-environment");
    check(key.state == KeyState::leaked, "leaked");
    check(key.state == KeyState::revoked, "revoked");
    check(key.state == KeyState::rotated && !(key.grace_until && now < seconds(*key.grace_until)),
          "revoked");
    const bool early = key.not_before && now < seconds(*key.not_before);
    check(early, "not-yet-active");
    check(!early && key.expires && now >= seconds(*key.expires), "expired");
    check(account.state == AccountState::suspended, "account-suspended");
    bool inside = key.grant.addresses.empty();
    for (const Cidr& block : key.grant.addresses) {
      // Blocks are of 192.0.2.0/24 and end on the same bit in both.
      const unsigned shift = 128u - block.bits;
      if (q.client && static_cast<unsigned>(block.network.bytes[15]) >> shift == *q.client >> shift)
        inside = true;
    }
    check(!inside, "ip-blocked");
    check(!key.grant.origins.empty() && !contains(key.grant.origins, q.origin), "referrer-blocked");
    if (!q.method.empty()) {
      bool listed = world_.policy.apis.empty();
      if (api)
        listed = endpoint || (api->unlisted_allowed && !path_listed &&
                              (api->endpoints.empty() || q.path.plain));
      bool path = key.grant.endpoints.empty(), method = path;
      for (const std::string& text : key.grant.endpoints) {
        const std::size_t space = text.find(' ');
        const bool any = space == std::string::npos;
        if (!path_fits(any ? text : text.substr(space + 1), q.path)) continue;
        path = true;
        if (any || method_fits({text.substr(0, space)}, q.method)) method = true;
      }
      if (!listed)
        check(true, "wrong-endpoint");
      else
        check(!path, "endpoint-not-enabled");
      check((path && !method) ||
                (!key.grant.methods.empty() && !method_fits(key.grant.methods, q.method)),
            "method-not-permitted");
    }
    bool lacking = false;
    if (endpoint) {
      for (const std::string& scope : endpoint->scopes) lacking |= !granted(key, scope);
    }
    for (const std::string& scope : q.scopes) lacking |= !granted(key, scope);
    check(lacking, "missing-scope");
    const std::string plan = account.plan.empty() ? world_.policy.default_plan : account.plan;
    check(endpoint && !endpoint->plans.empty() && !contains(endpoint->plans, plan),
          "plan-required");
    limits(q, key, account, plan, failed);
    if (!failed.empty()) return refused(failed);
    return {"", {}, key.state == KeyState::rotated};
  }

  // Everything that limits has room, or nothing is taken.
  void limits(const Question& q, const Key& key, const Account& account, const std::string& plan,
              Strings& failed) {
    std::optional<Rate> rate = account.rate;
    std::optional<Quota> quota = account.quota;
    for (const Plan& each : world_.policy.plans) {
      if (each.name != plan) continue;
      if (!rate) rate = each.rate;
      if (!quota) quota = each.quota;
    }
    const bool passed = failed.empty();
    const bool key_room = !key.rate || room(key.id, *key.rate, q.at);
    const bool account_room = !rate || room(account.id, *rate, q.at);
    const std::string period = account.id + "/" + std::to_string(q.at / 86'400'000'000);
    const bool quota_room = !quota || used_[period] < quota->requests;
    if (!key_room || !account_room) failed.push_back("rate-limited");
    if (!quota_room) failed.push_back("billing");
    if (!passed || !key_room || !account_room || !quota_room) return;
    if (key.rate) buckets_[key.id].level += interval(*key.rate);
    if (rate) buckets_[account.id].level += interval(*rate);
    if (quota) ++used_[period];
  }

  struct Bucket {  // what lies in it runs out at the rate of time
    std::int64_t level = 0, at = 0;
  };
  static std::int64_t interval(const Rate& rate) {
    return rate.period.count() * 1'000'000 / rate.requests;
  }
  bool room(const std::string& cell, const Rate& rate, std::int64_t at) {
    Bucket& bucket = buckets_[cell];
    bucket.level = std::max<std::int64_t>(0, bucket.level - (at - bucket.at));
    bucket.at = at;
    const std::int64_t size = rate.burst ? rate.burst : rate.requests;
    return bucket.level + interval(rate) <= size * interval(rate);
  }

  World world_;
  std::map<std::string, Bucket> buckets_;
  std::map<std::string, std::uint64_t> used_;  // by account and day
};

}  // namespace locksmith::authority::model

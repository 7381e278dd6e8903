// Policies and grants made ready for decisions: patterns compiled, names turned into numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/key.hpp"
#include "authority/path_pattern.hpp"
#include "authority/policy.hpp"
#include "base/result.hpp"

namespace locksmith::authority {

struct GrantedEndpoint {
  std::vector<std::string> methods;  // empty: any
  PathPattern path;
};

// A Grant with its patterns compiled; shared by all keys with the same one.
struct CompiledGrant {
  Grant grant;
  std::vector<GrantedEndpoint> endpoints;
};

Result<GrantedEndpoint> compile_granted(std::string_view text);  // "GET,PUT /v1/orders/{id}"
Result<CompiledGrant> compile(Grant grant);
// "orders:read" is covered by itself, "orders:*" and "*".
bool covers(const Grant& grant, std::string_view scope);
// `origin` as browsers send it: scheme, host, port unless it is the scheme's own.
bool origin_matches(std::string_view pattern, std::string_view origin);
bool is_origin_pattern(std::string_view pattern);

// What many snapshots share: grants that were seen once, and names as numbers. Only ever added to,
// so that a number or pointer once given stays right.
class Pool {
 public:
  // The same grant gives the same pointer.
  Result<const CompiledGrant*> intern(const Grant& grant);
  std::uint16_t number(std::string_view name);  // `unnamed` when there are too many
  static constexpr std::uint16_t unnamed = 65535;
  std::string name(std::uint16_t number) const;
  std::vector<std::string> names() const;

 private:
  mutable std::mutex mutex_;
  std::map<Grant, CompiledGrant> grants_;
  std::map<std::string, std::uint16_t, std::less<>> numbers_;
  std::deque<std::string> names_;
};

struct CompiledApi {
  const Api* api = nullptr;
  std::optional<std::uint16_t> environment;  // number of its name
  RouteTable routes;
  std::vector<std::vector<std::uint16_t>> plans;  // numbers, of each endpoint
};

struct CompiledPolicy {
  Policy policy;
  std::vector<CompiledApi> apis;
  std::vector<const Plan*> plans;  // by number of its name
  std::uint16_t default_plan = 0;

  // By name, or the first whose hosts have this one; nullptr when there is none.
  const CompiledApi* api(std::string_view name, std::string_view host) const;
  const Plan* plan(std::uint16_t number) const {
    return number < plans.size() ? plans[number] : nullptr;
  }
};
Result<std::shared_ptr<const CompiledPolicy>> compile(Policy policy, Pool& pool);

}  // namespace locksmith::authority

#include "authority/compiled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "http/url.hpp"

namespace locksmith::authority {
namespace {

bool is_method(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "Api.example.com:8080" → "api.example.com"; without allocation. No host is longer than 253.
std::string_view bare_host(std::string_view host, std::array<char, 256>& buffer) {
  const std::size_t colon = host.starts_with('[') ? host.find(':', host.find(']')) : host.find(':');
  host = host.substr(0, colon);
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.size() > buffer.size()) return {};
  std::ranges::transform(host, buffer.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return {buffer.data(), host.size()};
}

bool has_host(const Api& api, std::string_view host) {
  return std::ranges::any_of(api.hosts, [&](const std::string& pattern) {
    return pattern == host ||
           (pattern.find('*') != pattern.npos && http::host_matches(pattern, host));
  });
}

}  // namespace

Result<GrantedEndpoint> compile_granted(std::string_view text) {
  GrantedEndpoint out;
  const std::size_t space = text.find(' ');
  std::string_view methods = space == text.npos ? std::string_view{} : text.substr(0, space);
  while (!methods.empty()) {
    const std::size_t comma = std::min(methods.find(','), methods.size());
    if (!is_method(methods.substr(0, comma))) {
      return fail(ErrorCode::usage, fmt::format("\"{}\" does not start with a method", text),
                  "for example \"GET /v1/orders/{id}\"");
    }
    out.methods.emplace_back(methods.substr(0, comma));
    methods.remove_prefix(std::min(comma + 1, methods.size()));
  }
  auto path = PathPattern::parse(space == text.npos ? text : base::trim(text.substr(space)));
  if (!path) return std::unexpected(path.error());
  out.path = std::move(*path);
  return out;
}

Result<CompiledGrant> compile(Grant grant) {
  CompiledGrant out;
  for (const std::string& text : grant.endpoints) {
    auto endpoint = compile_granted(text);
    if (!endpoint) return std::unexpected(endpoint.error());
    out.endpoints.push_back(std::move(*endpoint));
  }
  for (const std::string& method : grant.methods) {
    if (!is_method(method)) {
      return fail(ErrorCode::usage, fmt::format("\"{}\" is not a method", base::printable(method)),
                  "methods are written in capitals: \"GET\"");
    }
  }
  for (const std::string& origin : grant.origins) {
    if (!is_origin_pattern(origin)) {
      return fail(ErrorCode::usage, fmt::format("\"{}\" is not an origin", base::printable(origin)),
                  "for example \"https://app.example.com\" or \"https://*.example.com\"");
    }
  }
  out.grant = std::move(grant);
  return out;
}

bool covers(const Grant& grant, std::string_view scope) {
  return std::ranges::any_of(grant.scopes, [&](std::string_view granted) {
    if (granted == scope || granted == "*") return true;
    return granted.ends_with(":*") && scope.starts_with(granted.substr(0, granted.size() - 1));
  });
}

bool is_origin_pattern(std::string_view pattern) {
  const std::size_t scheme = pattern.find("://");
  if (scheme == pattern.npos || scheme == 0) return false;
  const std::string_view host = pattern.substr(scheme + 3);
  return !host.empty() && host.find_first_of("/?#@ ") == host.npos &&
         base::lower(pattern) == pattern && host.find('*', 1) == host.npos &&
         (host.front() != '*' || (host.starts_with("*.") && host.size() > 2));
}

bool origin_matches(std::string_view pattern, std::string_view origin) {
  if (pattern == origin) return true;
  const std::size_t wildcard = pattern.find("://*.");
  if (wildcard == pattern.npos) return false;
  const std::string_view scheme = pattern.substr(0, wildcard + 3);
  const std::string_view domain = pattern.substr(wildcard + 4);  // ".example.com"
  if (!origin.starts_with(scheme) || !origin.ends_with(domain)) return false;
  return origin.size() > scheme.size() + domain.size();
}

Result<const CompiledGrant*> Pool::intern(const Grant& grant) {
  const std::lock_guard lock(mutex_);
  const auto known = grants_.find(grant);
  if (known != grants_.end()) return &known->second;
  auto compiled = compile(grant);
  if (!compiled) return std::unexpected(compiled.error());
  return &grants_.emplace(grant, std::move(*compiled)).first->second;
}

std::uint16_t Pool::number(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto known = numbers_.find(name);
  if (known != numbers_.end()) return known->second;
  if (names_.size() == unnamed) return unnamed;
  const auto number = static_cast<std::uint16_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(name, number);
  return number;
}

std::string Pool::name(std::uint16_t number) const {
  const std::lock_guard lock(mutex_);
  return number < names_.size() ? names_[number] : std::string();
}

std::vector<std::string> Pool::names() const {
  const std::lock_guard lock(mutex_);
  return {names_.begin(), names_.end()};
}

const CompiledApi* CompiledPolicy::api(std::string_view name, std::string_view host) const {
  if (!name.empty()) {
    const auto found = std::ranges::find(
        apis, name, [](const CompiledApi& each) { return std::string_view(each.api->name); });
    return found == apis.end() ? nullptr : &*found;
  }
  std::array<char, 256> buffer;
  std::string_view bare;  // made only when the host was not sent just as it was declared
  for (const CompiledApi& each : apis) {
    const auto& hosts = each.api->hosts;
    if (hosts.empty() || std::ranges::find(hosts, host) != hosts.end()) return &each;
    if (bare.empty()) bare = bare_host(host, buffer);
    if (!bare.empty() && has_host(*each.api, bare)) return &each;
  }
  return nullptr;
}

Result<std::shared_ptr<const CompiledPolicy>> compile(Policy policy, Pool& pool) {
  auto out = std::make_shared<CompiledPolicy>();
  out->policy = std::move(policy);
  const Policy& own = out->policy;
  out->default_plan = pool.number(own.default_plan);
  for (const Plan& plan : own.plans) {
    const std::uint16_t number = pool.number(plan.name);
    if (number >= out->plans.size()) out->plans.resize(number + 1u);
    out->plans[number] = &plan;
  }
  for (const Environment& environment : own.environments) pool.number(environment.name);
  for (const Api& api : own.apis) {
    CompiledApi& added = out->apis.emplace_back();
    added.api = &api;
    if (!api.environment.empty()) added.environment = pool.number(api.environment);
    for (const Endpoint& endpoint : api.endpoints) {
      const auto path = PathPattern::parse(endpoint.path);
      if (!path) return std::unexpected(path.error());
      added.routes.add(*path, endpoint.methods);
      auto& plans = added.plans.emplace_back();
      for (const std::string& plan : endpoint.plans) plans.push_back(pool.number(plan));
    }
  }
  return out;
}

}  // namespace locksmith::authority

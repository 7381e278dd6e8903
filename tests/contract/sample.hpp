// Accounts and keys for the tests of stores, and what makes two of them the same.
#pragma once

#include <fmt/format.h>

#include <tuple>

#include "authority/key.hpp"
#include "base/text.hpp"

namespace locksmith::store::sample {

inline base::Time at(std::int64_t seconds) { return base::Time(std::chrono::seconds(seconds)); }

inline authority::Digest digest(std::string_view secret) {
  authority::Digest made{};
  const std::string bytes = base::sha256(secret);
  std::copy(bytes.begin(), bytes.end(), made.begin());
  return made;
}

// Every field has a value that is not its default.
inline authority::Account account(std::string_view id) {
  authority::Account made;
  made.id = id;
  made.name = fmt::format("Account {} “ü'\"", id);
  made.state = authority::AccountState::suspended;
  made.reason = "unpaid\nsince May";
  made.since = at(1'700'000'001);
  made.plan = "gold";
  made.rate = authority::Rate{100, std::chrono::seconds(60), 20};
  made.quota = authority::Quota{5'000'000'000, authority::Quota::Period::day};
  made.metadata = R"({"crm":"42"})";
  made.created = at(1'600'000'000);
  return made;
}

inline authority::Key key(std::string_view id, std::string_view account) {
  authority::Key made;
  made.id = id;
  made.account = account;
  made.name = std::string("nul \0 inside", 12);
  made.environment = "live";
  made.digest = digest(id);
  made.hint = "lks_live_…" + std::string(id.substr(id.size() - 4));
  made.grant.scopes = {"orders:read", "quoted \" and , comma"};
  made.grant.endpoints = {"GET /v1/orders/{id}", "/v1/orders/**"};
  made.grant.methods = {"GET"};
  made.grant.addresses = {*authority::parse_cidr("192.0.2.0/24"),
                          *authority::parse_cidr("2001:db8::/32")};
  made.grant.origins = {"https://*.example.com"};
  made.rate = authority::Rate{10, std::chrono::seconds(1), 5};
  made.not_before = at(1'600'000'100);
  made.expires = at(1'900'000'000);
  made.state = authority::KeyState::rotated;
  made.reason = "every quarter";
  made.since = at(1'700'000'002);
  made.successor = "key_successor";
  made.grace_until = at(1'700'086'402);
  made.finish_when_unused = std::chrono::seconds(21'600);
  made.leak_url = "https://example.com/leak";
  made.metadata = R"({"team":"billing"})";
  made.created = at(1'600'000'000);
  return made;
}

inline auto fields(const authority::Account& a) {
  return std::tie(a.id, a.name, a.state, a.reason, a.since, a.plan, a.rate, a.quota, a.metadata,
                  a.created);
}
inline auto fields(const authority::Key& k) {
  return std::tie(k.id, k.account, k.name, k.environment, k.digest, k.hint, k.grant, k.rate,
                  k.not_before, k.expires, k.state, k.reason, k.since, k.successor, k.grace_until,
                  k.finish_when_unused, k.leak_url, k.metadata, k.created);
}
template <class Record>
bool same(const Record& a, const Record& b) {
  return fields(a) == fields(b);
}

}  // namespace locksmith::store::sample

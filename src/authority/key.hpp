// What changes with the customers: accounts and their keys, as the store keeps them and as the
// admin interface shows them. What changes with the code is in policy.hpp.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authority/address.hpp"
#include "base/time.hpp"

namespace locksmith::authority {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256 of the whole secret; the secret is not kept

// So many requests per period, `burst` of them at once; enforced by GCRA.
struct Rate {
  std::uint32_t requests = 0;
  std::chrono::seconds period{1};
  std::uint32_t burst = 0;  // 0: as many as `requests`
  friend auto operator<=>(const Rate&, const Rate&) = default;
};

// So many requests per calendar day or month, UTC.
struct Quota {
  enum class Period : std::uint8_t { day, month };
  std::uint64_t requests = 0;
  Period period = Period::month;
  friend auto operator<=>(const Quota&, const Quota&) = default;
};

enum class AccountState : std::uint8_t { active, suspended };

struct Account {
  std::string id;  // "acct_" and base62
  std::string name;
  AccountState state = AccountState::active;
  std::string reason;  // why it is suspended; shown to the holder of a key
  std::optional<base::Time> since;
  std::string plan;            // of policy.hpp; empty: the policy's default
  std::optional<Rate> rate;    // for all keys of the account together
  std::optional<Quota> quota;  // likewise
  std::string metadata;        // a JSON object, "" for none; never read here
  base::Time created{};
};

enum class KeyState : std::uint8_t { active, revoked, rotated, leaked };

// What the key may do. An empty list does not restrict, except `scopes`: no scope is no scope.
struct Grant {
  std::vector<std::string> scopes;     // "orders:read", "orders:*"
  std::vector<std::string> endpoints;  // "GET /v1/orders/{id}", "/v1/orders/**"
  std::vector<std::string> methods;    // "GET"
  std::vector<Cidr> addresses;
  std::vector<std::string> origins;  // "https://app.example.com", "https://*.example.com"
  friend auto operator<=>(const Grant&, const Grant&) = default;
};

struct Key {
  std::string id;  // "key_" and base62: names the key, opens nothing
  std::string account;
  std::string name;
  std::string environment;  // of policy.hpp: "live", "test"
  Digest digest{};
  std::string hint;  // what tells people which key it is: its prefix and last four characters
  Grant grant;
  std::optional<Rate> rate;
  std::optional<base::Time> not_before;
  std::optional<base::Time> expires;
  KeyState state = KeyState::active;
  std::string reason;               // why it is not active; shown to its holder
  std::optional<base::Time> since;  // when it stopped being active
  std::string successor;            // id of the key that replaced it (rotated)
  // A rotated key works until then (RFC 8594 Sunset); empty: no longer.
  std::optional<base::Time> grace_until;
  std::chrono::seconds finish_when_unused{0};  // ends the grace period early; 0: never
  std::string leak_url;                        // where it was found (leaked)
  std::string metadata;                        // a JSON object, "" for none
  base::Time created{};
};

// What one write changes, all of it or nothing: whole records that replace those of the same id.
struct Change {
  std::vector<Account> accounts;
  std::vector<Key> keys;
  std::string actor;   // id of the admin key, or "local"
  std::string action;  // "keys.rotate", for the audit log
};

}  // namespace locksmith::authority

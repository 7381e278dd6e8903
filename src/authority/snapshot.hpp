// Everything that a decision needs, immutable, in memory: 250 bytes per key at most. A change makes
// a new snapshot that shares what did not change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/key.hpp"
#include "authority/policy.hpp"
#include "base/result.hpp"

namespace locksmith::authority {

struct CompiledGrant;   // a Grant with its patterns compiled; shared by all keys with the same one
struct CompiledPolicy;  // a Policy with its patterns compiled

struct AccountRecord {
  Account account;
  std::uint32_t cell = 0;  // of Limits
};

// A key as decisions see it: what every key has, and a pointer to what few have.
struct KeyRecord;

// The key's own words, from a record: for problem bodies, whoami and the admin interface.
Key to_key(const KeyRecord& record);

class Snapshot {
 public:
  Snapshot();  // empty, with a policy that allows nothing
  // Records that cannot be right (a digest twice, an account that is not there) are errors.
  static Result<Snapshot> make(Policy policy, std::vector<Account> accounts, std::vector<Key> keys);

  Result<Snapshot> with(const Change& change) const;
  Result<Snapshot> with(Policy policy) const;

  const Policy& policy() const;
  const CompiledPolicy& compiled() const;
  const KeyRecord* find(const Digest& digest) const;  // constant time in the digest's bytes
  const KeyRecord* find_id(std::string_view id) const;
  const AccountRecord* account(std::string_view id) const;
  std::size_t size() const;

  // Keys in order of id, those after `after`; for listing.
  std::vector<const KeyRecord*> keys_after(std::string_view after, std::size_t limit) const;
  std::vector<const AccountRecord*> accounts_after(std::string_view after, std::size_t limit) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace locksmith::authority

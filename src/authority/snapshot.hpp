// Everything that a decision needs, immutable, in memory: 250 bytes per key at most. A change makes
// a new snapshot that shares what did not change.
#pragma once

#include <cstdint>
#include <functional>
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

struct CompiledPolicy;  // a Policy with its patterns compiled; compiled.hpp
struct KeyRecord;       // a key as decisions see it; record.hpp

// What a decision needs of an account; the index is its cell of Limits.
struct AccountRecord {
  std::uint32_t index = 0;
  std::uint16_t plan = 0;  // of CompiledPolicy::plans
  bool suspended = false;
  bool own_limits = false;  // `account->rate` or `account->quota` replaces the plan's
  std::shared_ptr<const Account> account;
};

// The texts of a key, without copying them; views into the snapshot.
struct KeyTexts {
  std::string_view id, name, hint, reason, successor, leak_url, metadata;
};

// Cheap to copy; a copy keeps everything alive that its records point to.
class Snapshot {
 public:
  Snapshot();  // empty, with a policy that allows nothing
  // Records that cannot be right (a digest twice, an account that is not there) are errors.
  static Result<Snapshot> make(Policy policy, std::vector<Account> accounts, std::vector<Key> keys);

  // A few microseconds, however many keys there are.
  Result<Snapshot> with(const Change& change) const;
  // Fails when an account has a plan that this policy does not know.
  Result<Snapshot> with(Policy policy) const;

  const Policy& policy() const;
  const CompiledPolicy& compiled() const;
  const KeyRecord* find(const Digest& digest) const;  // constant time in the digest's bytes
  // Memory is slow: told early, what `find` will need is there when it is called. First the slot,
  // a while later the record, and its texts once it is there.
  void prefetch_slot(const Digest& digest) const;
  void prefetch_record(const Digest& digest) const;
  void prefetch_texts(const KeyRecord& record) const;
  const KeyRecord* find_id(std::string_view id) const;
  const AccountRecord* account(std::string_view id) const;
  const AccountRecord& account_of(const KeyRecord& record) const;
  std::size_t size() const;           // keys
  std::size_t account_count() const;  // accounts

  // The key's own words, for problem bodies, whoami and the admin interface.
  KeyTexts texts(const KeyRecord& record) const;
  std::string_view id_of(const KeyRecord& record) const;
  Key to_key(const KeyRecord& record) const;

  // Keys in order of id, those after `after`; for listing.
  std::vector<const KeyRecord*> keys_after(std::string_view after, std::size_t limit) const;
  std::vector<const AccountRecord*> accounts_after(std::string_view after, std::size_t limit) const;
  // All of them in that order, a page at a time.
  void each_key(const std::function<void(const KeyRecord&)>& visit) const;
  void each_account(const std::function<void(const AccountRecord&)>& visit) const;

 private:
  friend class SnapshotBuilder;
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// As Snapshot::make, key by key: a million keys never stand in memory twice.
class SnapshotBuilder {
 public:
  // `expected`: about how many keys there will be.
  explicit SnapshotBuilder(Policy policy, std::size_t expected = 0);
  ~SnapshotBuilder();
  // Accounts before their keys. The first fault is kept and told by finish().
  void add(const Account& account);
  void add(const Key& key);
  Result<Snapshot> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace locksmith::authority

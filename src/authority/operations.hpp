// What an administrator does, as pure functions: a snapshot and a wish give a Change, which the
// caller writes to the store and then applies to the snapshot.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "authority/key.hpp"
#include "authority/snapshot.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace locksmith::authority {

struct Issued {
  Change change;
  std::string id;
  base::Secret secret;  // shown once
};

// `draft` without id, digest, hint, created: they are made here. Fails on an unknown account,
// environment, malformed pattern, expiry in the past. Every Change has `action` set; `actor` is the
// caller's to set.
Result<Issued> create_key(const Snapshot& snapshot, Key draft, base::Time now);
struct Rotation {
  std::chrono::seconds grace{0};
  std::chrono::seconds finish_when_unused{0};
};
// The new key has the old one's grant and lifetime; the old one becomes `rotated`.
Result<Issued> rotate_key(const Snapshot& snapshot, std::string_view id, Rotation rotation,
                          base::Time now);
Result<Change> revoke_key(const Snapshot& snapshot, std::string_view id, std::string reason,
                          base::Time now);
Result<Change> mark_leaked(const Snapshot& snapshot, const Digest& digest, std::string url,
                           base::Time now);
// Ends a grace period now: its holder reads "revoked", and who replaced the key.
Result<Change> finish_rotation(const Snapshot& snapshot, std::string_view id, base::Time now);
// Keys that were issued elsewhere: only their SHA-256 is known (`keys import`). One without an id
// gets one. All or none.
Result<Change> import_keys(const Snapshot& snapshot, std::vector<Key> keys, base::Time now);
// Replaces name, grant, rate, expiry, metadata of an existing key by `changed`'s.
Result<Change> change_key(const Snapshot& snapshot, const Key& changed, base::Time now);
Result<Change> put_account(const Snapshot& snapshot, Account account, base::Time now);
Result<Change> suspend_account(const Snapshot& snapshot, std::string_view id, std::string reason,
                               base::Time now);
Result<Change> resume_account(const Snapshot& snapshot, std::string_view id, base::Time now);

}  // namespace locksmith::authority

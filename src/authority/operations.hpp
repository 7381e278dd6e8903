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
// environment, malformed pattern, expiry in the past.
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
// A key that was issued elsewhere: only its SHA-256 is known (`keys import`).
Result<Change> import_keys(const Snapshot& snapshot, std::vector<Key> keys, base::Time now);
// Replaces name, grant, rate, expiry, metadata of an existing key by `changed`'s.
Result<Change> change_key(const Snapshot& snapshot, const Key& changed, base::Time now);
Result<Change> put_account(const Snapshot& snapshot, Account account, base::Time now);
Result<Change> suspend_account(const Snapshot& snapshot, std::string_view id, std::string reason,
                               base::Time now);
Result<Change> resume_account(const Snapshot& snapshot, std::string_view id, base::Time now);

}  // namespace locksmith::authority

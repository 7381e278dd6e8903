// Where accounts, keys and decisions live. One contract for every implementation
// (tests/contract): SQLite here, PostgreSQL when one machine is not enough.
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
#include "base/result.hpp"

namespace locksmith::store {

// One answer that the authority gave, as it is looked up later. Never holds a secret.
struct DecisionRecord {
  std::string id;          // the request id
  std::int64_t at_us = 0;  // microseconds since 1970
  std::string cause;       // a slug; empty: allowed
  std::string key;         // id; empty when the key was not proven
  std::string account;
  std::string method, host, path;  // the path without its query
  std::string client;              // address
  std::string user_agent;
  std::uint32_t policy = 0;  // Policy::revision
  std::string trace;         // JSON: the checks with what they saw, and what a replay needs
};

struct DecisionFilter {
  std::string key, account, cause;  // empty: any
  std::optional<bool> allowed;
  std::int64_t from_us = 0, until_us = INT64_MAX;
  std::string before;      // cursor: id of the last record of the page before
  std::size_t limit = 50;  // newest first
};

// Who uses a key: for `keys show` and for ending a rotation early.
struct Use {
  std::string key, client, user_agent;
  std::uint64_t count = 0;
  std::int64_t last_us = 0;
};

// One line of the audit log: who changed which record, and what it was afterwards.
struct AuditEntry {
  std::int64_t at_us = 0;
  std::string actor;    // id of an admin key, or "local"
  std::string action;   // "keys.rotate"
  std::string subject;  // id of an account or a key
  std::string state;    // of the subject since then: "active", "rotated", "suspended"
  std::string reason;
};

struct Everything {
  std::vector<authority::Account> accounts;
  std::vector<authority::Key> keys;
};

class Store {
 public:
  virtual ~Store() = default;

  // All accounts, then all keys, each as it is read, so that a million of them need not stand in
  // memory twice.
  struct Sink {
    std::function<void(authority::Account)> account;
    std::function<void(authority::Key)> key;
  };
  virtual Result<void> each(const Sink& sink) = 0;
  Result<Everything> load();
  // Durable when it returns; all of the change or nothing. The audit log is written with it.
  virtual Result<void> apply(const authority::Change& change, std::int64_t at_us) = 0;
  // Newest first; an empty subject means all.
  virtual Result<std::vector<AuditEntry>> audit(std::string_view subject, std::size_t limit) = 0;

  // Batches; lost at most since the last one when the machine dies. Uses are added up.
  virtual Result<void> record(std::span<const DecisionRecord> decisions,
                              std::span<const Use> uses) = 0;
  virtual Result<std::optional<DecisionRecord>> decision(std::string_view id) = 0;
  virtual Result<std::vector<DecisionRecord>> decisions(const DecisionFilter& filter) = 0;
  virtual Result<std::vector<Use>> uses(std::string_view key) = 0;
  // What went before `until_us` is forgotten, at most `limit` records at a time; but the last use
  // of each key stays.
  virtual Result<std::size_t> forget(std::int64_t until_us, std::size_t limit) = 0;
  // Only the `most` decisions that were written last stay, at most `limit` going at a time.
  virtual Result<std::size_t> forget_beyond(std::size_t most, std::size_t limit) = 0;

  // Quota counters, so that a restart does not give everybody a fresh month. The period is
  // "2026-11" or "2026-11-21"; those that have ended are forgotten with the rest.
  struct Counter {
    std::string id;
    std::string period;
    std::uint64_t used = 0;
  };
  virtual Result<void> save_counters(std::span<const Counter> counters) = 0;
  virtual Result<std::vector<Counter>> counters() = 0;

  // A copy of everything as it was at one moment, while reading and writing go on. Refuses a path
  // that exists.
  virtual Result<void> backup(const std::string& path) = 0;
  virtual Result<void> healthy() = 0;  // for /readyz: could a change be written now?
};

// Creates the file (0600) and its tables when it is new; migrates an older one, of which a copy
// stays beside it; refuses a newer. Only one process may have it open. All functions of the store
// may be called from any thread; writes that come at once share one sync of the disk.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& path);
// As Store::backup, of a file that another process may have open.
Result<void> backup_sqlite(const std::string& path, const std::string& copy);

}  // namespace locksmith::store

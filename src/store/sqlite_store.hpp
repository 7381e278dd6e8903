// The store in one SQLite file: one connection writes, one reads, in WAL mode, so that neither
// waits for the other.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "store/lock_file.hpp"
#include "store/store.hpp"
#include "store/writer.hpp"

namespace locksmith::store {

class SqliteStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::string& path);

  Result<void> each(const Sink& sink) override;
  Result<void> apply(const authority::Change& change, std::int64_t at_us) override;
  Result<std::vector<AuditEntry>> audit(std::string_view subject, std::size_t limit) override;

  Result<void> record(std::span<const DecisionRecord> decisions,
                      std::span<const Use> uses) override;
  Result<std::optional<DecisionRecord>> decision(std::string_view id) override;
  Result<std::vector<DecisionRecord>> decisions(const DecisionFilter& filter) override;
  Result<std::vector<Use>> uses(std::string_view key) override;
  Result<std::size_t> forget(std::int64_t until_us, std::size_t limit) override;
  Result<std::size_t> forget_beyond(std::size_t most, std::size_t limit) override;

  Result<void> save_counters(std::span<const Counter> counters) override;
  Result<std::vector<Counter>> counters() override;

  Result<void> backup(const std::string& path) override;
  Result<void> healthy() override;

 private:
  using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;  // device and inode

  SqliteStore(LockFile lock, std::unique_ptr<Database> writing, std::unique_ptr<Database> reading,
              FileIdentity identity);
  static FileIdentity identity_of(const std::string& path);

  std::string path_;
  FileIdentity identity_;
  LockFile lock_;
  Writer writer_;  // closed after reader_: the last one to close empties the WAL
  std::mutex reading_;
  std::unique_ptr<Database> reader_;
  std::mutex health_;
  std::chrono::steady_clock::time_point healthy_until_{};
};

}  // namespace locksmith::store

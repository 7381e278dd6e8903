#include "contract/faulty_disk.hpp"

#include <chrono>
#include <climits>
#include <map>
#include <mutex>
#include <thread>

namespace locksmith::store {
namespace {

struct Fault {
  std::atomic<int> left = INT_MAX;
  std::atomic<int> code = SQLITE_OK;

  int strike() {
    return left.load() != INT_MAX && left.fetch_sub(1) <= 0 ? code.load() : SQLITE_OK;
  }
  void clear() { left = INT_MAX; }
};
Fault writes, failing_syncs;
std::atomic<int> sync_count = 0, sync_delay_ms = 0;

// A file's table of functions, with three of them replaced; the first member is what SQLite sees.
struct Methods {
  sqlite3_io_methods replaced;
  const sqlite3_io_methods* original;
};
const sqlite3_io_methods* original(sqlite3_file* file) {
  return reinterpret_cast<const Methods*>(file->pMethods)->original;
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (const int code = writes.strike()) return code;
  return original(file)->xWrite(file, data, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = writes.strike()) return code;
  return original(file)->xTruncate(file, size);
}

int sync(sqlite3_file* file, int flags) {
  ++sync_count;
  std::this_thread::sleep_for(std::chrono::milliseconds(sync_delay_ms));
  if (const int code = failing_syncs.strike()) return code;
  return original(file)->xSync(file, flags);
}

const sqlite3_io_methods* replace(const sqlite3_io_methods* methods) {
  static std::mutex mutex;
  static std::map<const sqlite3_io_methods*, Methods> known;
  const std::lock_guard held(mutex);
  auto [entry, fresh] = known.try_emplace(methods, Methods{*methods, methods});
  if (fresh) {
    entry->second.replaced.xWrite = &write;
    entry->second.replaced.xTruncate = &truncate;
    entry->second.replaced.xSync = &sync;
  }
  return &entry->second.replaced;
}

sqlite3_vfs* real = nullptr;
sqlite3_vfs faulty;

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = real->xOpen(real, name, file, flags, out_flags);
  if (file->pMethods) file->pMethods = replace(file->pMethods);
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  real = sqlite3_vfs_find(nullptr);
  faulty = *real;
  faulty.zName = "faulty";
  faulty.xOpen = &open;
  recover();
  sync_count = 0;
  sqlite3_vfs_register(&faulty, 1);
}

FaultyDisk::~FaultyDisk() {
  recover();
  sqlite3_vfs_register(real, 1);
  sqlite3_vfs_unregister(&faulty);
}

void FaultyDisk::fail_writes_after(int count, int code) {
  writes.code = code;
  writes.left = count;
}

void FaultyDisk::fail_syncs_after(int count, int code) {
  failing_syncs.code = code;
  failing_syncs.left = count;
}

void FaultyDisk::slow_syncs_by(int milliseconds) { sync_delay_ms = milliseconds; }

void FaultyDisk::recover() {
  writes.clear();
  failing_syncs.clear();
  sync_delay_ms = 0;
}

int FaultyDisk::syncs() const { return sync_count; }

}  // namespace locksmith::store

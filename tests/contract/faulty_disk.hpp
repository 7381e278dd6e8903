// A disk that fails on command: SQLite's own file system layer, with writes and syncs counted,
// slowed down or refused. It serves every store that is opened while it exists.
#pragma once

#include <sqlite3.h>

#include <atomic>

namespace locksmith::store {

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;

  // The write after `writes` more, and all that follow, fail with this code of SQLite.
  void fail_writes_after(int writes, int code);
  void fail_syncs_after(int syncs, int code);
  void slow_syncs_by(int milliseconds);
  void recover();

  int syncs() const;
};

}  // namespace locksmith::store

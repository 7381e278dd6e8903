// Keeps a second process away from the store. SQLite itself would let both write, and then each
// would answer from a memory that lacks what the other has written.
#pragma once

#include <string>

#include "base/result.hpp"

namespace locksmith::store {

// FILE.lock, held by flock(2): the kernel releases it when the process ends, however it ends. The
// file itself stays; it holds the process id of whoever has it.
class LockFile {
 public:
  static Result<LockFile> take(const std::string& path);
  ~LockFile();
  LockFile(LockFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  LockFile& operator=(LockFile&&) = delete;

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace locksmith::store

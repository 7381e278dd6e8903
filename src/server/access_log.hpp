// One line of JSON per answer, for those who want it. Written in blocks: a slow disk delays the
// log, not the answers; what does not fit is dropped and counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace locksmith::server {

struct Call;

class AccessLog {
 public:
  static Result<std::shared_ptr<AccessLog>> open(std::string path);
  ~AccessLog();

  // {"at","id","method","path","status","peer"}: no query, no key wherever it was put.
  void add(const Call& call);
  void flush();
  Result<void> reopen();  // the file was moved away
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  explicit AccessLog(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  std::mutex buffer_mutex_, file_mutex_;
  std::string buffer_;     // guarded by buffer_mutex_
  base::Descriptor file_;  // guarded by file_mutex_
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace locksmith::server

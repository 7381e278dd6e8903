// What is still to be done, shared by several threads; work brings up more work. The last in is the
// first out, which keeps the queue short: depth first.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace locksmith::leaks {

template <class Work>
class WorkQueue {
 public:
  void add(Work work) {
    {
      const std::lock_guard lock(mutex_);
      left_.push_back(std::move(work));
    }
    wake_.notify_one();
  }

  // Waits for work; nothing when all is done. Whoever took some calls finished() afterwards.
  std::optional<Work> take(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, stop, [this] { return !left_.empty() || under_way_ == 0; });
    if (stop.stop_requested() || left_.empty()) return {};
    ++under_way_;
    Work work = std::move(left_.back());
    left_.pop_back();
    return work;
  }

  void finished() {
    bool over = false;
    {
      const std::lock_guard lock(mutex_);
      over = --under_way_ == 0 && left_.empty();
    }
    if (over) wake_.notify_all();
  }

  std::size_t left() {
    const std::lock_guard lock(mutex_);
    return left_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<Work> left_;
  std::size_t under_way_ = 0;
};

}  // namespace locksmith::leaks

// Ctrl-C ends the request that is under way, and with it the program in good order; a second one
// ends it at once.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace locksmith::cli {

inline constexpr int exit_interrupted = 130;  // 128 + SIGINT, as shells report it

// While one is alive, SIGINT is its. There is never more than one.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;

  bool happened() const;
  std::stop_token token() const { return stop_.get_token(); }

 private:
  void watch(std::stop_token done);

  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread watcher_;  // last: it uses the others
};

}  // namespace locksmith::cli

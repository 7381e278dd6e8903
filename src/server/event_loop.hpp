// Waits for many descriptors at once, on one thread, and tells whoever waits for each: epoll(7).
// Asio stood here: a lock and a queue per event and one more recv() per answer cost as much as the
// decision that is answered (bench/serve.sh).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace locksmith::server {

class EventLoop {
 public:
  using Job = std::function<void()>;

  // Who waits for a descriptor. One that leaves the loop may still be told of an event of the same
  // round: it must live until the round is over.
  class Waiting {
   public:
    virtual void ready(std::uint32_t events) = 0;  // EPOLLIN and so on; 0: the turn from again()

   protected:
    ~Waiting() = default;
  };

  struct Routine {
    std::chrono::milliseconds interval;
    Job tick;        // at the start, then once per interval
    Job round_over;  // when all that were ready have been told
  };

  // Fails when the system has no descriptors left.
  Result<void> open();
  // `events` as epoll_ctl(2) has them; with EPOLLET a change is told once. False: errno says why.
  bool watch(int descriptor, Waiting& who, std::uint32_t events);
  void change(int descriptor, Waiting& who, std::uint32_t events);
  void forget(int descriptor, Waiting& who);  // with the turn it asked for

  // One more turn for `who` in the next round, although nothing happens to its descriptor.
  void again(Waiting& who) { turns_.push_back(&who); }
  // Runs on the loop's thread; the one call that any thread may make.
  void post(Job job);

  void run(const Routine& routine);
  void stop() { over_ = true; }

 private:
  class Called;
  void run_posted();

  base::Descriptor epoll_, wake_, timer_;
  std::vector<Waiting*> turns_;
  std::mutex mutex_;
  std::vector<Job> posted_;
  bool over_ = false;
};

}  // namespace locksmith::server

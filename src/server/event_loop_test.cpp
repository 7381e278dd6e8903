// Whom the loop tells of what, and when it stops telling.
#include "server/event_loop.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <thread>

namespace locksmith::server {
namespace {

using namespace std::chrono_literals;

// Both ends of a pipe(2).
struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    out = base::Descriptor(ends[0]);
    in = base::Descriptor(ends[1]);
  }
  void put() { EXPECT_EQ(::write(in.get(), "x", 1), 1); }
  base::Descriptor out, in;
};

struct Heard final : EventLoop::Waiting {
  explicit Heard(std::function<void(std::uint32_t)> told) : then(std::move(told)) {}
  void ready(std::uint32_t events) override {
    ++times;
    then(events);
  }
  int times = 0;
  std::function<void(std::uint32_t)> then;
};

TEST(EventLoop, TellsAChangeOnceAndATurnByItself) {
  EventLoop loop;
  ASSERT_TRUE(loop.open());
  Pipe pipe;
  std::vector<std::uint32_t> events;
  Heard heard([&](std::uint32_t event) {
    events.push_back(event);
    if (events.size() == 1) return loop.again(heard);
    if (events.size() == 2) return pipe.put();
    loop.stop();
  });
  ASSERT_TRUE(loop.watch(pipe.out.get(), heard, EPOLLIN | EPOLLET));
  pipe.put();
  loop.run({1h, [] {}, [] {}});
  EXPECT_EQ(events, (std::vector<std::uint32_t>{EPOLLIN, 0, EPOLLIN}));
}

TEST(EventLoop, WhoLeavesIsNotToldAgain) {
  EventLoop loop;
  ASSERT_TRUE(loop.open());
  Pipe pipe, other;
  int rounds = 0;
  Heard leaves([&](std::uint32_t) {
    loop.again(leaves);
    loop.forget(pipe.out.get(), leaves);
    other.put();
  });
  Heard stays([](std::uint32_t) {});
  ASSERT_TRUE(loop.watch(pipe.out.get(), leaves, EPOLLIN));
  ASSERT_TRUE(loop.watch(other.out.get(), stays, EPOLLIN));
  pipe.put();
  loop.run({1h, [] {}, [&] { ++rounds == 5 ? loop.stop() : void(); }});
  EXPECT_EQ(leaves.times, 1);
  EXPECT_GE(stays.times, 3);
}

TEST(EventLoop, RunsWhatOtherThreadsPostAndTicks) {
  EventLoop loop;
  ASSERT_TRUE(loop.open());
  int ticks = 0, jobs = 0;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) loop.post([&] { ++jobs; });
  });
  loop.run({1ms, [&] { ++ticks; },
            [&] {
              if (jobs == 100 && ticks > 3) loop.stop();
            }});
  other.join();
  EXPECT_EQ(jobs, 100);
}

}  // namespace
}  // namespace locksmith::server

// Other threads wake the loop by an eventfd(2), time does by a timerfd_create(2): the loop itself
// never asks what time it is.
#include "server/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace locksmith::server {

// A descriptor that counts: reading it sets it back to zero.
class EventLoop::Called final : public Waiting {
 public:
  Called(int descriptor, Job job) : descriptor_(descriptor), job_(std::move(job)) {}
  void ready(std::uint32_t) override {
    std::uint64_t count = 0;
    if (::read(descriptor_, &count, sizeof count) == sizeof count) job_();
  }

 private:
  int descriptor_;
  Job job_;
};

Result<void> EventLoop::open() {
  epoll_ = base::Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  wake_ = base::Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  timer_ = base::Descriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!epoll_ || !wake_ || !timer_)
    return fail(ErrorCode::unreachable,
                std::string("cannot wait for connections: ") + std::strerror(errno));
  return {};
}

bool EventLoop::watch(int descriptor, Waiting& who, std::uint32_t events) {
  epoll_event event{events, {.ptr = &who}};
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void EventLoop::change(int descriptor, Waiting& who, std::uint32_t events) {
  epoll_event event{events, {.ptr = &who}};
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::forget(int descriptor, Waiting& who) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  std::erase(turns_, &who);
}

void EventLoop::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(job));
  }
  const std::uint64_t one = 1;
  // Fails only when the count is full, and then the loop is awake.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void EventLoop::run_posted() {
  std::vector<Job> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(posted_);
  }
  for (const auto& job : jobs) job();
}

void EventLoop::run(const Routine& routine) {
  Called woken(wake_.get(), [this] { run_posted(); }), timed(timer_.get(), routine.tick);
  watch(wake_.get(), woken, EPOLLIN);
  watch(timer_.get(), timed, EPOLLIN);
  const auto nanoseconds = std::chrono::nanoseconds(routine.interval).count();
  const timespec each{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  const itimerspec times{each, each};
  ::timerfd_settime(timer_.get(), 0, &times, nullptr);
  routine.tick();
  std::array<epoll_event, 256> events;
  std::vector<Waiting*> turns;
  while (!over_) {
    const int happened = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                      turns_.empty() ? -1 : 0);
    turns.swap(turns_);
    for (int i = 0; i < happened; ++i)
      static_cast<Waiting*>(events[static_cast<std::size_t>(i)].data.ptr)
          ->ready(events[static_cast<std::size_t>(i)].events);
    for (auto* who : turns) who->ready(0);
    turns.clear();
    routine.round_over();
  }
}

}  // namespace locksmith::server

#include "cli/interrupt.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>

namespace locksmith::cli {
namespace {

volatile std::sig_atomic_t interrupts = 0;

// Nothing but what is safe in a signal handler: request_stop() takes locks, so a thread calls it.
void on_interrupt(int) {
  interrupts = interrupts + 1;
  if (interrupts > 1) _exit(exit_interrupted);
}

}  // namespace

Interruption::Interruption() : watcher_([this](std::stop_token done) { watch(done); }) {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
}

Interruption::~Interruption() {
  watcher_.request_stop();
  watcher_.join();
  std::signal(SIGINT, SIG_DFL);
}

bool Interruption::happened() const { return interrupts > 0; }

void Interruption::watch(std::stop_token done) {
  std::unique_lock lock(mutex_);
  while (!done.stop_requested()) {
    wake_.wait_for(lock, done, std::chrono::milliseconds(50), [this] { return happened(); });
    if (happened()) {
      stop_.request_stop();
      return;
    }
  }
}

}  // namespace locksmith::cli

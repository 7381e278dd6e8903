// What the authority does without being asked: ends grace periods of keys that nobody uses any
// more, and keeps quota counters across a restart.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "server/service.hpp"

namespace locksmith::server {

// Gives every account the part of its quota back that it had used before the restart.
Result<void> restore_quotas(Service& service, authority::Instant now);
// Writes the counters that changed since the last call; `saved` remembers them.
using SavedQuotas = std::map<std::string, std::uint64_t>;
Result<void> save_quotas(Service& service, SavedQuotas& saved, authority::Instant now);
// Rotated keys with finish_when_unused whose last use is that long ago. Gives how many ended.
std::size_t finish_unused(Service& service, authority::Instant now);

class Housekeeping {
 public:
  explicit Housekeeping(Service& service, std::chrono::seconds every = std::chrono::seconds(10));
  ~Housekeeping();  // saves the counters a last time

 private:
  void run();

  Service& service_;
  const std::chrono::seconds every_;
  SavedQuotas saved_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace locksmith::server

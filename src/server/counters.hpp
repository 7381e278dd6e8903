// What /metrics shows. Each thread counts for itself; who asks adds up.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "authority/cause.hpp"

namespace locksmith::server {

enum class Face : std::uint8_t { verify, forward_auth, whoami, admin };
inline constexpr std::size_t face_count = 4;
std::string_view to_string(Face face);

class Counters {
 public:
  Counters();

  void decided(Face face, authority::Cause cause) {
    add(mine().decisions[static_cast<std::size_t>(face)][static_cast<std::size_t>(cause)]);
  }
  void answered(int status) {
    if (status >= 100 && status < 600) add(mine().statuses[static_cast<std::size_t>(status)]);
  }

  struct Gauge {
    std::string_view name, help;
    double value = 0;
    std::string_view kind = "gauge";
  };
  // Prometheus' text format 0.0.4.
  std::string text(const std::vector<Gauge>& gauges) const;

 private:
  using Count = std::atomic<std::uint64_t>;
  struct Block {
    std::array<std::array<Count, authority::cause_count>, face_count> decisions{};
    std::array<Count, 600> statuses{};
  };
  // Only its own thread writes: no locked instruction is needed.
  static void add(Count& count) {
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  Block& mine();

  const std::uint64_t identity_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Block>> blocks_;
};

}  // namespace locksmith::server

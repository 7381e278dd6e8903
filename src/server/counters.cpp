// A few dozen numbers: a library for metrics would be larger than this file and slower than a
// decision.
#include "server/counters.hpp"

#include <fmt/format.h>

#include <iterator>

namespace locksmith::server {
namespace {

std::atomic<std::uint64_t> instances{0};

}  // namespace

std::string_view to_string(Face face) {
  constexpr std::string_view names[] = {"verify", "forward-auth", "whoami", "admin"};
  return names[static_cast<std::size_t>(face)];
}

Counters::Counters() : identity_(++instances) {}

Counters::Block& Counters::mine() {
  thread_local std::uint64_t of = 0;
  thread_local Block* block = nullptr;
  if (of != identity_) {
    const std::lock_guard lock(mutex_);
    block = blocks_.emplace_back(std::make_unique<Block>()).get();
    of = identity_;
  }
  return *block;
}

std::string Counters::text(const std::vector<Gauge>& gauges) const {
  std::array<std::array<std::uint64_t, authority::cause_count>, face_count> decisions{};
  std::array<std::uint64_t, 600> statuses{};
  {
    const std::lock_guard lock(mutex_);
    for (const auto& block : blocks_) {
      for (std::size_t face = 0; face < face_count; ++face)
        for (std::size_t cause = 0; cause < authority::cause_count; ++cause)
          decisions[face][cause] += block->decisions[face][cause].load(std::memory_order_relaxed);
      for (std::size_t i = 0; i < statuses.size(); ++i)
        statuses[i] += block->statuses[i].load(std::memory_order_relaxed);
    }
  }
  std::string out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to,
                 "# HELP locksmith_decisions_total Decisions by face and cause; the cause of an "
                 "allowed request is \"none\".\n# TYPE locksmith_decisions_total counter\n");
  for (std::size_t face = 0; face < face_count; ++face) {
    for (std::size_t i = 0; i < authority::cause_count; ++i) {
      const auto cause = static_cast<authority::Cause>(i);
      if (decisions[face][i] == 0 && i != 0) continue;
      fmt::format_to(to, "locksmith_decisions_total{{face=\"{}\",cause=\"{}\"}} {}\n",
                     to_string(static_cast<Face>(face)), i == 0 ? "none" : authority::slug(cause),
                     decisions[face][i]);
    }
  }
  fmt::format_to(to,
                 "# HELP locksmith_http_responses_total Answers by HTTP status.\n"
                 "# TYPE locksmith_http_responses_total counter\n");
  for (std::size_t i = 0; i < statuses.size(); ++i)
    if (statuses[i] > 0)
      fmt::format_to(to, "locksmith_http_responses_total{{code=\"{}\"}} {}\n", i, statuses[i]);
  for (const auto& gauge : gauges)
    fmt::format_to(to, "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", gauge.name, gauge.help,
                   gauge.kind, gauge.value);
  return out;
}

}  // namespace locksmith::server

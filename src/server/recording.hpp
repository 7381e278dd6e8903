// What is remembered of an answer: a record of each refusal (of allowed requests only when the
// settings say so), and who uses which key. Collected per thread, written in batches by a thread of
// its own, bounded: what does not fit is dropped and counted, never waited for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "authority/decide.hpp"
#include "server/counters.hpp"
#include "store/store.hpp"

namespace locksmith::server {

struct Call;

// A key has one cell of the limits for as long as the program runs, which says as much as its id.
struct UsedKey {
  std::uint32_t cell = 0;
  std::string_view id;
};

class Recording {
 public:
  struct Settings {
    std::size_t most_decisions = 20'000;  // waiting to be written
    std::size_t most_uses = 100'000;      // different (key, address, client) waiting, per thread
    // Of requests without a key that is known: whoever tries keys must not fill the disk.
    std::size_t strangers_at_once = 1000, strangers_per_second = 10;
    std::chrono::seconds decisions_every{1};
    std::chrono::seconds uses_every{60};
    std::chrono::hours keep{24 * 30};
    std::size_t keep_most = 10'000'000;  // decisions
    bool allowed = false;
  };
  Recording(store::Store& store, Settings settings);
  ~Recording();  // writes what waits

  // Asked before the record is made. False for a stranger beyond the limit, who is counted as
  // dropped.
  bool wants(const authority::Decision& decision);
  void decision(store::DecisionRecord record);
  void use(UsedKey key, const authority::Address& client, std::string_view user_agent,
           std::int64_t at_us);
  void flush();   // now
  void forget();  // what is too old or too much

  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  std::uint64_t failures() const { return failures_.load(std::memory_order_relaxed); }

 private:
  struct Uses;
  Uses& mine();
  void run();
  std::vector<store::Use> collect_uses();
  void write(bool with_uses);

  store::Store& store_;
  const Settings settings_;
  const std::uint64_t identity_;
  std::atomic<std::uint64_t> dropped_{0}, failures_{0};
  std::mutex mutex_;  // guards decisions_, all_uses_ (the list), over_
  std::condition_variable wake_;
  std::vector<store::DecisionRecord> decisions_;
  std::vector<std::unique_ptr<Uses>> all_uses_;
  double strangers_;  // how many more may be recorded now
  std::chrono::steady_clock::time_point counted_ = std::chrono::steady_clock::now();
  bool over_ = false;
  std::mutex write_mutex_;
  std::thread thread_;
};

// After every decision; `face` is the one that it was made on.
void remember(Call& call, const authority::Request& request, const authority::Decision& decision,
              Face face);

}  // namespace locksmith::server

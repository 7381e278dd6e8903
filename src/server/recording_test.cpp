// Batches: what is collected comes out added up, and a queue that is full drops instead of growing.
#include "server/recording.hpp"

#include <thread>

#include "server/test_support.hpp"

namespace locksmith::server {
namespace {

TEST(Recording, AddsUsesUpAcrossThreads) {
  BreakableStore store;
  Recording recording(store, {});
  const auto client = *authority::parse_address("192.0.2.1");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) recording.use({7, "key_a"}, client, "agent", n);
    });
  }
  for (auto& thread : threads) thread.join();
  recording.use({7, "key_a"}, client, "another", 5);
  recording.flush();
  const auto uses = *store.uses("key_a");
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses[0].count + uses[1].count, 4001u);
  EXPECT_EQ(std::max(uses[0].last_us, uses[1].last_us), 999);
}

void use_number(Recording& recording, unsigned i, std::int64_t at_us) {
  recording.use({i, "key_" + std::to_string(i)}, {}, "", at_us);
}

TEST(Recording, CountsOnAfterABatch) {
  BreakableStore store;
  Recording recording(store, {.most_uses = 3000});
  for (int round = 0; round < 3; ++round) {
    for (unsigned i = 0; i < 2500; ++i) use_number(recording, i, round);
    recording.flush();
  }
  for (const char* key : {"key_0", "key_1234", "key_2499"}) {
    const auto uses = *store.uses(key);
    ASSERT_EQ(uses.size(), 1u) << key;
    EXPECT_EQ(uses[0].count, 3u);
    EXPECT_EQ(uses[0].last_us, 2);
  }
  EXPECT_EQ(recording.dropped(), 0u);
}

// Keys that are no longer used must not take the place of those that are.
TEST(Recording, MakesRoomForNewKeys) {
  BreakableStore store;
  Recording recording(store, {.most_uses = 100});
  for (unsigned round = 0; round < 5; ++round) {
    for (unsigned i = 0; i < 90; ++i) use_number(recording, 100 * round + i, round);
    recording.flush();
  }
  EXPECT_EQ(recording.dropped(), 0u);
  EXPECT_EQ(store.uses("key_489")->size(), 1u);
}

TEST(Recording, IsBounded) {
  BreakableStore store;
  Recording recording(
      store, {.most_decisions = 3, .most_uses = 2, .decisions_every = std::chrono::seconds(60)});
  for (int i = 0; i < 5; ++i) recording.decision({.id = "req_" + std::to_string(i)});
  for (unsigned i = 0; i < 5; ++i) use_number(recording, i, 1);
  EXPECT_EQ(recording.dropped(), 5u);
  recording.flush();
  EXPECT_EQ(store.decisions({})->size(), 3u);
  recording.decision({.id = "req_9"});  // there is room again
  recording.flush();
  EXPECT_EQ(store.decisions({})->size(), 4u);
}

TEST(Recording, StrangersDoNotFillTheDisk) {
  BreakableStore store;
  Recording recording(store, {.strangers_at_once = 5, .strangers_per_second = 0});
  authority::Decision stranger;
  stranger.cause = authority::Cause::unknown_key;
  auto holder = stranger;
  holder.proven = true;
  int wanted = 0;
  for (int i = 0; i < 100; ++i) wanted += recording.wants(stranger);
  EXPECT_EQ(wanted, 5);
  EXPECT_EQ(recording.dropped(), 95u);
  EXPECT_TRUE(recording.wants(holder));
  EXPECT_FALSE(recording.wants({}));  // allowed: only when the settings say so
}

TEST(Recording, KeepsNoMoreDecisionsThanTheSettingsSay) {
  BreakableStore store;
  const auto now = current_instant().time_since_epoch().count();
  Recording recording(store, {.decisions_every = std::chrono::seconds(60), .keep_most = 10});
  for (int i = 0; i < 5020; ++i)  // more than go at once
    recording.decision({.id = "req_" + std::to_string(i), .at_us = now});
  recording.flush();
  recording.forget();
  EXPECT_EQ(store.decisions({.limit = 100})->size(), 10u);
  EXPECT_TRUE(*store.decision("req_5019"));
  EXPECT_FALSE(*store.decision("req_5009"));
}

TEST(Recording, WritesWhatWaitsAtTheEnd) {
  BreakableStore store;
  { Recording(store, {}).decision({.id = "req_1"}); }
  EXPECT_EQ(store.decisions({})->size(), 1u);
  store.broken = true;
  Recording recording(store, {});
  recording.decision({.id = "req_2"});
  recording.flush();
  EXPECT_EQ(recording.failures(), 1u);
}

}  // namespace
}  // namespace locksmith::server

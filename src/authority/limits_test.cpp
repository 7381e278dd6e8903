#include "authority/limits.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/time.hpp"

namespace locksmith::authority {
namespace {

using namespace std::chrono_literals;

const Instant noon(*base::parse_rfc3339("2026-11-21T12:00:00Z"));
const Rate ten{.requests = 10, .period = 10s, .burst = 0};
const CellId key{.index = 7};

int taken(Limits& limits, Instant at, const Rate& rate = ten, int tries = 100) {
  int passed = 0;
  for (int i = 0; i < tries; ++i) passed += limits.take(key, rate, at).passed;
  return passed;
}

TEST(RateTest, TheWholeRateAtOnceAndThenEvenly) {
  Limits limits;
  EXPECT_EQ(taken(limits, noon), 10);
  EXPECT_EQ(taken(limits, noon + 999ms), 0);
  EXPECT_EQ(taken(limits, noon + 1s), 1);
  EXPECT_EQ(taken(limits, noon + 4s), 3);
  EXPECT_EQ(taken(limits, noon + 1h), 10);
}

TEST(RateTest, BurstIsLess) {
  Limits limits;
  const Rate rate{.requests = 10, .period = 10s, .burst = 3};
  EXPECT_EQ(taken(limits, noon, rate), 3);
  EXPECT_EQ(taken(limits, noon + 2s, rate), 2);
}

TEST(RateTest, StatusIsTrue) {
  Limits limits;
  const RateStatus first = limits.take(key, ten, noon);
  EXPECT_EQ(first.limit, 10u);
  EXPECT_EQ(first.remaining, 9u);
  EXPECT_EQ(first.reset, 1s);
  EXPECT_EQ(limits.peek(key, ten, noon).remaining, 9u);
  taken(limits, noon);
  const RateStatus refused = limits.take(key, ten, noon + 400ms);
  EXPECT_FALSE(refused.passed);
  EXPECT_EQ(refused.remaining, 0u);
  EXPECT_EQ(refused.retry, 600ms);
  EXPECT_TRUE(limits.take(key, ten, noon + 400ms + refused.retry).passed);
}

TEST(RateTest, AClockThatGoesBackBlocksForOnePeriodAtMost) {
  Limits limits;
  EXPECT_EQ(taken(limits, noon + 24h), 10);
  EXPECT_EQ(taken(limits, noon), 0);
  EXPECT_EQ(taken(limits, noon + 1s), 1);
}

TEST(RateTest, ExtremeRatesDoNotOverflow) {
  Limits limits;
  const Rate slow{.requests = 1, .period = 366 * 24h, .burst = UINT32_MAX};
  EXPECT_TRUE(limits.take(key, slow, noon).passed);
  const Rate fast{.requests = UINT32_MAX, .period = 1s, .burst = UINT32_MAX};
  EXPECT_TRUE(limits.take({8}, fast, noon).passed);
}

TEST(RateTest, KeysAndAccountsHaveCellsOfTheirOwn) {
  Limits limits;
  EXPECT_EQ(taken(limits, noon), 10);
  EXPECT_TRUE(limits.take({key.index, true}, ten, noon).passed);
  EXPECT_TRUE(limits.take({key.index + 1}, ten, noon).passed);
}

TEST(RateTest, ThreadsTogetherGetNoMore) {
  Limits limits;
  std::atomic<int> passed = 0;
  const Rate rate{.requests = 1000, .period = 1s, .burst = 0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { passed += taken(limits, noon, rate, 1000); });
  threads.clear();
  EXPECT_EQ(passed, 1000);
}

TEST(QuotaTest, CountsByCalendarPeriod) {
  Limits limits;
  const Quota daily{.requests = 2, .period = Quota::Period::day};
  EXPECT_EQ(limits.take(key, daily, noon).used, 1u);
  EXPECT_TRUE(limits.take(key, daily, noon).passed);
  const QuotaStatus refused = limits.take(key, daily, noon);
  EXPECT_FALSE(refused.passed);
  EXPECT_EQ(refused.used, 2u);
  EXPECT_EQ(refused.reset, 12h);
  EXPECT_TRUE(limits.take(key, daily, noon + 12h).passed);
}

TEST(QuotaTest, MonthsEndWhereTheyEnd) {
  Limits limits;
  const Quota monthly{.requests = 1, .period = Quota::Period::month};
  const Instant january(*base::parse_rfc3339("2028-01-31T23:59:59Z"));
  EXPECT_EQ(limits.take(key, monthly, january).reset, 1s);
  const QuotaStatus february = limits.take(key, monthly, january + 1s);
  EXPECT_TRUE(february.passed);
  EXPECT_EQ(february.reset, 29 * 24h);  // a leap year
  EXPECT_EQ(period_name(Quota::Period::month, january), "2028-01");
  EXPECT_EQ(period_name(Quota::Period::day, january), "2028-01-31");
}

TEST(QuotaTest, SteppingBackAndForthOverMidnightGivesNothing) {
  Limits limits;
  const Quota daily{.requests = 3, .period = Quota::Period::day};
  int passed = 0;
  for (int i = 0; i < 20; ++i)
    passed += limits.take(key, daily, noon + 12h + (i % 2 ? -1s : 1s)).passed;
  EXPECT_EQ(passed, 3);
}

TEST(QuotaTest, AfterAFarStepBackTheCountGoesOnAndEndsWithThePeriod) {
  Limits limits;
  const Quota daily{.requests = 2, .period = Quota::Period::day};
  EXPECT_TRUE(limits.take(key, daily, noon + 24h * 1000).passed);
  EXPECT_TRUE(limits.take(key, daily, noon).passed);
  EXPECT_FALSE(limits.take(key, daily, noon).passed);
  EXPECT_TRUE(limits.take(key, daily, noon + 24h).passed);
}

TEST(QuotaTest, UsedUpInAFarFutureItIsBlockedUntilTheEndOfThisPeriod) {
  Limits limits;
  const Quota daily{.requests = 1, .period = Quota::Period::day};
  EXPECT_TRUE(limits.take(key, daily, noon + 24h * 1000).passed);
  EXPECT_FALSE(limits.passes(key, daily, noon));
  EXPECT_FALSE(limits.take(key, daily, noon).passed);
  EXPECT_TRUE(limits.take(key, daily, noon + 24h).passed);
}

TEST(QuotaTest, IsRestored) {
  Limits limits;
  const Quota monthly{.requests = 10, .period = Quota::Period::month};
  limits.restore({3, true}, monthly, 9, noon);
  EXPECT_EQ(limits.take({3, true}, monthly, noon).used, 10u);
  EXPECT_FALSE(limits.take({3, true}, monthly, noon).passed);
}

TEST(GuessTest, PerAddressAndPerNetwork) {
  Limits limits;
  const Rate three{.requests = 3, .period = 60s, .burst = 0};
  const auto at = [](const char* text) { return *parse_address(text); };
  for (int i = 0; i < 3; ++i) limits.wrong_key(at("2001:db8::1"), three, noon);
  EXPECT_FALSE(limits.guesses(at("2001:db8::2"), three, noon).passed);
  EXPECT_TRUE(limits.guesses(at("2001:db8:0:1::2"), three, noon).passed);
  for (int i = 0; i < 3; ++i) limits.wrong_key(at("192.0.2.7"), three, noon);
  EXPECT_FALSE(limits.guesses(at("192.0.2.7"), three, noon).passed);
  EXPECT_TRUE(limits.guesses(at("192.0.2.8"), three, noon).passed);
  EXPECT_TRUE(limits.guesses(at("192.0.2.7"), three, noon + 20s).passed);
}

// Bounded memory must not mean that coming from many addresses frees one.
TEST(GuessTest, ManyAddressesFreeNobody) {
  Limits limits;
  const Rate three{.requests = 3, .period = 3600s, .burst = 0};
  const Address blocked = *parse_address("192.0.2.7");
  for (int i = 0; i < 3; ++i) limits.wrong_key(blocked, three, noon);
  Address other = *parse_address("198.51.0.0");
  for (int i = 0; i < 60000; ++i) {
    other.bytes[14] = static_cast<std::uint8_t>(i >> 8);
    other.bytes[15] = static_cast<std::uint8_t>(i);
    limits.wrong_key(other, three, noon);
  }
  EXPECT_FALSE(limits.guesses(blocked, three, noon).passed);
}

}  // namespace
}  // namespace locksmith::authority

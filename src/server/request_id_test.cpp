#include "server/request_id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace locksmith::server {
namespace {

using namespace std::chrono_literals;

const authority::Instant now{1'790'000'000s};

TEST(RequestId, LaterOnesSortLaterByMilliseconds) {
  std::string last;
  for (int i = 0; i < 5000; ++i) {
    const std::string id(next_request_id(now + i * 1ms));
    EXPECT_LT(last, id);
    last = id;
  }
}

// Each letter is at each place about as often: 62 of them, 1000 times.
TEST(RequestId, WhatFollowsTheTimeIsRandomAtEveryPlace) {
  constexpr std::size_t times = 62'000, first = 12;
  std::set<std::string> seen;
  std::array<std::array<int, 128>, 26> counts{};
  for (std::size_t i = 0; i < times; ++i) {
    const std::string id(next_request_id(now));
    ASSERT_EQ(id.size(), 26u);
    ASSERT_TRUE(id.starts_with("req_"));
    EXPECT_TRUE(seen.insert(id).second);
    for (std::size_t at = first; at < id.size(); ++at)
      ++counts[at][static_cast<unsigned char>(id[at])];
  }
  for (std::size_t at = first; at < counts.size(); ++at) {
    EXPECT_EQ(std::ranges::count_if(counts[at], [](int n) { return n > 0; }), 62) << at;
    for (const int n : counts[at])
      if (n > 0) {  // within eight standard deviations
        EXPECT_NEAR(n, 1000, 250) << at;
      }
  }
}

}  // namespace
}  // namespace locksmith::server

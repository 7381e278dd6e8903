// A wrong secret of a key that exists takes as long to refuse as one that nobody ever had. By
// construction: a key is looked up by the SHA-256 of all of it, so that how much of it is right is
// nowhere seen. This holds it against a clock: medians of measurements taken in turn, which other
// work on the machine shifts alike, with a bound far above noise and far below what a real
// difference makes, as the last test shows.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "authority/problem.hpp"
#include "authority/sample_authority.hpp"
#include "credential/shape.hpp"

namespace locksmith::authority {
namespace {

class TimingTest : public SampleAuthority, public testing::Test {
 protected:
  double nanoseconds(const std::string& key) {
    const Field fields[] = {{"Authorization", key}};
    const Request request{.method = "GET",
                          .host = "api.example.com",
                          .target = "/v1/orders/7",
                          .headers = fields,
                          .client = Address{},
                          .secure = true};
    const auto start = std::chrono::steady_clock::now();
    const Decision decision = decide(snapshot, request, Instant(now), limits);
    const Refusal out = refusal(snapshot, request, decision, "req", Instant(now));
    const auto end = std::chrono::steady_clock::now();
    EXPECT_GE(out.status, 400);
    return std::chrono::duration<double, std::nano>(end - start).count();
  }

  // Median time of the one over median time of the other.
  double ratio(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    std::vector<double> a, b;
    for (int round = 0; round < 3000; ++round) {
      const auto i = static_cast<std::size_t>(round) % one.size();
      // Who comes first changes, or the second would always find warm caches.
      if (round % 2) a.push_back(nanoseconds(one[i]));
      b.push_back(nanoseconds(other[i]));
      if (round % 2 == 0) a.push_back(nanoseconds(one[i]));
    }
    const auto median = [](std::vector<double>& times) {
      std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
      return times[times.size() / 2];
    };
    return median(a) / median(b);
  }

  static std::vector<std::string> unknown_keys() {
    std::vector<std::string> out;
    for (int i = 0; i < 50; ++i) out.push_back("Bearer " + make_secret("lks_live_").reveal());
    return out;
  }
  // Right but for six characters, with a right checksum.
  static std::vector<std::string> near(const std::string& key) {
    std::vector<std::string> out;
    for (int i = 0; i < 50; ++i) {
      std::string changed = key;
      changed.replace(key.size() - 12, 6, make_id("").substr(0, 6));
      out.push_back("Bearer " +
                    credential::with_checksum(credential::Checksum::crc32_base62, changed));
    }
    return out;
  }
};

constexpr double bound = 1.2;

TEST_F(TimingTest, NearlyRightTakesAsLongAsWrong) {
  const double times = ratio(near(good), unknown_keys());
  EXPECT_LT(times, bound);
  EXPECT_GT(times, 1 / bound);
}

TEST_F(TimingTest, NearlyRightOfARevokedKeyToo) {
  apply(revoke_key(snapshot, good_id, "a reason that would take long to tell", now));
  const double times = ratio(near(good), unknown_keys());
  EXPECT_LT(times, bound);
  EXPECT_GT(times, 1 / bound);
}

// The method sees a difference where there is one: the whole secret leads to another answer, here
// to a long one, since a short one takes about as long as that to a wrong key.
TEST_F(TimingTest, ADifferenceWouldBeSeen) {
  apply(revoke_key(snapshot, good_id, std::string(500, 'r'), now));
  const double times = ratio(std::vector<std::string>(50, "Bearer " + good), unknown_keys());
  EXPECT_TRUE(times > bound || times < 1 / bound) << times;
}

}  // namespace
}  // namespace locksmith::authority

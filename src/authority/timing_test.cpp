// A wrong secret of a key that exists takes as long to refuse as one that nobody ever had, and is
// answered with the same bytes. By construction: a key is looked up by the SHA-256 of all of it, so
// that how much of it is right is nowhere seen. This holds decide() against a clock: the same wrong
// keys are shown, in turn, to an authority that has the key that they are near to and to one that
// has another, so that nothing but what is in the store differs. Medians, of which the one nearest
// to 1 in several attempts counts: other work on the machine goes by, a difference stays. The last
// test plants what a store costs that finds a key by its start, reads it and compares the rest, and
// shows that the same method sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "authority/digest.hpp"
#include "authority/problem.hpp"
#include "authority/record.hpp"
#include "authority/sample_authority.hpp"
#include "credential/shape.hpp"

namespace locksmith::authority {
namespace {

using Keys = std::vector<std::string>;

struct Asked {
  explicit Asked(const std::string& key) : fields{{"Authorization", key}} {}
  Request request() const {
    return {.method = "GET",
            .host = "api.example.com",
            .target = "/v1/orders/7",
            .headers = fields,
            .client = Address{},
            .secure = true};
  }
  const Field fields[1];
};

class TimingTest : public testing::Test {
 protected:
  enum class Store { as_it_is, found_by_its_start };

  double nanoseconds(SampleAuthority& at, const std::string& key, Store store) {
    const Asked asked(key);
    const Request request = asked.request();
    const auto start = std::chrono::steady_clock::now();
    const Decision decision = decide(at.snapshot, request, Instant(at.now), at.limits);
    if (store == Store::found_by_its_start) {
      const Key found = at.snapshot.to_key(*at.snapshot.find_id(at.good_id));
      right_ = found.digest == digest_of(key);
    }
    const auto end = std::chrono::steady_clock::now();
    EXPECT_EQ(decision.cause, Cause::unknown_key);
    EXPECT_FALSE(right_);
    return std::chrono::duration<double, std::nano>(end - start).count();
  }

  // Median time where the key is, over median time where it is not.
  double ratio(const Keys& keys, Store store) {
    std::vector<double> here, there;
    for (std::size_t round = 0; round < 2000; ++round) {
      const auto& key = keys[round % keys.size()];
      // Who comes first changes, or the second would always find warm caches.
      if (round % 2) here.push_back(nanoseconds(has_it_, key, store));
      there.push_back(nanoseconds(has_another_, key, Store::as_it_is));
      if (round % 2 == 0) here.push_back(nanoseconds(has_it_, key, store));
    }
    const auto median = [](std::vector<double>& times) {
      const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
      std::ranges::nth_element(times, middle);
      return *middle;
    };
    return median(here) / median(there);
  }
  double least_ratio(const Keys& keys, Store store = Store::as_it_is) {
    double least = 0;
    for (int attempt = 0; attempt < 5; ++attempt) {
      const double found = ratio(keys, store);
      if (attempt == 0 || std::abs(std::log(found)) < std::abs(std::log(least))) least = found;
    }
    return least;
  }

  std::string answer_to(const std::string& key) {
    const Asked asked(key);
    const Request request = asked.request();
    const Decision decision =
        decide(has_it_.snapshot, request, Instant(has_it_.now), has_it_.limits);
    const Refusal out = refusal(has_it_.snapshot, request, decision, "req", Instant(has_it_.now));
    std::string text = std::to_string(out.status) + out.body;
    for (const auto& [name, value] : out.headers) text += name + value;
    return text;
  }

  // The key but for six characters, with a right checksum.
  Keys near() const {
    Keys out;
    for (int i = 0; i < 50; ++i) {
      std::string changed = has_it_.good;
      changed.replace(changed.size() - 12, 6, make_id("").substr(0, 6));
      out.push_back("Bearer " +
                    credential::with_checksum(credential::Checksum::crc32_base62, changed));
    }
    return out;
  }
  void revoke() {
    has_it_.apply(revoke_key(has_it_.snapshot, has_it_.good_id, "a long tale", has_it_.now));
  }

  SampleAuthority has_it_, has_another_;
  volatile bool right_ = false;
};

constexpr double bound = 1.03;

TEST_F(TimingTest, NearlyRightTakesAsLongAsWrong) {
  const double times = least_ratio(near());
  EXPECT_LT(times, bound);
  EXPECT_GT(times, 1 / bound);
}

TEST_F(TimingTest, NearlyRightOfARevokedKeyToo) {
  revoke();
  const double times = least_ratio(near());
  EXPECT_LT(times, bound);
  EXPECT_GT(times, 1 / bound);
}

TEST_F(TimingTest, TheAnswersAreTheSame) {
  revoke();
  const std::string answer = answer_to("Bearer " + make_secret("lks_live_").reveal());
  for (const std::string& key : near()) EXPECT_EQ(answer_to(key), answer);
  EXPECT_NE(answer_to("Bearer " + has_it_.good), answer);
}

TEST_F(TimingTest, ADifferenceWouldBeSeen) {
  EXPECT_GT(least_ratio(near(), Store::found_by_its_start), bound);
}

}  // namespace
}  // namespace locksmith::authority

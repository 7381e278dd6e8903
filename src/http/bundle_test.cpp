// Which exchange of a chain is the failure that the doctor has to explain.
#include "http/bundle.hpp"

#include <gtest/gtest.h>

namespace locksmith::http {
namespace {

std::vector<Exchange> with_statuses(std::initializer_list<int> statuses) {
  std::vector<Exchange> exchanges;
  for (const int status : statuses) exchanges.emplace_back().response.status = status;
  return exchanges;
}

TEST(Bundle, KnowsRefusals) {
  for (const int status : {401, 402, 403, 407, 429, 511}) EXPECT_TRUE(is_refusal(status)) << status;
  for (const int status : {0, 200, 302, 400, 404, 405, 500, 503})
    EXPECT_FALSE(is_refusal(status)) << status;
}

TEST(Bundle, PicksTheLastRefusal) {
  EXPECT_EQ(failing_exchange(with_statuses({401, 200, 403, 200})), 2u);
  EXPECT_EQ(failing_exchange(with_statuses({401, 404, 500})), 0u);
}

TEST(Bundle, ThenWhatMayMaskOne) {
  EXPECT_EQ(failing_exchange(with_statuses({404, 400, 500, 200})), 1u);
  EXPECT_EQ(failing_exchange(with_statuses({302, 500, 200})), 1u);
  EXPECT_EQ(failing_exchange(with_statuses({200, 302, 200})), 1u);
}

TEST(Bundle, ThenTheLast) {
  EXPECT_EQ(failing_exchange(with_statuses({200, 0, 204})), 2u);
  EXPECT_EQ(failing_exchange({}), 0u);
}

TEST(Bundle, FailureIsTheMarkedExchange) {
  Bundle bundle{with_statuses({200, 401}), 1, {}};
  EXPECT_EQ(bundle.failure().response.status, 401);
}

}  // namespace
}  // namespace locksmith::http

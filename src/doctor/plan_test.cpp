// The plan shows what the doctor would send, no key, and nothing that it would not be allowed to.
#include "doctor/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

namespace locksmith::doctor {
namespace {

const std::string key = std::string("acme_") + "Zx81kQ" + std::string(24, 'q');

Question question(std::string url, std::string method = "GET") {
  Question asked;
  http::Exchange exchange;
  exchange.request.method = std::move(method);
  exchange.request.url = std::move(url);
  exchange.request.headers.add("Authorization", "Bearer " + key);
  asked.bundle.exchanges = {exchange};
  return asked;
}

std::vector<PlannedRequest> plan_for(const Question& question) {
  return plan(question, catalogue::embedded(), {});
}

bool has(const std::vector<PlannedRequest>& plan, std::string_view probe) {
  return std::ranges::find(plan, probe, &PlannedRequest::probe) != plan.end();
}

TEST(plan, starts_with_the_failing_request_and_shows_no_key) {
  const auto plan = plan_for(question("https://api.acme.test/v1/things?api_key=" + key, "POST"));
  ASSERT_GE(plan.size(), 3U);
  EXPECT_EQ(plan[0].probe, "as-is");
  EXPECT_EQ(plan[0].method, "GET");
  for (const auto& text : {plan_as_text(plan, 6), plan_as_json(plan, 6)})
    EXPECT_FALSE(text.contains(key)) << text;
}

TEST(plan, is_worth_more_at_first_and_says_what_each_is_worth) {
  const auto plan = plan_for(question("https://api.acme.test/v1/things"));
  ASSERT_TRUE(has(plan, "no-credential"));
  for (std::size_t i = 1; i < plan.size(); ++i) EXPECT_GT(plan[i].gain_bits, 0) << plan[i].probe;
  const auto json = boost::json::parse(plan_as_json(plan, 4)).as_object();
  EXPECT_EQ(json.at("budget").to_number<int>(), 4);
  EXPECT_EQ(json.at("plan").as_array().size(), plan.size());
  EXPECT_FALSE(json.at("plan").at(0).as_object().contains("gain_bits"));
}

TEST(plan, depends_on_the_answer_and_on_the_way) {
  Question refused = question("https://api.acme.test/v1/things");
  EXPECT_FALSE(has(plan_for(refused), "no-proxy"));
  refused.options.proxy = "http://proxy.test:3128";
  http::Response& answer = refused.bundle.exchanges[0].response;
  answer.status = 401;
  refused.answered = true;
  EXPECT_TRUE(has(plan_for(refused), "no-proxy"));
}

TEST(plan, holds_nothing_that_may_not_be_sent) {
  const auto plan = plan_for(question("ftp://api.acme.test/v1/things"));
  EXPECT_TRUE(plan.empty());
  EXPECT_TRUE(plan_as_text(plan, 6).contains("none"));
}

}  // namespace
}  // namespace locksmith::doctor

#include "doctor/plan.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace locksmith::doctor {
namespace {

std::string_view next_for(std::vector<catalogue::Weight> weights, int status = 401) {
  const std::vector<diagnosis::Finding> findings{{.id = "test", .weights = std::move(weights)}};
  const auto diagnosis = diagnosis::diagnose(findings, catalogue::embedded(), status);
  std::vector<const probe::Probe*> all;
  for (const probe::Probe& probe : probe::probes()) all.push_back(&probe);
  const probe::Probe* next = next_probe(diagnosis, all);
  return next ? next->name : "none";
}

TEST(plan, tries_the_key_without_what_sticks_to_it) {
  EXPECT_EQ(next_for({{"whitespace", 25}, {"unknown-key", 15}}), "cleaned");
}

TEST(plan, leaves_the_key_out_when_it_may_not_have_been_seen) {
  EXPECT_EQ(next_for({{"proxy-stripped", 25}, {"unknown-key", 10}}), "no-credential");
}

TEST(plan, imitates_the_key_when_it_may_be_dead) {
  EXPECT_EQ(next_for({{"unknown-key", 20}, {"revoked", 25}}), "random-key");
}

TEST(plan, asks_whose_key_it_is_when_it_may_be_good) {
  EXPECT_EQ(next_for({{"wrong-endpoint", 30}, {"unknown-key", 44}}, 404),
            "whoami");
}

TEST(plan, asks_nothing_that_is_settled) {
  EXPECT_EQ(next_for({{"rate-limited", 60}}, 429), "none");
}

}  // namespace
}  // namespace locksmith::doctor

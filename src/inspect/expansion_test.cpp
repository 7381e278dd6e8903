// A stored value that lost what stands behind its `$` on the way into the request.
#include <gtest/gtest.h>

#include <algorithm>

#include "inspect/inspect.hpp"

namespace locksmith::inspect {
namespace {

double weight_of_interpolated(const std::string& stored, const std::string& sent) {
  http::Exchange exchange;
  exchange.request.url = "https://api.acme.test/v1/things";
  exchange.request.headers.add("X-Api-Key", sent);
  exchange.response.status = 401;
  http::Bundle bundle;
  bundle.exchanges = {exchange};
  bundle.environment.files.push_back({.path = ".env", .content = "ACME_KEY=" + stored + "\n"});
  const catalogue::Catalogue nothing;
  diagnosis::Findings findings;
  inspect_environment(Case(bundle, nothing), findings);
  const auto found = std::ranges::find(findings, "environment.expanded", &diagnosis::Finding::id);
  if (found == findings.end()) return 0;
  const auto weight = std::ranges::find(found->weights, "interpolated", &catalogue::Weight::cause);
  return weight == found->weights.end() ? 0 : weight->decibans;
}

TEST(expansion, of_names_and_parameters_is_recognised) {
  EXPECT_GT(weight_of_interpolated("pa$2xQ9", "paxQ9"), 20);
  EXPECT_GT(weight_of_interpolated("pa$word-9", "pa-9"), 20);
  EXPECT_GT(weight_of_interpolated("pa${word}9", "pa9"), 20);
  EXPECT_GT(weight_of_interpolated("pa$word$", "pa$"), 20);
}

TEST(expansion, is_not_seen_where_the_value_arrived_or_another_did) {
  EXPECT_EQ(weight_of_interpolated("pa$2xQ9", "pa$2xQ9"), 0);
  EXPECT_EQ(weight_of_interpolated("pa$2xQ9", "another"), 0);
  EXPECT_EQ(weight_of_interpolated("pa$-9", "pa-9"), 0);
  EXPECT_EQ(weight_of_interpolated("pa${word", "pa"), 0);  // never closed: not a reference
}

}  // namespace
}  // namespace locksmith::inspect

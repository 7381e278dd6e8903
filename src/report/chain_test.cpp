// The way in one line: what it shows, and when it keeps silent.
#include "report/chain.hpp"

#include <gtest/gtest.h>

#include "report/sample_report.hpp"

namespace locksmith::report {
namespace {

const std::vector<Hop> through_a_proxy = {
    {.name = "you", .role = "client"},
    {.name = "proxy squid", .role = "proxy", .address = "192.0.2.7", .refused = true},
    {.name = "Acme", .role = "api", .reached = false}};

TEST(Chain, StopsAtWhoSaidNo) {
  Sample sample;
  sample.diagnosed().hops = through_a_proxy;
  EXPECT_EQ(chain_line(sample.report), "you → proxy squid ✗ (API not reached)");
  EXPECT_TRUE(as_text(sample.report, {}).contains("proxy squid ✗"));
  EXPECT_TRUE(as_markdown(sample.report).contains("proxy squid ✗"));
}

TEST(Chain, ShowsAddressesOnlyWhenAskedFor) {
  Sample sample;
  sample.diagnosed().hops = through_a_proxy;
  EXPECT_FALSE(as_text(sample.report, {}).contains("192.0.2.7"));
  EXPECT_TRUE(as_text(sample.report, {.verbose = true}).contains("192.0.2.7"));
  EXPECT_TRUE(as_text(sample.report, {.verbose = true}).contains("Acme (not reached)"));
  EXPECT_TRUE(as_json(sample.report).contains(R"("address":"192.0.2.7")"));
}

TEST(Chain, SaysNothingOfAnApiThatWasAskedAlone) {
  Sample sample;
  sample.diagnosed().hops = {{.name = "you", .role = "client"},
                             {.name = "Acme", .role = "api", .refused = true}};
  EXPECT_EQ(chain_line(sample.report), "");
  sample.report.hops = through_a_proxy;
  sample.report.outcome = Outcome::not_refused;
  EXPECT_EQ(chain_line(sample.report), "");
}

}  // namespace
}  // namespace locksmith::report

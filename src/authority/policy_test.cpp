#include "authority/policy.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "authority/server_settings.hpp"
#include "authority/units.hpp"

namespace locksmith::authority {
namespace {

std::string faults_of(std::string_view toml) {
  const auto settings = read_settings(toml, "f");
  return settings ? "" : settings.error().message;
}

TEST(ReadPolicyTest, ReadsTheFileOfTheDocumentation) {
  std::ifstream file(LOCKSMITH_SOURCE_DIR "/docs/locksmith.toml");
  std::stringstream text;
  text << file.rdbuf();
  const auto read = read_settings(text.str(), "docs/locksmith.toml");
  ASSERT_TRUE(read) << read.error().message;
  const Policy& policy = read->policy;
  EXPECT_EQ(policy.default_plan, "free");
  EXPECT_EQ(policy.disclosure, Disclosure::full);
  ASSERT_EQ(policy.environments.size(), 2u);
  EXPECT_EQ(policy.environments[1].prefix, "acme_test_");
  ASSERT_EQ(policy.placements.size(), 5u);
  EXPECT_EQ(policy.placements[0].name, "authorization");
  EXPECT_EQ(policy.placements[0].scheme, "Bearer");
  EXPECT_EQ(policy.placements[3].kind, Placement::Kind::cookie);
  EXPECT_EQ(policy.plans[0].rate, (Rate{10, std::chrono::seconds(1), 20}));
  EXPECT_EQ(policy.plans[0].quota, (Quota{10000, Quota::Period::month}));
  EXPECT_EQ(policy.plans[1].rate, (Rate{6000, std::chrono::minutes(1), 200}));
  ASSERT_EQ(policy.apis.size(), 1u);
  EXPECT_FALSE(policy.apis[0].unlisted_allowed);
  ASSERT_EQ(policy.apis[0].endpoints.size(), 4u);
  EXPECT_TRUE(policy.apis[0].endpoints[0].open);
  EXPECT_EQ(policy.apis[0].endpoints[3].plans, std::vector<std::string>{"paid"});
  EXPECT_EQ(policy.trusted_proxies.size(), 2u);
  EXPECT_EQ(policy.wrong_keys, (Rate{20, std::chrono::minutes(1), 0}));
  EXPECT_NE(policy.revision, 0u);
  EXPECT_EQ(read->server.socket, "/run/locksmith/locksmith.sock");
  EXPECT_EQ(read->server.max_header_bytes, 16384u);
  EXPECT_EQ(read->server.keep_decisions, std::chrono::days(30));
  ASSERT_EQ(read->leak_reporters.size(), 1u);
}

TEST(ReadPolicyTest, AnEmptyFileIsBearerWithTwoEnvironments) {
  const auto policy = read_policy("", "f");
  ASSERT_TRUE(policy);
  ASSERT_EQ(policy->placements.size(), 1u);
  EXPECT_EQ(policy->placements[0].scheme, "Bearer");
  EXPECT_EQ(policy->environments[0].prefix, "lks_live_");
  EXPECT_TRUE(policy->apis.empty());
}

TEST(ReadPolicyTest, TellsEveryFaultWithItsLine) {
  EXPECT_EQ(
      faults_of("[[plan]]\nname = \"free\"\nrat = \"1/s\"\n[refusals]\ndisclosure = \"fool\"\n"),
      "f:3: unknown field `rat` in [[plan]]; did you mean `rate`?\n"
      "f:5: `disclosure` cannot be \"fool\"; did you mean `full`?");
}

TEST(ReadPolicyTest, TellsWhatCannotBeRight) {
  const auto has = [](std::string_view toml, std::string_view fault) {
    const std::string faults = faults_of(toml);
    EXPECT_NE(faults.find(fault), faults.npos) << toml << "\n→ " << faults;
  };
  has("[[plan]]\nname = \"a\"\nrate = \"fast\"",
      "f:3: `rate` must be a rate such as \"100/minute\"");
  has("[[plan]]\nname = \"a\"\nquota = \"5/week\"", "f:3: `quota` must be a quota");
  has("[[plan]]\nname = \"a\"\n[[plan]]\nname = \"a\"", "f:4: there are two plans \"a\"");
  has("default_plan = \"fre\"\n[[plan]]\nname = \"free\"",
      "f:1: there is no plan \"fre\"; did you mean");
  has("[[environment]]\nname = \"a\"\nprefix = \"Sk-\"", "f:3: \"Sk-\" cannot be a prefix");
  has("[[api]]\nname = \"a\"\nenvironment = \"liv\"",
      "f:3: there is no environment \"liv\"; did you");
  has("[[api]]\nname = \"a\"\n[[api.endpoint]]\npath = \"v1\"",
      "f:4: the path pattern \"v1\" does not");
  has("[[api]]\nname = \"a\"\n[[api.endpoint]]\npath = \"/v1/*/x\"", "wildcard within a segment");
  has("[[api]]\nname = \"a\"\n[[api.endpoint]]\npath = \"/v1/../x\"", "is not a plain path");
  has("[[api]]\nname = \"a\"\n[[api.endpoint]]\npath = \"/\"\nmethods = [\"get\"]",
      "f:5: \"get\" is not");
  has("[[api]]\nname = \"a\"\n[[api.endpoint]]\npath = \"/\"\nopen = true\nscopes = [\"x\"]",
      "f:5: an open endpoint");
  has("[server]\ntrusted_proxies = [\"10.0.0.1/8\"]", "f:2: \"10.0.0.1/8\" is not an address");
  has("[server]\nthreads = -1", "f:2: `threads` must be a whole number from 0 to 1024");
  has("[server]\nidle_timeout = 5", "f:2: `idle_timeout` must be a duration");
  has("[guessing]\n", "`rate` is missing");
  has("[[placement]]\nname = \"X\"", "`in` is missing");
  has("[[placement]]\nin = \"query\"", "`name` is missing");
  has("[refusals]\nrealm = \"a\\\"b\"", "f:2: `realm` must be plain ASCII");
  has("plan = 3", "f:1: `plan` must be a list of tables");
  has("a = [", "f:1: ");
}

TEST(UnitsTest, Durations) {
  EXPECT_EQ(parse_duration("24h"), std::chrono::hours(24));
  EXPECT_EQ(parse_duration("90 days"), std::chrono::days(90));
  EXPECT_EQ(parse_duration("0s"), std::chrono::seconds(0));
  for (const char* wrong : {"", "h", "24", "-1h", "1.5h", "1h30m", "99999999999999999999s", "200y"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

TEST(UnitsTest, RatesAndQuotas) {
  EXPECT_EQ(parse_rate("100/minute"), (Rate{100, std::chrono::minutes(1), 0}));
  EXPECT_EQ(parse_rate("5 / 10s burst 2"), (Rate{5, std::chrono::seconds(10), 2}));
  for (const char* wrong : {"", "100", "0/s", "1/0s", "/s", "1/parsec", "1/s burst", "1/s burst 0",
                            "4294967296/s", "1/500days"})
    EXPECT_FALSE(parse_rate(wrong)) << wrong;
  EXPECT_EQ(parse_quota("7/day"), (Quota{7, Quota::Period::day}));
  EXPECT_FALSE(parse_quota("7/week"));
  EXPECT_EQ(rate_text({100, std::chrono::minutes(1), 0}), "100 requests per minute");
  EXPECT_EQ(rate_text({1, std::chrono::minutes(5), 0}), "1 request per 5 minutes");
}

TEST(UnitsTest, Sizes) {
  EXPECT_EQ(parse_size("16KiB"), 16384u);
  EXPECT_EQ(parse_size("10"), 10u);
  EXPECT_FALSE(parse_size("16 bananas"));
  EXPECT_FALSE(parse_size("-1"));
}

}  // namespace
}  // namespace locksmith::authority

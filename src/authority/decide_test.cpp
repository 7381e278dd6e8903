// Each cause that the authority can give, once, and what is told about it.
#include "authority/decide.hpp"

#include <gtest/gtest.h>

#include <map>

#include "authority/operations.hpp"
#include "authority/problem.hpp"
#include "authority/record.hpp"
#include "authority/sample_authority.hpp"

namespace locksmith::authority {
namespace {

class DecideTest : public SampleAuthority, public testing::Test {};

TEST_F(DecideTest, AllowsAGoodKey) {
  const Decision decision = ask({.key = good});
  EXPECT_TRUE(decision.allowed()) << slug(decision.cause);
  EXPECT_TRUE(decision.proven);
  EXPECT_EQ(snapshot.texts(*decision.key).id, good_id);
  EXPECT_EQ(decision.endpoint->path, "/v1/orders/{id}");
}

TEST_F(DecideTest, MissingKey) {
  EXPECT_EQ(ask({.headers = {}}).cause, Cause::missing);
  EXPECT_EQ(ask({.headers = {{"Authorization", "Bearer "}}}).cause, Cause::env_unset);
  EXPECT_EQ(ask({.headers = {{"Authorization", "Token " + good}}}).cause, Cause::wrong_scheme);
  EXPECT_EQ(ask({.headers = {{"Authorization", good}}}).cause, Cause::wrong_scheme);
  EXPECT_EQ(ask({.headers = {{"X-Key", good}}}).cause, Cause::wrong_header);
  EXPECT_EQ(ask({.headers = {{"Authorization", "Bearer " + good}, {"X-Api-Key", test_key}}}).cause,
            Cause::conflicting_credentials);
  EXPECT_TRUE(
      ask({.headers = {{"Authorization", "Bearer " + good}, {"X-Api-Key", good}}}).allowed());
}

TEST_F(DecideTest, EachPlacementIsLookedAt) {
  EXPECT_TRUE(ask({.headers = {{"authorization", "bearer " + good}}}).allowed());
  EXPECT_TRUE(ask({.headers = {{"x-api-key", good}}}).allowed());
  EXPECT_TRUE(ask({.headers = {{"Cookie", "a=b; session=\"" + good + "\""}}}).allowed());
  EXPECT_TRUE(ask({.target = "/v1/orders/7?api_key=" + good, .headers = {}}).allowed());
  EXPECT_TRUE(ask({.headers = {{"Authorization", "Basic " + base::base64_encode("user:" + good)}}})
                  .allowed());
}

TEST_F(DecideTest, FormIsToldOffline) {
  const std::map<std::string, Cause> cases{
      {good.substr(0, good.size() - 4), Cause::malformed},
      {good + "\n", Cause::whitespace},
      {"\"" + good + "\"", Cause::quoted},
      {"$API_KEY", Cause::env_unset},
      {"YOUR_API_KEY", Cause::placeholder},
      {good_id, Cause::wrong_credential_type},
      {"Bearer " + good, Cause::wrong_scheme},
      {make_secret("lks_test_").reveal(), Cause::wrong_environment},
      {make_secret("lks_live_").reveal(), Cause::unknown_key},
      {"whatever-foreign-format-1234567890", Cause::unknown_key},
  };
  for (const auto& [key, cause] : cases) {
    const Decision decision = ask({.key = key});
    EXPECT_EQ(slug(decision.cause), slug(cause));
    EXPECT_FALSE(decision.proven);
    EXPECT_EQ(decision.key, nullptr);
  }
}

// "Unlisted" speaks of paths: another method of a listed one is not let through for having no row.
TEST_F(DecideTest, AListedPathTakesItsOwnMethodsOnly) {
  Policy policy = snapshot.policy();
  policy.apis[0].unlisted_allowed = true;
  snapshot = *snapshot.with(std::move(policy));
  EXPECT_TRUE(ask({.target = "/v2/else", .key = good}).allowed());
  EXPECT_EQ(ask({.method = "PUT", .key = good}).cause, Cause::wrong_endpoint);
  EXPECT_EQ(ask({.method = "GET", .target = "/v1/orders/7/lines", .key = good}).cause,
            Cause::wrong_endpoint);
}

}  // namespace
}  // namespace locksmith::authority

// The request apart from its credential.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;

Found judge(const Failure& failure) { return failure.found_by(inspect_request); }
Found url(const std::string& url) { return judge(Failure(url)); }

TEST(InspectRequest, NothingOddSaysNothing) {
  EXPECT_TRUE(url("https://api.acme.test/v1/users/42?page=2").empty());
  EXPECT_TRUE(judge(Failure().send("User-Agent", "acme-client/1.0")).empty());
}

TEST(InspectRequest, Preflight) {
  Failure failure("https://api.acme.test/v1");
  failure.method("OPTIONS");
  EXPECT_TRUE(judge(failure).empty());
  failure.send("Access-Control-Request-Method", "POST");
  EXPECT_GE(judge(failure).weight("request.preflight", "cors-preflight"), clear);
}

TEST(InspectRequest, Companions) {
  Failure failure("https://api.anthropic.com/v1/messages");
  const Found found = judge(failure);
  EXPECT_GT(found.weight("request.companion", "missing-required-header"), 0);
  EXPECT_TRUE(found["request.companion"].text.contains("anthropic-version"));
  EXPECT_EQ(found["request.companion"].fix,
            std::vector<std::string>{"curl -H 'anthropic-version: 2023-06-01' …"});
  failure.send("Anthropic-Version", "2023-06-01");
  EXPECT_FALSE(judge(failure).has("request.companion"));
  EXPECT_FALSE(url("https://api.anthropic.com/other").has("request.companion"));
}

TEST(InspectRequest, AFragmentIsNeverSent) {
  const Found found = url("https://api.acme.test/v1?password=a#" + any_key());
  EXPECT_GE(found.weight("request.fragment", "wrong-endpoint"), clear);
  EXPECT_TRUE(found["request.fragment"].text.contains("32 characters"));
  EXPECT_FALSE(url("https://api.acme.test/v1#").has("request.fragment"));
}

TEST(InspectRequest, DoubledSegments) {
  EXPECT_GE(
      url("https://api.acme.test/v1/v1/users").weight("request.doubled-segment", "wrong-endpoint"),
      clear);
  EXPECT_TRUE(url("https://api.acme.test/api/api").has("request.doubled-segment"));
  for (const char* path : {"/v1/v2/x", "/v1/users/v1", "/a/a", "/v1/v11", "/users/users"}) {
    EXPECT_FALSE(url("https://api.acme.test" + std::string(path)).has("request.doubled-segment"))
        << path;
  }
  EXPECT_TRUE(url("https://api.acme.test//v1").has("request.double-slash"));
}

TEST(InspectRequest, PathsThatWereNeverFilledIn) {
  for (const char* path : {"/users/:id", "/users/{id}", "/users/%7Bid%7D", "/users/undefined",
                           "/users/null", "/${ID}", "/<id>", "/{{id}}", "/[object%20Object]"}) {
    EXPECT_TRUE(url("https://api.acme.test" + std::string(path)).has("request.path-placeholder"))
        << path;
  }
  for (const char* path : {"/v1/projects:list", "/users/42", "/"}) {
    EXPECT_FALSE(url("https://api.acme.test" + std::string(path)).has("request.path-placeholder"))
        << path;
  }
  EXPECT_FALSE(url("https://api.telegram.org/botundefined/getMe").has("request.path-placeholder"));
}

TEST(InspectRequest, NoHost) { EXPECT_TRUE(url("https:///v1").has("request.no-host")); }

TEST(InspectRequest, TheSignatureComesLast) {
  EXPECT_TRUE(url("https://api.acme.test/?signature=" + any_key() + "&recvWindow=5")
                  .has("request.signature-not-last"));
  EXPECT_FALSE(
      url("https://api.acme.test/?a=1&signature=" + any_key()).has("request.signature-not-last"));
}

TEST(InspectRequest, UserAgents) {
  const auto agent = [](const char* name) { return judge(Failure().send("User-Agent", name)); };
  EXPECT_GT(agent("").weight("request.no-user-agent", "waf-blocked"), 0);
  EXPECT_GT(agent("Python-urllib/3.11").weight("request.library-user-agent", "waf-blocked"), 0);
  EXPECT_TRUE(agent("Mozilla/5.0").empty());
}

TEST(InspectRequest, Csrf) {
  const auto writing = [](const char* name, const char* value) {
    Failure failure("https://api.acme.test/v1");
    return judge(failure.method("POST").send(name, value));
  };
  EXPECT_GT(writing("X-CSRF-Token", "a").weight("request.csrf-without-cookie", "csrf"), 0);
  EXPECT_GT(writing("Cookie", "sid=a").weight("request.cookie-without-csrf", "csrf"), 0);
  EXPECT_TRUE(judge(Failure("https://api.acme.test/v1").send("Cookie", "sid=a")).empty());
}

}  // namespace
}  // namespace locksmith::inspect

// What a case works out before any inspector looks: the provider, the main credential, the clock;
// and the rules that all findings keep.
#include <gtest/gtest.h>

#include "base/time.hpp"
#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

std::string main_of(const Failure& failure) {
  const Case c(failure.bundle, catalogue::embedded());
  return c.main ? c.main->where() : "none";
}

TEST(Case, TheProviderIsKnownByHost) {
  const Failure failure("https://api.openai.com/v1/models");
  const Case c(failure.bundle, catalogue::embedded());
  ASSERT_TRUE(c.provider);
  EXPECT_EQ(c.provider->slug, "openai");
  EXPECT_TRUE(c.provider_by_host);
}

TEST(Case, AnUnknownHostHasNoProvider) {
  const Failure failure("https://api.acme.test/v1");
  const Case c(failure.bundle, catalogue::embedded());
  EXPECT_FALSE(c.provider);
  EXPECT_FALSE(c.main);
  EXPECT_FALSE(c.now);
}

// Software that anybody hosts is recognised by what it answers.
TEST(Case, ASelfHostedProviderIsKnownByItsAnswer) {
  for (const catalogue::Provider& provider : catalogue::embedded().providers) {
    for (const catalogue::Condition& mark : provider.recognise) {
      if (mark.what != catalogue::Condition::What::header) continue;
      Failure failure("https://tool.acme.test/api");
      failure.with(std::string(mark.name), mark.text.empty() ? "x" : std::string(mark.text));
      const Case c(failure.bundle, catalogue::embedded());
      ASSERT_TRUE(c.provider) << provider.slug;
      EXPECT_FALSE(c.provider_by_host);
    }
  }
}

TEST(Case, AuthorizationIsMeantUnlessTheProviderLooksElsewhere) {
  EXPECT_EQ(main_of(Failure("https://api.acme.test/?key=1").bearer("a")), "Authorization header");
  EXPECT_EQ(main_of(Failure("https://api.acme.test/?key=1")), "query parameter key");
  EXPECT_EQ(main_of(Failure("https://api.anthropic.com/v1/messages")
                        .send("x-api-key", "a")
                        .send("X-Other-Token", "b")),
            "x-api-key header");
  EXPECT_EQ(main_of(Failure("https://api.telegram.org/bot1:a/getMe")), "URL path, behind /bot");
}

TEST(Case, HalvesAndProxiesAreNotMeant) {
  EXPECT_EQ(main_of(Failure().send("Proxy-Authorization", "Basic eDp5")), "none");
  EXPECT_EQ(
      main_of(
          Failure("https://api.acme.test/").send("X-Auth-Email", "a@b.c").send("X-Auth-Key", "k")),
      "X-Auth-Key header");
  EXPECT_EQ(main_of(Failure("https://api.acme.test/?sig=x&token=y")), "query parameter token");
}

TEST(Case, AFilledOneBeatsAnEmptyOneOfItsRank) {
  EXPECT_EQ(main_of(Failure("https://api.acme.test/?key=").send("X-Api-Key", "a")),
            "X-Api-Key header");
}

TEST(Case, TheServersClockComesBeforeTheClients) {
  Failure failure;
  failure.at("2026-07-27T10:00:00Z");
  EXPECT_EQ(Case(failure.bundle, catalogue::embedded()).now,
            base::parse_rfc3339("2026-07-27T10:00:00Z"));
  failure.with("Date", "Mon, 27 Jul 2026 11:00:00 GMT");
  EXPECT_EQ(Case(failure.bundle, catalogue::embedded()).now,
            base::parse_rfc3339("2026-07-27T11:00:00Z"));
}

// In the body and in the challenge: one fact.
TEST(Inspect, WhatAServerSaysTwiceCountsOnce) {
  const auto weight = [](const char* body, const char* challenge, std::string_view cause) {
    const Found found = Failure("https://api.acme.test/v1")
                            .bearer(any_key())
                            .answer(401, body)
                            .with("WWW-Authenticate", challenge)
                            .found();
    double sum = 0;
    for (const auto& finding : found) {
      if (finding.id == "answer.wording" || finding.id.starts_with("challenge."))
        sum += weight_for(finding, cause);
    }
    return sum;
  };
  const char *token = R"({"error":"invalid_token"})", *bearer = R"(Bearer error="invalid_token")";
  EXPECT_GT(weight(token, "", "unknown-key"), diagnosis::moderate);
  EXPECT_EQ(weight(token, bearer, "unknown-key"), weight(token, "", "unknown-key"));
  EXPECT_EQ(weight("{}", bearer, "unknown-key"), weight(token, "", "unknown-key"));
  const char* expired = R"(Bearer error="invalid_token", error_description="expired")";
  EXPECT_GT(weight(token, expired, "expired"), weight(token, bearer, "expired"));
}

// A server may say what it likes; a report of it must not move the cursor or turn the text around.
TEST(Inspect, NoFindingDrivesTheTerminal) {
  const std::string evil = "\x1b[2J\x07\xe2\x80\xae\n";
  const std::string key = any_key();
  const Found found =
      Failure("https://api.acme.test/v1/" + evil + "?key=" + key)
          .answer(401, "invalid api key " + evil)
          .with("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + evil + "\"")
          .file("conf/" + evil + ".env", "API_KEY=" + any_key(2) + "\nAPI_KEY=x\n")
          .file("/etc/x" + evil + "netrc", "default login a password b")
          .variable("KEY" + evil, key)
          .variable("BASE_URL", "https://" + evil + ".test")
          .found();
  EXPECT_GT(found.size(), 5u);
  for (const diagnosis::Finding& finding : found) {
    const auto safe = [&](const std::string& text) {
      EXPECT_EQ(base::printable(text), text) << finding.id;
    };
    safe(finding.place);
    safe(finding.text);
    for (const std::string& line : finding.fix) safe(line);
  }
}

// What is pasted from a fix must be one command, whatever a file is called.
TEST(Inspect, FixesQuoteWhatTheyTakeFromTheEvidence) {
  const std::string path = "a'; touch /tmp/x; '.netrc";
  const Found found = Failure("https://api.acme.test/v1")
                          .basic("ann:" + any_key())
                          .file(path, "default login ann password b")
                          .found();
  EXPECT_TRUE(
      found["environment.netrc"].fix.at(0).starts_with(R"(mv 'a'\''; touch /tmp/x; '\''.netrc')"));
}

TEST(Inspect, FixesNameOnlyVariablesThatAShellKnows) {
  const std::string key = any_key();
  const auto fix = [&](const char* name) {
    return Failure()
        .send("X-Api-Key", key)
        .variable(name, key)
        .found()["placement.place"]
        .fix.at(0);
  };
  EXPECT_TRUE(fix("ACME_TOKEN").contains("$ACME_TOKEN"));
  EXPECT_TRUE(fix("KEY;touch x").contains("$GITHUB_TOKEN"));
}

}  // namespace
}  // namespace locksmith::inspect

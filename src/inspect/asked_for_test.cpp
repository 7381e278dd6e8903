// What a refusal names: headers that it misses, the scheme that it got.
#include "inspect/asked_for.hpp"

#include <gtest/gtest.h>

#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using Names = std::vector<std::string>;

TEST(AskedFor, HeadersThatAreMissing) {
  EXPECT_EQ(headers_asked_for("Missing X-Account-Id: a key needs it."), Names{"X-Account-Id"});
  EXPECT_EQ(headers_asked_for("Please pass Nimbus-Tenant along with your key."),
            Names{"Nimbus-Tenant"});
  EXPECT_EQ(headers_asked_for("X-Project is not set."), Names{"X-Project"});
  EXPECT_EQ(headers_asked_for("the request header 'x-org' is required"), Names{"x-org"});
  EXPECT_EQ(headers_asked_for("Set the Acme-Version header"), Names{"Acme-Version"});
}

TEST(AskedFor, OrdinaryWordsAreNoHeaders) {
  for (const char* text : {"Two-factor login is required", "read-only keys are not provided", "",
                           "X-Account-Id 42 is suspended", "send it to Saint-Denis-",
                           "missing sub-account", "Missing", "-", "x-"}) {
    EXPECT_EQ(headers_asked_for(text), Names{}) << text;
  }
}

TEST(AskedFor, TheSchemeThatItGot) {
  EXPECT_EQ(scheme_complained_of("unsupported authorization scheme 'basic': send 'bearer <key>'"),
            "basic");
  EXPECT_EQ(scheme_complained_of("takes bearer, but the request came with token authentication."),
            "token");
  EXPECT_EQ(scheme_complained_of("basic authentication is switched off; use a bearer token."),
            "basic");
  EXPECT_EQ(scheme_complained_of("expected bearer, got basic"), "basic");
  EXPECT_EQ(scheme_complained_of("we don't support digest"), "digest");
}

TEST(AskedFor, AdviceIsNoComplaint) {
  for (const char* text :
       {"use basic authentication", "invalid bearer token", "the token was not found",
        "supported authentication type: basic", "please log in with basic", "unknown token",
        "authentication must not be basic but bearer", "token is not valid", "we support basic"}) {
    EXPECT_EQ(scheme_complained_of(text), "") << text;
  }
}

Found said(const Failure& failure) { return failure.found_by(inspect_answer); }
Failure with_bearer(const std::string& body) {
  return Failure("https://api.acme.test/v1").bearer(any_key()).answer(401, body);
}

TEST(AskedFor, AnotherSchemeArrivedThanWasSent) {
  const std::string body = R"({"message":"Unsupported scheme 'Basic', send a Bearer token."})";
  const Found found = said(with_bearer(body));
  EXPECT_GE(found.weight("answer.other-scheme-arrived", "proxy-stripped"), diagnosis::clear);
  EXPECT_LT(found.weight("answer.other-scheme-arrived", "wrong-scheme"), 0);
  // Who sent Basic is told the truth.
  Failure basic("https://api.acme.test/v1");
  basic.basic("user:" + any_key()).answer(401, body);
  EXPECT_FALSE(said(basic).has("answer.other-scheme-arrived"));
}

TEST(AskedFor, AHeaderThatTheRequestLacksOrThatGotLost) {
  const std::string body = R"({"message":"Please pass X-Team-Id."})";
  const Found lacks = said(with_bearer(body));
  EXPECT_GE(lacks.weight("answer.header-asked-for", "missing-required-header"),
            diagnosis::moderate);
  EXPECT_GE(lacks.weight("answer.header-asked-for", "incomplete-credential"), diagnosis::moderate);
  const Found lost = said(with_bearer(body).send("x-team-id", "42"));
  EXPECT_FALSE(lost.has("answer.header-asked-for"));
  EXPECT_GE(lost.weight("answer.header-lost", "proxy-stripped"), diagnosis::moderate);
}

// A place for the key is another matter than what goes with it.
TEST(AskedFor, AHeaderForTheKey) {
  const Found found = said(with_bearer(R"({"message":"Set X-Acme-Token."})"));
  EXPECT_GT(found.weight("answer.header-asked-for", "wrong-header"),
            found.weight("answer.header-asked-for", "missing-required-header"));
}

}  // namespace
}  // namespace locksmith::inspect

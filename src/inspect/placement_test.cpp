// Where the credential sits: none, empty, elsewhere, under another scheme, two at once.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

Found judge(const Failure& failure) { return failure.found_by(inspect_placement); }

TEST(InspectPlacement, None) {
  const Found found = judge(Failure());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found.weight("placement.none", "missing"), moderate);
  EXPECT_GE(found.weight("placement.none", "env-unset"), moderate);
  EXPECT_LT(found.weight("placement.none", "revoked"), 0);
  EXPECT_LT(found.weight("placement.none", "whitespace"), 0);
  EXPECT_EQ(found["placement.none"].fix,
            std::vector<std::string>{"curl -H \"Authorization: Bearer $GITHUB_TOKEN\" …"});
}

TEST(InspectPlacement, TheFixNamesTheProvidersPlace) {
  EXPECT_EQ(judge(Failure("https://api.anthropic.com/v1/messages"))["placement.none"].fix,
            std::vector<std::string>{"curl -H \"x-api-key: $ANTHROPIC_API_KEY\" …"});
  EXPECT_TRUE(judge(Failure("https://api.acme.test/"))["placement.none"].fix.empty());
}

TEST(InspectPlacement, AHeaderLineAsTheValue) {
  const auto sent = [](std::string name) {
    return judge(Failure("https://api.acme.test/").send(name, "X-Acme-Key: " + any_key()));
  };
  EXPECT_GE(sent("X-Api-Key").weight("placement.header-line", "wrong-header"), clear);
  EXPECT_GE(sent("X-Acme-Key").weight("placement.header-line", "wrong-scheme"), clear);
  EXPECT_FALSE(sent("X-Api-Key").has("placement.scheme-punctuation"));
}

TEST(InspectPlacement, BearerInAHeaderThatIsMeantAsAuthorization) {
  const auto sent = [](std::string name) {
    return judge(Failure("https://api.acme.test/").send(name, "Bearer " + any_key()));
  };
  const Found meant = sent("X-Authorization"), key = sent("X-Api-Key");
  const std::string id = "placement.scheme-in-key-header";
  EXPECT_GT(meant.weight(id, "wrong-header"), meant.weight(id, "wrong-scheme"));
  EXPECT_GT(key.weight(id, "wrong-scheme"), key.weight(id, "wrong-header"));
}

TEST(InspectPlacement, NoneMeansLessWhereRequestsAreCounted) {
  const double refused =
      judge(Failure("https://api.acme.test/").answer(401, "")).weight("placement.none", "missing");
  EXPECT_LT(
      judge(Failure("https://api.acme.test/").answer(429, "")).weight("placement.none", "missing"),
      refused);
}

TEST(InspectPlacement, AMisspelledHeader) {
  const Found found = judge(Failure().send("Authorisation", "Bearer " + any_key()));
  EXPECT_GE(found.weight("placement.misspelled", "wrong-header"), clear);
  EXPECT_EQ(found["placement.misspelled"].place, "Authorisation header");
  EXPECT_FALSE(found.has("placement.none"));
}

TEST(InspectPlacement, Empty) {
  for (const char* value : {"Bearer ", "Bearer", "", "Basic "}) {
    const Found found = judge(Failure().send("Authorization", value));
    EXPECT_GE(found.weight("placement.empty", "env-unset"), clear) << value;
    EXPECT_TRUE(found["placement.empty"].fix.at(0).contains("GITHUB_TOKEN"));
    EXPECT_FALSE(found.has("placement.present"));
  }
}

TEST(InspectPlacement, Right) {
  const Found found = judge(Failure().bearer(make_key("github", "classic-token")));
  EXPECT_LT(found.weight("placement.present", "missing"), -clear);
  EXPECT_LT(found.weight("placement.right", "wrong-header"), 0);
  EXPECT_LT(found.weight("placement.right", "wrong-scheme"), 0);
  EXPECT_TRUE(judge(Failure().send("authorization", "TOKEN " + any_key())).has("placement.right"));
}

TEST(InspectPlacement, AnotherScheme) {
  const Found found = judge(
      Failure("https://api.openai.com/v1/models").send("Authorization", "Token " + any_key()));
  EXPECT_GE(found.weight("placement.scheme", "wrong-scheme"), clear);
  EXPECT_TRUE(found["placement.scheme"].text.contains("\"Token\""));
  EXPECT_TRUE(found["placement.scheme"].text.contains("Authorization: Bearer <key>"));
  EXPECT_FALSE(found.has("placement.right"));
}

TEST(InspectPlacement, NoSchemeAtAKnownProvider) {
  const Found found = judge(Failure().send("Authorization", any_key()));
  EXPECT_TRUE(found["placement.scheme"].text.contains("without a scheme"));
}

TEST(InspectPlacement, AnotherPlace) {
  const Found found = judge(Failure().send("X-Api-Key", any_key()));
  EXPECT_GE(found.weight("placement.place", "wrong-header"), clear);
  EXPECT_EQ(found["placement.place"].place, "X-Api-Key header");
  EXPECT_FALSE(found["placement.place"].fix.empty());
  EXPECT_TRUE(
      judge(Failure("https://api.openai.com/v1?api_key=" + any_key())).has("placement.place"));
}

TEST(InspectPlacement, FormOddWhoeverTheServerIs) {
  const auto odd = [](const char* name, const std::string& value) {
    return judge(Failure("https://api.acme.test/v1").send(name, value));
  };
  EXPECT_GE(odd("Authorization", "Bearer: " + any_key())
                .weight("placement.scheme-punctuation", "wrong-scheme"),
            clear);
  EXPECT_GE(odd("Authorization", any_key()).weight("placement.no-scheme", "wrong-scheme"),
            moderate);
  EXPECT_GE(odd("X-Api-Key", "Bearer " + any_key())
                .weight("placement.scheme-in-key-header", "wrong-scheme"),
            moderate);
  const Found plain = odd("Authorization", "Bearer " + any_key());
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_TRUE(plain.has("placement.present"));
}

TEST(InspectPlacement, TwoAuthorizations) {
  const std::string key = any_key();
  EXPECT_GE(judge(Failure().bearer(key).bearer(any_key(2)))
                .weight("placement.two-authorizations", "conflicting-credentials"),
            clear);
  EXPECT_LT(judge(Failure().bearer(key).bearer(key))
                .weight("placement.two-authorizations", "conflicting-credentials"),
            clear);
  EXPECT_TRUE(judge(Failure("https://ann:" + any_key(3) + "@api.acme.test/").bearer(key))
                  .has("placement.two-authorizations"));
  EXPECT_FALSE(judge(Failure().bearer(key)).has("placement.two-authorizations"));
}

TEST(InspectPlacement, PresignedWithAHeader) {
  const Found found = judge(
      Failure("https://b.s3.amazonaws.com/x?X-Amz-Signature=" + any_key()).bearer(any_key(2)));
  EXPECT_GE(found.weight("placement.presigned-and-header", "conflicting-credentials"), clear);
}

TEST(InspectPlacement, ASecondCredentialElsewhere) {
  const std::string key = any_key();
  const Found found = judge(Failure("https://api.acme.test/?api_key=" + any_key(2)).bearer(key));
  EXPECT_GT(found.weight("placement.header-and-other", "conflicting-credentials"), 0);
  EXPECT_FALSE(judge(Failure("https://api.acme.test/?api_key=" + key).bearer(key))
                   .has("placement.header-and-other"));
}

}  // namespace
}  // namespace locksmith::inspect

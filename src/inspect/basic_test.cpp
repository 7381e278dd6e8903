// Basic credentials, decoded and judged.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

Found judge(const Failure& failure) { return failure.found_by(inspect_basic); }
Found raw(const std::string& encoded) {
  return judge(Failure("https://api.acme.test/").send("Authorization", "Basic " + encoded));
}
Found pair(const std::string& decoded) { return raw(base::base64_encode(decoded)); }

TEST(InspectBasic, Clean) {
  for (const std::string& decoded : std::vector<std::string>{
           "ann:" + any_key(), "ann:correct horse battery staple", "ann:p@ss)", "ann:(x];,",
           "Ann Lee:" + any_key(), ":" + any_key(), any_key() + ":", "ann:a:b:c"}) {
    const Found found = pair(decoded);
    EXPECT_TRUE(found.has("basic.clean")) << decoded;
    EXPECT_LT(found.weight("basic.clean", "whitespace"), 0);
    EXPECT_EQ(found.size(), 1u) << decoded;
  }
}

TEST(InspectBasic, ALineFeedInsideThePassword) {
  const Found found = pair("ann:" + any_key() + "\n");
  EXPECT_GE(found.weight("basic.defect", "whitespace"), clear);
  EXPECT_EQ(found["basic.defect"].place, "Authorization header, decoded password, byte 32");
  EXPECT_TRUE(found["basic.defect"].text.contains("line feed"));
  EXPECT_TRUE(found["basic.defect"].fix.at(0).contains("base64 -w 0"));
  EXPECT_FALSE(found.has("basic.clean"));
}

TEST(InspectBasic, DefectsOfEitherHalf) {
  EXPECT_GE(pair("ann\r\n:" + any_key()).weight("basic.defect", "whitespace"), clear);
  EXPECT_GE(pair("ann:'" + any_key() + "'").weight("basic.defect", "quoted"), clear);
  EXPECT_GE(pair("ann:${PASSWORD}").weight("basic.defect", "env-unset"), clear);
  EXPECT_GE(pair("undefined:" + any_key()).weight("basic.defect", "env-unset"), clear);
  EXPECT_GE(pair("ann:\xef\xbb\xbf" + any_key()).weight("basic.defect", "invisible-character"),
            clear);
  EXPECT_GE(pair("ann:Bearer " + any_key()).weight("basic.defect", "wrong-scheme"), clear);
  EXPECT_TRUE(pair("undefined:" + any_key())["basic.defect"].place.contains("decoded user name"));
}

// People do choose "changeme": it is said, but weighs less than in a key.
TEST(InspectBasic, SampleTextAsAPasswordIsOnlyLikely) {
  const Found found = pair("ann:changeme");
  EXPECT_GT(found.weight("basic.defect", "placeholder"), 0);
  EXPECT_LT(found.weight("basic.defect", "placeholder"), clear);
}

TEST(InspectBasic, AFileOfJsonAsThePassword) {
  EXPECT_FALSE(pair("_json_key:{\"type\":\"service_account\"}").has("basic.defect"));
  EXPECT_TRUE(pair("ann:{\"type\":\"service_account\"}").has("basic.defect"));
}

TEST(InspectBasic, BrokenIntoLines) {
  const std::string encoded = base::base64_encode("ann:" + any_key() + any_key(2));
  const Found found = raw(encoded.substr(0, 76) + "\n" + encoded.substr(76));
  EXPECT_GE(found.weight("basic.wrapped", "encoding"), clear);
  EXPECT_TRUE(found["basic.wrapped"].text.contains("after 76 characters"));
  EXPECT_TRUE(raw(encoded + "\n").has("basic.white-space"));
  EXPECT_FALSE(raw(encoded + "\n").has("basic.wrapped"));
}

TEST(InspectBasic, NotBase64) {
  const Found found = raw("ann:" + any_key());
  EXPECT_GE(found.weight("basic.not-base64", "encoding"), clear);
  EXPECT_TRUE(found["basic.not-base64"].text.contains("sent as they are"));
  EXPECT_FALSE(raw("?????").empty());
}

TEST(InspectBasic, NoColon) {
  EXPECT_GE(pair(any_key()).weight("basic.no-colon", "encoding"), clear);
}

TEST(InspectBasic, BothHalvesEmpty) {
  EXPECT_GE(pair(":").weight("basic.empty", "env-unset"), clear);
}

TEST(InspectBasic, AFixedUserName) {
  const std::string token = make_key("pypi", "api-token");
  const auto upload = [&](const std::string& user) {
    return judge(Failure("https://upload.pypi.org/legacy/").basic(user + ":" + token));
  };
  EXPECT_GE(upload("ann").weight("basic.user", "incomplete-credential"), clear);
  EXPECT_TRUE(upload("ann")["basic.user"].fix.at(0).contains("__token__"));
  EXPECT_FALSE(upload("__token__").has("basic.user"));
}

TEST(InspectBasic, OtherSchemesAreNotJudged) {
  EXPECT_TRUE(judge(Failure().bearer(any_key())).empty());
  EXPECT_TRUE(judge(Failure()).empty());
  EXPECT_TRUE(raw("").empty());
}

}  // namespace
}  // namespace locksmith::inspect

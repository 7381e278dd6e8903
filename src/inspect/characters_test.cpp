// Defects of the key as findings: which, where, and that real keys have none.
#include "credential/characters.hpp"

#include <gtest/gtest.h>

#include <map>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;

Found judge(const std::string& value) {
  return Failure().bearer(value).found_by(inspect_characters);
}

TEST(InspectCharacters, WhiteSpaceWithItsByteInTheHeader) {
  const std::string key = make_key("github", "classic-token");
  const Found found = judge(key + "\n");
  EXPECT_GE(found.weight("credential.white-space", "whitespace"), clear);
  EXPECT_EQ(found["credential.white-space"].place,
            "Authorization header, byte " + std::to_string(7 + key.size()));
  EXPECT_TRUE(found["credential.white-space"].text.contains("line feed"));
  EXPECT_FALSE(found.has("credential.clean"));
}

TEST(InspectCharacters, QueryValuesCountFromTheirOwnStart) {
  const Found found = Failure("https://api.acme.test/v1?api_key=%20" + any_key()).found();
  EXPECT_EQ(found["credential.white-space"].place, "query parameter api_key, byte 0");
}

TEST(InspectCharacters, EachDefectLeadsToItsCause) {
  const std::string key = make_key("github", "classic-token");
  const struct {
    std::string value;
    std::string_view id, cause;
  } samples[] = {
      {"\xef\xbb\xbf" + key, "credential.invisible-character", "invisible-character"},
      {"'" + key + "'", "credential.quote", "quoted"},
      {"${GITHUB_TOKEN}", "credential.unexpanded", "env-unset"},
      {"undefined", "credential.null-word", "env-unset"},
      {"[object Object]", "credential.printed-object", "env-unset"},
      {"YOUR_API_KEY", "credential.placeholder", "placeholder"},
      {"ghp_\u2026abcd", "credential.masked", "malformed"},
      {"https://github.com/settings/tokens", "credential.not-a-key", "malformed"},
      {"Bearer " + key, "credential.doubled-scheme", "wrong-scheme"},
      {key + "%0A", "credential.url-encoded", "encoding"},
      {"\u00e4" + key, "credential.non-ascii", "encoding"},
  };
  for (const auto& sample : samples) {
    const Found found = judge(sample.value);
    EXPECT_GE(found.weight(sample.id, sample.cause), clear) << sample.id;
    EXPECT_FALSE(found.has("credential.clean")) << sample.id;
  }
}

TEST(InspectCharacters, ACleanKeySpeaksAgainstDefects) {
  const Found found = judge(make_key("github", "classic-token"));
  ASSERT_EQ(found.size(), 1u);
  for (const char* cause : {"whitespace", "quoted", "placeholder", "invisible-character"}) {
    EXPECT_LT(found.weight("credential.clean", cause), 0) << cause;
  }
}

// X issues bearer tokens that are URL-encoded.
TEST(InspectCharacters, AKeyThatIsUrlEncodedByItsVendor) {
  const std::string part = make_key("twitter-x", "bearer-token").substr(0, 60);
  std::string key = part + "%2F" + any_key() + "%3D";
  key += std::string(102 - key.size(), 'b');
  const Found found = Failure("https://api.twitter.com/2/tweets").bearer(key).found();
  EXPECT_FALSE(found.has("credential.url-encoded"));
  EXPECT_TRUE(found.has("kind.whole"));
  EXPECT_TRUE(judge(key).has("credential.url-encoded"));  // elsewhere it is odd
}

TEST(InspectCharacters, NothingToSayWithoutAKey) {
  EXPECT_TRUE(Failure().found_by(inspect_characters).empty());
  EXPECT_TRUE(judge("").empty());
}

// Lists of parameters have blanks and quotes of their own.
TEST(InspectCharacters, ParametersOfASchemeAreNoDefects) {
  for (const char* value :
       {"Digest username=\"ann\", realm=\"a b\"", "AWS4-HMAC-SHA256 Credential=a/b, Signature=c",
        "OAuth oauth_consumer_key=\"x\", oauth_nonce=\"y\"", "Signature keyId=\"k\",sig=\"s\""}) {
    const Found found = Failure().send("Authorization", value).found_by(inspect_characters);
    EXPECT_TRUE(found.empty()) << value;
  }
}

// Ten thousand keys of every shape that the catalogue knows: by chance they hold "test", "key",
// "xxxx" or "abc", and must not be called sample text for it.
TEST(InspectCharacters, KeysOfTheCatalogueAreClean) {
  struct Kind {
    const catalogue::KeyKind* kind;
    credential::Shape shape;
  };
  std::vector<Kind> kinds;
  for (const catalogue::Provider& provider : catalogue::embedded().providers) {
    for (const catalogue::KeyKind& kind : provider.keys) {
      if (kind.accepted) kinds.push_back({&kind, *credential::Shape::parse(kind.shape)});
    }
  }
  ASSERT_GT(kinds.size(), 50u);
  constexpr int count = 10'000;
  int offenders = 0;
  std::map<std::string, int> found;
  for (int i = 0; i < count; ++i) {
    const Kind& k = kinds[i % kinds.size()];
    auto defects = credential::find_defects(k.shape.generate(i));
    // Where the shape has a '%', the vendor issues URL-encoded keys (is_own_key).
    if (k.kind->shape.contains('%')) {
      std::erase_if(defects,
                    [](const auto& d) { return d.defect == credential::Defect::url_encoded; });
    }
    offenders += !defects.empty();
    for (const auto& defect : defects) ++found[defect.what + ", kind " + std::string(k.kind->kind)];
  }
  EXPECT_LE(offenders, count / 2000) << testing::PrintToString(found);
}

}  // namespace
}  // namespace locksmith::inspect

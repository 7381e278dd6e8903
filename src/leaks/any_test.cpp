#include "leaks/any.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalogue/catalogue.hpp"

namespace locksmith::leaks {
namespace {

// A value of the catalogue's shape, made anew, that no generator of keys would be ashamed of.
std::string made(std::string_view provider, std::string_view kind) {
  for (const auto& key : catalogue::embedded().provider(provider)->keys) {
    if (key.kind != kind) continue;
    for (std::uint64_t seed = 1; seed < 100; ++seed) {
      std::string value = credential::Shape::parse(key.shape)->generate(seed);
      value = credential::with_checksum(key.checksum, std::move(value));
      if (looks_generated(value, key.prefix)) return value;
    }
  }
  return {};
}

const AnyDetector& detector() {
  static const AnyDetector detector(catalogue::embedded());
  return detector;
}

// What is found in a text, without the keys.
std::vector<std::string> found(const std::string& text) {
  std::vector<std::string> out;
  detector().search(text, [&](const Hit& hit) {
    out.push_back(detector().seen().at(hit.key).what + " " + std::to_string(hit.length));
  });
  return out;
}
using Found = std::vector<std::string>;

TEST(Any, KeysWithAPrefixOfTheirOwn) {
  const std::string key = made("github", "classic-token");
  ASSERT_EQ(key.size(), 40);
  const Found one{"GitHub classic-token 40"};
  EXPECT_EQ(found("token = '" + key + "'"), one);
  EXPECT_EQ(found("https://x:" + key + "@github.com/a/b"), one);
  EXPECT_EQ(found("clone with " + key + "."), one);
  EXPECT_EQ(found("{\\n" + key + "\\n}"), one);
  EXPECT_EQ(found("a=%3D" + key), one);
  EXPECT_EQ(found(key + "\n" + key), (Found{one[0], one[0]}));
}

TEST(Any, AWordThatGoesOnIsNone) {
  const std::string key = made("github", "classic-token");
  EXPECT_EQ(found("x" + key), Found{});
  EXPECT_EQ(found(key + "x"), Found{});
  EXPECT_EQ(found(key.substr(0, 39)), Found{});
}

TEST(Any, AChecksumThatFailsIsNoKey) {
  const std::string key = made("github", "classic-token");
  EXPECT_EQ(found(credential::with_checksum(credential::Checksum::crc32_base62, key, false)),
            Found{});
}

TEST(Any, PlaceholdersAndWordsAreNone) {
  EXPECT_EQ(found("ghp_" + std::string(36, 'x')), Found{});
  EXPECT_EQ(found("re_match_all_of_the_given_patterns_in_order"), Found{});
  EXPECT_EQ(found("sk-your-openai-api-key-goes-here-please-now"), Found{});
  EXPECT_EQ(found("pa-collapsible-navigation-toggle-button-for-narrow"), Found{});
}

TEST(Any, WhatIsMeantToBeSeenIsNone) {
  const std::string key = made("stripe", "publishable-key");
  ASSERT_FALSE(key.empty());
  EXPECT_EQ(found("key: " + key), Found{});
}

TEST(Any, KeysWithoutALookNeedAName) {
  const std::string key = made("aws", "secret-access-key");
  ASSERT_EQ(key.size(), 40);
  EXPECT_EQ(found(key), Found{});
  EXPECT_EQ(found("checksum = " + key), Found{});
  EXPECT_EQ(found("AWS_SECRET_ACCESS_KEY=" + key).size(), 1);
  EXPECT_EQ(found("\"aws_secret_access_key\": \"" + key + "\"").size(), 1);
}

TEST(Any, PrivateKeysNeedABody) {
  std::string body;
  for (int i = 0; i < 4; ++i) body += std::string(60, static_cast<char>('A' + i)) + "\n";
  const std::string label = "PRIVATE KEY-----";
  const std::string pem = "-----BEGIN RSA " + label + "\n" + body + "-----END RSA " + label;
  ASSERT_EQ(found("x\n" + pem).size(), 1);
  EXPECT_TRUE(found(pem)[0].starts_with("private key (PEM)"));
  EXPECT_EQ(found("if line.startswith('-----BEGIN " + label + "'):"), Found{});
  EXPECT_EQ(found("-----BEGIN CERTIFICATE-----\n" + body), Found{});
}

TEST(Any, AMarkAllowsALine) {
  const std::string key = made("github", "classic-token");
  EXPECT_EQ(found("x = '" + key + "'  # locksmith:allow"), Found{});
  EXPECT_EQ(found("x = '" + key + "'\n# locksmith:allow").size(), 1);
}

// Of every secret kind that stands alone, a generated value is found, as that kind or one like it.
TEST(Any, TheCatalogueIsCovered) {
  std::size_t tried = 0, missed = 0;
  for (const auto& provider : catalogue::embedded().providers) {
    for (const auto& kind : provider.keys) {
      if (!kind.distinctive || is_public(kind) || kind.role == "other" || kind.prefix.size() < 4) {
        continue;
      }
      const std::string key = made(provider.slug, kind.kind);
      if (key.empty() || key.starts_with("eyJ")) continue;
      ++tried;
      if (found("\"" + key + "\"").empty()) {
        ++missed;
        ADD_FAILURE() << provider.slug << " " << kind.kind;
      }
    }
  }
  EXPECT_GT(tried, 100);
  EXPECT_EQ(missed, 0);
}

}  // namespace
}  // namespace locksmith::leaks

// JSON Web Tokens as they occur, whole and broken.
#include "credential/jwt.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

std::string part(std::string_view json) {
  std::string text = base::base64_encode(json);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}
std::string token(std::string_view claims, std::string_view header = R"({"alg":"HS256"})") {
  return part(header) + "." + part(claims) + ".c2ln";
}
base::Time at(long seconds) { return base::Time(std::chrono::seconds(seconds)); }

Jwt read(std::string_view claims) {
  const auto jwt = read_jwt(token(claims));
  EXPECT_TRUE(jwt) << claims;
  return jwt.value_or(Jwt{});
}

// RFC 7519 section 3.1, with the line breaks of the RFC inside the JSON.
TEST(Jwt, ExampleOfTheRfc) {
  const std::string value = token(
      "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n "
      "\"http://example.com/is_root\":true}",
      "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
  EXPECT_TRUE(looks_like_jwt(value));
  const auto jwt = read_jwt(value);
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt->type, "JWT");
  EXPECT_EQ(jwt->algorithm, "HS256");
  EXPECT_EQ(jwt->issuer, "joe");
  EXPECT_EQ(jwt->expires, at(1300819380));
  EXPECT_FALSE(jwt->not_before);
  EXPECT_EQ(jwt->signature, "c2ln");
}

// RFC 7519 section 6.1: an unsecured token has an empty third part.
TEST(Jwt, UnsecuredExampleOfTheRfc) {
  const auto jwt = read_jwt(part(R"({"alg":"none"})") + "." + part(R"({"iss":"joe"})") + ".");
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt->algorithm, "none");
  EXPECT_EQ(jwt->signature, "");
}

TEST(Jwt, TimesInSeconds) {
  const Jwt jwt = read(R"({"exp":1700000000.9,"nbf":1.7e9,"iat":0})");
  EXPECT_EQ(jwt.expires, at(1700000000));
  EXPECT_EQ(jwt.not_before, at(1700000000));
  EXPECT_EQ(jwt.issued_at, at(0));
}

TEST(Jwt, WhatIsNoTimeIsLeftOut) {
  for (const char* time :
       {"1700000000000", "1.7e12", "-1", "\"1700000000\"", "null", "true", "[1700000000]", "{}",
        "1e400", "-1e400", "18446744073709551615", "9223372036854775807"}) {
    EXPECT_FALSE(read(R"({"exp":)" + std::string(time) + "}").expires) << time;
  }
}

TEST(Jwt, AudienceAndScopesAreTextsOrLists) {
  EXPECT_EQ(read(R"({"aud":"https://a.test"})").audience,
            std::vector<std::string>{"https://a.test"});
  EXPECT_EQ(read(R"({"aud":["a","b",3,null]})").audience, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read(R"({"aud":7})").audience, std::vector<std::string>{});
  EXPECT_EQ(read(R"({"scope":"read  write","scp":["mail"],"roles":["admin"]})").scopes,
            (std::vector<std::string>{"read", "write", "mail", "admin"}));
}

TEST(Jwt, ClaimsOfAnotherTypeAreEmpty) {
  const Jwt jwt = read(R"({"iss":1,"sub":{"a":"b"}})");
  EXPECT_EQ(jwt.issuer, "");
  EXPECT_EQ(jwt.subject, "");
}

TEST(Jwt, PaddingIsForgiven) {
  EXPECT_TRUE(read_jwt(base::base64_encode(R"({"a":1})") + "." + base::base64_encode("{}") + ".x"));
}

TEST(Jwt, WhatIsNone) {
  const std::string good = token("{}");
  const auto first = good.find('.'), second = good.rfind('.');
  for (const std::string& value :
       {std::string(), std::string("."), std::string(".."), std::string("..."), std::string("abc"),
        good.substr(0, second), good.substr(first), good + ".x", good + ".x.y",
        part("[1]") + "." + part("{}") + ".x", part("{}") + "." + part("7") + ".x",
        part("{}") + "." + part("{\"a\":") + ".x", std::string("!!.!!.!!"),
        std::string("key.with.dots"), good.substr(0, first) + ".*." + good.substr(second)}) {
    EXPECT_FALSE(read_jwt(value)) << value;
  }
}

TEST(Jwt, LooksLikeOneOnlyWithThreeParts) {
  EXPECT_TRUE(looks_like_jwt(token("{}")));
  EXPECT_FALSE(looks_like_jwt(token("{}") + ".x.y"));  // encrypted: RFC 7516
  EXPECT_FALSE(looks_like_jwt("eyJhbGciOi"));
  EXPECT_FALSE(looks_like_jwt("a.b.c"));
}

TEST(Jwt, NestedAndHugeOnesAreBounded) {
  EXPECT_FALSE(read_jwt(token(std::string(100'000, '['))));
  EXPECT_FALSE(read_jwt(token("{\"a\":" + std::string(5000, '[') + std::string(5000, ']') + "}")));
  const Jwt jwt = read(R"({"sub":")" + std::string(1'000'000, 'a') + R"(","exp":1})");
  EXPECT_EQ(jwt.subject.size(), 1'000'000u);
  EXPECT_EQ(jwt.expires, at(1));
}

}  // namespace
}  // namespace locksmith::credential

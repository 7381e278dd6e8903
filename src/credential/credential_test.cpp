// Where credentials sit in a request, and what is not one.
#include "credential/credential.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

http::Request get(std::string url, http::Headers headers = {}) {
  return {.url = std::move(url), .headers = std::move(headers)};
}
http::Request with(std::string name, std::string value) {
  return get("https://api.acme.test/", {{std::move(name), std::move(value)}});
}

// "place name|scheme|value" of each credential.
std::vector<std::string> found(const http::Request& request,
                               std::span<const Placement> known = {}) {
  std::vector<std::string> out;
  for (const Credential& c : find_credentials(request, known)) {
    out.push_back(std::string(to_string(c.place)) + " " + c.name + "|" + c.scheme + "|" +
                  c.value.reveal());
  }
  return out;
}
using Found = std::vector<std::string>;

Credential first(const http::Request& request) {
  const auto all = find_credentials(request);
  EXPECT_FALSE(all.empty());
  return all.empty() ? Credential{} : all.front();
}

TEST(Credential, SchemesOfAuthorization) {
  EXPECT_EQ(found(with("Authorization", "Bearer abc")), Found{"header Authorization|Bearer|abc"});
  EXPECT_EQ(found(with("authorization", "token abc")), Found{"header authorization|token|abc"});
  EXPECT_EQ(found(with("Authorization", "DeepL-Auth-Key abc:fx")),
            Found{"header Authorization|DeepL-Auth-Key|abc:fx"});
  EXPECT_EQ(found(with("Authorization", "Baerer abc")), Found{"header Authorization|Baerer|abc"});
  EXPECT_EQ(found(with("Authorization", "abc.def")), Found{"header Authorization||abc.def"});
  EXPECT_EQ(found(with("Authorization", "Bearer: abc")), Found{"header Authorization|Bearer:|abc"});
}

TEST(Credential, AHeaderLineAsTheValue) {
  EXPECT_EQ(found(with("X-Api-Key", "X-Redmine-API-Key: abc")),
            Found{"header X-Api-Key|X-Redmine-API-Key:|abc"});
  EXPECT_EQ(found(with("X-Api-Key", "see: abc")), Found{"header X-Api-Key||see: abc"});
}

TEST(Credential, BehindTheVersionInThePath) {
  const std::string key = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
  EXPECT_EQ(found(get("https://rpc.test/v3/" + key)), Found{"path /v3/||" + key});
  EXPECT_EQ(found(get("https://rpc.test/ws/v3/" + key + "/more?x=1")),
            Found{"path /ws/v3/||" + key});
  // Another credential is there, or it is an id, a word, or too short.
  EXPECT_EQ(found(get("https://rpc.test/v3/" + key, {{"X-Api-Key", "abc"}})),
            Found{"header X-Api-Key||abc"});
  for (const std::string& path :
       {"/v1/users/" + key, "/view/" + key, std::string("/v1/chat-completions-of-everybody"),
        std::string("/v1/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), "/v1/" + key.substr(0, 20),
        std::string("/v1"), std::string("/v"), std::string("/v1/")})
    EXPECT_EQ(found(get("https://rpc.test" + path)), Found{}) << path;
}

TEST(Credential, ASecondBlankBelongsToTheValue) {
  const Credential c = first(with("Authorization", "Bearer  abc\n"));
  EXPECT_EQ(c.value.reveal(), " abc\n");
  EXPECT_EQ(c.offset, 7u);
}

TEST(Credential, BlanksAroundTheFieldDoNot) {
  const Credential c = first(with("X-Api-Key", "  abc"));
  EXPECT_EQ(c.value.reveal(), "abc");
  EXPECT_EQ(c.offset, 2u);
}

TEST(Credential, AnEmptyOneCounts) {
  EXPECT_EQ(found(with("Authorization", "Bearer ")), Found{"header Authorization|Bearer|"});
  EXPECT_EQ(found(with("Authorization", "Bearer")), Found{"header Authorization|Bearer|"});
  EXPECT_EQ(found(with("Authorization", "")), Found{"header Authorization||"});
  EXPECT_EQ(found(with("X-Api-Key", "")), Found{"header X-Api-Key||"});
  EXPECT_EQ(found(get("https://a.test/?api_key=")), Found{"query api_key||"});
}

TEST(Credential, SeveralStandInOrder) {
  const auto request = get("https://ann:pw@a.test/?key=k1", {{"X-Api-Key", "k2"},
                                                             {"Cookie", "a=1; token=k3"},
                                                             {"Authorization", "Bearer k4"},
                                                             {"Authorization", "Bearer k5"}});
  EXPECT_EQ(found(request),
            (Found{"header Authorization|Bearer|k4", "header Authorization|Bearer|k5",
                   "header X-Api-Key||k2", "query key||k1", "cookie token||k3",
                   "userinfo userinfo|Basic|ann:pw"}));
}

TEST(Credential, HeadersThatHoldOne) {
  for (const char* name : {"X-Api-Key", "api-key", "apikey", "X-Auth-Token", "PRIVATE-TOKEN",
                           "X-Amz-Security-Token", "Proxy-Authorization", "DD-API-KEY",
                           "X-Figma-Token", "xi-api-key", "Ocp-Apim-Subscription-Key",
                           "X-Vault-Token", "X_API_KEY", "X-Secret", "CF-Access-Client-Secret"}) {
    EXPECT_EQ(found(with(name, "abc")).size(), 1u) << name;
  }
}

TEST(Credential, HeadersThatHoldNone) {
  for (const char* name :
       {"X-Csrf-Token", "X-XSRF-TOKEN", "Idempotency-Key", "X-Idempotency-Key", "Sec-WebSocket-Key",
        "X-Atlassian-Token", "Jenkins-Crumb", "Content-Type", "Accept", "User-Agent", "Host",
        "X-Request-Id", "Cache-Control", "Surrogate-Key", "Access-Control-Request-Headers",
        "X-Monkey", "Keyboard", "X-Tokenizer", "Author"}) {
    EXPECT_EQ(found(with(name, "abc")), Found{}) << name;
  }
}

TEST(Credential, KnownPlacementsMakeOddNamesCount) {
  const std::array known{Placement{Place::header, "X-Acme", ""}, Placement{Place::query, "a", ""},
                         Placement{Place::cookie, "sid", ""}, Placement{Place::path, "/bot", ""}};
  EXPECT_EQ(found(get("https://a.test/bot12%3Aab/getMe?a=1&b=2",
                      {{"x-acme", "k"}, {"Cookie", "sid=s; other=o"}}),
                  known),
            (Found{"header x-acme||k", "query a||1", "cookie sid||s", "path /bot||12:ab"}));
  EXPECT_EQ(found(get("https://a.test/bot"), known), Found{"path /bot||"});
  EXPECT_EQ(found(get("https://a.test/me"), known), Found{});
}

TEST(Credential, QueryValuesAreDecoded) {
  EXPECT_EQ(found(get("https://a.test/?x=1&api_key=a%2Bb+c%0A&page=2")),
            Found{"query api_key||a+b c\n"});
  EXPECT_EQ(found(get("https://a.test/?API_KEY=a")), Found{"query API_KEY||a"});
  EXPECT_EQ(found(get("https://a.test/?q=token&sort=key#token=x")), Found{});
}

TEST(Credential, Cookies) {
  EXPECT_EQ(found(with("Cookie", "jwt=a=b; theme=dark;access_token=c")),
            (Found{"cookie jwt||a=b", "cookie access_token||c"}));
  EXPECT_EQ(found(with("Cookie", "session=abc; ; token")), Found{});
}

TEST(Credential, UserinfoIsDecoded) {
  const Credential c = first(get("https://ann:p%40ss%3A1@a.test/"));
  ASSERT_TRUE(c.basic);
  EXPECT_EQ(c.basic->user, "ann");
  EXPECT_EQ(c.secret(), "p@ss:1");
  EXPECT_EQ(first(get("https://tok@a.test/")).secret(), "tok");
  EXPECT_FALSE(first(get("https://tok@a.test/")).basic->has_colon);
}

Credential basic(const std::string& encoded) {
  return first(with("Authorization", "Basic " + encoded));
}

TEST(Credential, BasicPair) {
  const Credential c = basic(base::base64_encode("ann:pass"));
  ASSERT_TRUE(c.basic && c.basic->valid_base64 && c.basic->has_colon);
  EXPECT_EQ(c.basic->user, "ann");
  EXPECT_EQ(c.secret(), "pass");
}

TEST(Credential, BasicVariants) {
  EXPECT_EQ(basic(base::base64_encode("ann:p:q:")).secret(), "p:q:");  // RFC 7617: the first colon
  EXPECT_EQ(basic(base::base64_encode("key:")).secret(), "key");       // the user is the key
  EXPECT_EQ(basic(base::base64_encode(":pw")).basic->user, "");
  EXPECT_FALSE(basic(base::base64_encode("lonely")).basic->has_colon);
  const std::string padded = base::base64_encode("ann:passwd");
  ASSERT_TRUE(padded.ends_with("="));
  EXPECT_EQ(basic(padded.substr(0, padded.find('='))).secret(), "passwd");
  EXPECT_EQ(basic(padded.substr(0, 4) + "\r\n" + padded.substr(4)).secret(), "passwd");
  EXPECT_EQ(basic(padded + "\n").secret(), "passwd");
}

TEST(Credential, BasicInTheUrlSafeAlphabet) {
  std::string encoded = base::base64_encode("ann:\xff\xfe?>~");
  ASSERT_TRUE(encoded.find_first_of("+/") != std::string::npos);
  for (char& c : encoded) c = c == '+' ? '-' : c == '/' ? '_' : c;
  EXPECT_EQ(basic(encoded).secret(), "\xff\xfe?>~");
}

TEST(Credential, BasicThatIsNone) {
  const Credential c = basic("ann:pass");
  ASSERT_TRUE(c.basic);
  EXPECT_FALSE(c.basic->valid_base64);
  EXPECT_EQ(c.value.reveal(), "ann:pass");
  EXPECT_FALSE(first(with("Authorization", "Bearer YWJjOmRlZg")).basic);
}

TEST(Credential, NamesOfPlaces) {
  for (const Place place :
       {Place::header, Place::query, Place::cookie, Place::userinfo, Place::path, Place::body}) {
    EXPECT_EQ(place_from(to_string(place)), place);
  }
  EXPECT_FALSE(place_from("trailer"));
  EXPECT_EQ(first(with("X-Api-Key", "a")).where(), "X-Api-Key header");
  EXPECT_EQ(first(get("https://a.test/?key=a")).where(), "query parameter key");
}

}  // namespace
}  // namespace locksmith::credential

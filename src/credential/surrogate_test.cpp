// Surrogates keep what a diagnosis looks at, and the tables know a secret's name.
#include "credential/surrogate.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "credential/redact_test_keys.hpp"
#include "credential/secret_names.hpp"

namespace locksmith::credential {
namespace {

TEST(Surrogate, KeepsLengthPrefixAndClasses) {
  for (const std::string prefix :
       {"sk-proj-", "sk-ant-api03-", "xoxb-", "AKIA", "AIza", "whatever_", "glpat-"}) {
    const std::string key = prefix + random_text(40, 1);
    const std::string other = make_surrogate(key, kSeed);
    EXPECT_NE(other, key);
    EXPECT_TRUE(other.starts_with(prefix)) << other;
    EXPECT_EQ(classes(other), classes(key));
    EXPECT_EQ(other, make_surrogate(key, kSeed));
    EXPECT_NE(other, make_surrogate(key, kSeed + 1));
  }
}

TEST(Surrogate, ARandomPartIsNoPrefix) {
  const std::string uuid = "fa0e1d2c-3b4a-5968-7f6e-5d4c3b2a1908";
  const std::string other = make_surrogate(uuid, kSeed);
  EXPECT_NE(other.substr(0, 8), uuid.substr(0, 8));
  EXPECT_EQ(other.find_first_not_of("0123456789abcdef-"), std::string::npos) << "stays hexadecimal";
  EXPECT_NE(make_surrogate("old-password", kSeed, SecretKind::password).substr(0, 4), "old-");
}

TEST(Surrogate, KeepsChecksumsValidAndInvalid) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    std::string key = github_key(seed);
    EXPECT_TRUE(ends_in_checksum(key));
    EXPECT_TRUE(ends_in_checksum(make_surrogate(key, kSeed)));
    key.back() = key.back() == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ends_in_checksum(key));
    EXPECT_FALSE(ends_in_checksum(make_surrogate(key, kSeed)));
  }
}

TEST(Surrogate, KeepsDefectsAndIgnoresThem) {
  const std::string key = "sk-" + random_text(30, 2);
  const std::string other = make_surrogate(key, kSeed);
  std::string broken = key, expected = other;
  broken.insert(10, "\n\xe2\x80\x8b");
  expected.insert(10, "\n\xe2\x80\x8b");
  EXPECT_EQ(make_surrogate("\xef\xbb\xbf\"" + broken + "\" ", kSeed),
            "\xef\xbb\xbf\"" + expected + "\" ");
}

TEST(Surrogate, KeepsTheClaimsThatADiagnosisNeeds) {
  const auto part = [](std::string_view json) {
    std::string out = base::base64_encode(json);
    while (out.ends_with('=')) out.pop_back();
    for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
  };
  const std::string token =
      part(R"({"alg":"RS256","kid":"k1"})") + "." +
      part(R"({"sub":"me\u0040test","exp":1700000000,"aud":["a","b"],"email": "me@test",)"
           R"("iss":"https://iss.test","scope":"read","nested":{"jti":"abc1"},"uid":1234})") +
      "." + random_text(43, 3);
  const std::string other = make_surrogate(token, kSeed);
  ASSERT_EQ(other.size(), token.size());
  const std::size_t first = other.find('.'), second = other.find('.', first + 1);
  EXPECT_EQ(other.substr(0, first), token.substr(0, first));
  EXPECT_NE(other.substr(second), token.substr(second));
  const std::string claims =
      base::base64url_decode(other.substr(first + 1, second - first - 1)).value();
  for (const char* kept : {R"("exp":1700000000)", R"("aud":["a","b"])",
                           R"("iss":"https://iss.test")", R"("scope":"read")", "\\u0040"}) {
    EXPECT_TRUE(claims.contains(kept)) << claims;
  }
  for (const char* gone : {"me@test", "abc1", "1234", "\"me"})
    EXPECT_FALSE(claims.contains(gone)) << claims;
}

TEST(Surrogate, APasswordInForeignLettersIsReplacedAndAForeignLetterIsKept) {
  const std::string password = "пароль";
  const std::string other = make_surrogate(password, kSeed, SecretKind::password);
  EXPECT_NE(other, password);
  EXPECT_EQ(other.size(), password.size());
  EXPECT_TRUE(base::is_valid_utf8(other));
  EXPECT_TRUE(
      make_surrogate("sk-" + random_text(20, 4) + "а" + random_text(5, 5), kSeed).contains("а"));
}

TEST(Surrogate, OfBase64IsBase64OfTheSurrogate) {
  const std::string key = github_key(1);
  EXPECT_EQ(make_surrogate(base::base64_encode(key), kSeed),
            base::base64_encode(make_surrogate(key, kSeed)));
}

TEST(SecretNames, ByPlace) {
  for (const char* name : {"Authorization", "X-API-Key", "api-key", "X-MBX-APIKEY", "JOB-TOKEN",
                           "Cookie", "X-Auth-Key", "Ocp-Apim-Subscription-Key",
                           "X-Amz-Security-Token", "Proxy-Authorization", "Api-Signature"}) {
    EXPECT_EQ(secrecy_of(name, NameKind::header), Secrecy::sure) << name;
  }
  for (const char* name :
       {":authority", "authority", "Access-Control-Allow-Headers", "Idempotency-Key",
        "Sec-WebSocket-Key", "WWW-Authenticate", "x-ratelimit-limit-tokens", "X-OAuth-Scopes",
        "X-Auth-Email", "Host", "github-authentication-token-expiration"}) {
    EXPECT_EQ(secrecy_of(name, NameKind::header), Secrecy::none) << name;
  }
  for (const char* name :
       {"key", "api_key", "apikey", "access_token", "sig", "X-Amz-Signature", "X-Amz-Credential",
        "code", "client_secret", "appid", "hapikey", "x-algolia-api-key"}) {
    EXPECT_EQ(secrecy_of(name, NameKind::parameter), Secrecy::sure) << name;
  }
  for (const char* name : {"q", "api-version", "X-Amz-Date", "X-Amz-SignedHeaders", "max_tokens",
                           "keyword", "token_type"}) {
    EXPECT_EQ(secrecy_of(name, NameKind::parameter), Secrecy::none) << name;
  }
  for (const char* name :
       {"OPENAI_API_KEY", "DB_PASSWORD", "NPM_TOKEN", "AUTH", "SERVICE_CREDENTIALS", "MY_KEY",
        "NEXT_PUBLIC_API_KEY", "PGPASSWORD", "SECRET"}) {
    EXPECT_EQ(secrecy_of(name, NameKind::variable), Secrecy::sure) << name;
  }
  for (const char* name : {"PATH", "HTTP_PROXY", "OPENAI_BASE_URL", "TOKEN_URL", "AUTH_URL",
                           "PUBLIC_KEY", "MAX_TOKENS"}) {
    EXPECT_EQ(secrecy_of(name, NameKind::variable), Secrecy::none) << name;
  }
}

}  // namespace
}  // namespace locksmith::credential

// What is found, what replaces it, what stays because it is evidence; and that no secret gets out.
#include "credential/redact.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "credential/redact_test_keys.hpp"
#include "credential/secret_names.hpp"
#include "credential/surrogate.hpp"
#include "http/har.hpp"

namespace locksmith::credential {
namespace {

http::Bundle bundle_with(http::Headers headers, std::string url = "https://api.test/v1") {
  http::Bundle bundle;
  bundle.exchanges.emplace_back();
  bundle.exchanges[0].request.url = std::move(url);
  bundle.exchanges[0].request.headers = std::move(headers);
  bundle.exchanges[0].response.status = 401;
  return bundle;
}

std::string redacted_header(std::string name, std::string value) {
  const http::Bundle bundle =
      Redactor(kSeed).redact(bundle_with({{std::move(name), std::move(value)}}));
  return bundle.exchanges[0].request.headers[0].value;
}
std::string redacted_url(std::string url) {
  return Redactor(kSeed).redact(bundle_with({}, std::move(url))).exchanges[0].request.url;
}

TEST(NoSecret, WhatIsEvidence) {
  for (const char* value : {"",
                            " \n",
                            "YOUR_API_KEY",
                            "your-openai-api-key",
                            "<token>",
                            "sk-xxxxxxxxxxxx",
                            "changeme",
                            "$OPENAI_API_KEY",
                            "${KEY}",
                            "{{ key }}",
                            "%API_KEY%",
                            "$api_key",
                            "undefined",
                            "null",
                            "None",
                            "process.env.KEY",
                            "[object Object]",
                            "****",
                            "sk-hSm...oGil",
                            "sk-…abcd",
                            "[REDACTED]"}) {
    EXPECT_TRUE(is_no_secret(value)) << value;
    EXPECT_EQ(redacted_header("Authorization", std::string("Bearer ") + value),
              std::string("Bearer ") + value);
  }
  for (const std::string& value :
       {random_text(12, 1), std::string("hunter22"), std::string("$ecret1"),
        "sk-" + random_text(30, 2), std::string("my-dog-rex-7")}) {
    EXPECT_FALSE(is_no_secret(value)) << value;
  }
}

TEST(RedactUrl, AKeyBehindTheVersion) {
  const std::string key = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
  const std::string redacted = redacted_url("https://rpc.test/v3/" + key);
  EXPECT_TRUE(redacted.starts_with("https://rpc.test/v3/"));
  EXPECT_FALSE(redacted.contains(key.substr(0, 8))) << redacted;
  EXPECT_EQ(redacted_url("https://rpc.test/v1/models"), "https://rpc.test/v1/models");
}

TEST(RedactHeader, TheSchemeStays) {
  const std::string key = random_text(32, 9);
  for (const std::string before :
       {"Bearer ", "token ", "Bearer Bearer ", "", "Splunk ", "ApiKey ", "Authorization: Bearer ",
        "Bearer \"", "Bearer  ", "OAuth oauth_token=\"", "Bearer OPENAI_API_KEY="}) {
    const std::string value = before + key + (before.ends_with('"') ? "\"" : "");
    const std::string other = redacted_header("Authorization", value);
    EXPECT_TRUE(other.starts_with(before)) << other;
    EXPECT_FALSE(other.contains(key)) << other;
    EXPECT_EQ(classes(other), classes(value));
  }
}

TEST(RedactHeader, SignaturesKeepTheirScope) {
  const std::string id = "AKIA" + random_text(16, 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
                    sum = random_text(64, 4, "0123456789abcdef");
  const std::string other = redacted_header(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=" + id +
          "/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=" + sum);
  EXPECT_TRUE(other.contains("/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature="))
      << other;
  EXPECT_FALSE(other.contains(id));
  EXPECT_FALSE(other.contains(sum));
  const std::string digest = redacted_header(
      "Authorization", "Digest username=\"me\", realm=\"r\", response=\"" + sum + "\"");
  EXPECT_TRUE(digest.starts_with("Digest username=\"me\", realm=\"r\", response=\""));
  EXPECT_FALSE(digest.contains(sum));
}

TEST(RedactHeader, BasicIsDecodedAndKeepsItsDefects) {
  const auto password_of = [](const std::string& value) {
    std::string digits = value.substr(6);
    std::erase(digits, '\n');
    return base::base64_decode(digits).value();
  };
  EXPECT_TRUE(
      password_of(redacted_header("Authorization", "Basic " + base::base64_encode("me:hunter2\n")))
          .starts_with("me:"));
  const std::string pair =
      password_of(redacted_header("Authorization", "Basic " + base::base64_encode("me:hunter2\n")));
  EXPECT_EQ(classes(pair), classes("me:hunter2\n"));
  EXPECT_NE(pair, "me:hunter2\n");
  const std::string key = "sk_live_" + random_text(24, 5);
  EXPECT_TRUE(
      password_of(redacted_header("Authorization", "Basic " + base::base64_encode(key + ":")))
          .starts_with("sk_live_"));
  EXPECT_FALSE(
      password_of(redacted_header("Authorization", "Basic " + base::base64_encode(key + ":")))
          .contains(key));
  const std::string pypi = password_of(
      redacted_header("Authorization", "Basic " + base::base64_encode("__token__:" + key)));
  EXPECT_TRUE(pypi.starts_with("__token__:sk_live_"));

  std::string wrapped = "Basic " + base::base64_encode("user:" + random_text(70, 6));
  wrapped.insert(82, "\n");
  const std::string other = redacted_header("Authorization", wrapped);
  EXPECT_EQ(other[82], '\n');
  EXPECT_TRUE(password_of(other).starts_with("user:"));
  EXPECT_NE(other, wrapped);
  EXPECT_EQ(redacted_header("Authorization", "Basic " + base::base64_encode("me:")),
            "Basic " + base::base64_encode("me:"))
      << "an empty password is evidence, but the user is replaced only when it is a secret";
}

TEST(RedactHeader, Cookies) {
  EXPECT_EQ(classes(redacted_header("Cookie", "a=x1; session=abC")), "a=a0; aaaaaaa=aaA");
  EXPECT_FALSE(redacted_header("Cookie", "a=x1; session=abC").contains("abC"));
  const std::string set = redacted_header("Set-Cookie", "sid=abc123; Path=/; Max-Age=3600");
  EXPECT_TRUE(set.ends_with("; Path=/; Max-Age=3600"));
  EXPECT_FALSE(set.contains("abc123"));
}

TEST(RedactUrl, UserinfoQueryAndPath) {
  const std::string url = redacted_url(
      "https://me:pa55@api.test/"
      "v1?q=plain&key=k1&api_key=abc%2Bdef%3D&X-Amz-Date=20260101T000000Z");
  EXPECT_TRUE(url.starts_with("https://me:")) << url;
  EXPECT_TRUE(url.contains("?q=plain&key=")) << url;
  EXPECT_TRUE(url.ends_with("&X-Amz-Date=20260101T000000Z")) << url;
  for (const char* gone : {"pa55", "=k1", "abc%2Bdef"}) EXPECT_FALSE(url.contains(gone)) << url;
  EXPECT_TRUE(url.contains("%2B") && url.contains("%3D")) << url;
  const std::string bot =
      redacted_url("https://api.telegram.org/bot123456789:AA" + random_text(33, 7) + "/getMe");
  EXPECT_TRUE(bot.starts_with("https://api.telegram.org/bot123456789:AA")) << bot;
  EXPECT_TRUE(bot.ends_with("/getMe"));
  EXPECT_FALSE(bot.contains(random_text(33, 7)));
  const std::string signed_url = redacted_url("https://s3.test/?X-Amz-Credential=AKIA" +
                                              random_text(16, 8, "ABCDEF") + "%2F20260101%2Fs3");
  EXPECT_TRUE(signed_url.ends_with("%2F20260101%2Fs3")) << signed_url;
}

TEST(RedactBundle, TheSameSecretIsTheSameEverywhere) {
  const std::string key = github_key(11);
  http::Bundle bundle = bundle_with({{"Authorization", "Bearer \"" + key + "\""}});
  bundle.exchanges[0].response.body =
      R"({"message":"Incorrect API key provided: )" + key.substr(0, 8) + "*****" + key.substr(36) +
      R"(","token":null,"code":"invalid_api_key","echo":")" + key + "\"}";
  bundle.environment.variables = {{"GH_TOKEN", key},
                                  {"PROXY_URL", "http://u:" + random_text(9, 1) + "@proxy.test"},
                                  {"HOME", "/root"}};
  bundle.environment.files = {
      {".env",
       "# mine\nexport GH_TOKEN='" + key +
           "' # old\nPORT=80\nB64=" + base::base64_encode("x:" + key) + "\n",
       {}},
      {".netrc", "machine a.test login me password " + random_text(11, 2), {}}};
  bundle.environment.processes = {
      {1,
       "curl -u me:" + random_text(8, 3) + " --api-key " + random_text(10, 4),
       {},
       {{"A_SECRET", "short"}}}};
  const http::Bundle out = Redactor(kSeed).redact(bundle);
  const std::string other = make_surrogate(key, kSeed);
  EXPECT_EQ(out.exchanges[0].request.headers[0].value, "Bearer \"" + other + "\"");
  EXPECT_EQ(out.environment.variables.at("GH_TOKEN"), other);
  EXPECT_EQ(out.environment.variables.at("HOME"), "/root");
  EXPECT_EQ(out.environment.files[0].content,
            "# mine\nexport GH_TOKEN='" + other +
                "' # old\nPORT=80\nB64=" + base::base64_encode("x:" + other) + "\n");
  EXPECT_EQ(out.exchanges[0].response.body,
            R"({"message":"Incorrect API key provided: )" + other.substr(0, 8) + "*****" +
                other.substr(36) + R"(","token":null,"code":"invalid_api_key","echo":")" + other +
                "\"}");
  const std::string all = http::write_har(out);
  for (const std::string& gone : {key, random_text(9, 1), random_text(11, 2), random_text(8, 3),
                                  random_text(10, 4), std::string("short")}) {
    EXPECT_FALSE(all.contains(gone)) << gone;
  }
}

TEST(RedactBundle, ShortSecretsOnlyInTheirPlace) {
  http::Bundle bundle =
      bundle_with({{"X-Api-Key", "get"}, {"X-Mode", "get"}}, "https://api.test/get?key=get");
  const http::Bundle out = Redactor(kSeed).redact(bundle);
  EXPECT_NE(out.exchanges[0].request.headers[0].value, "get");
  EXPECT_EQ(out.exchanges[0].request.headers[1].value, "get");
  EXPECT_TRUE(out.exchanges[0].request.url.starts_with("https://api.test/get?key="))
      << out.exchanges[0].request.url;
}

TEST(RedactBundle, Bodies) {
  const auto body = [](std::string text) {
    http::Bundle bundle = bundle_with({});
    bundle.exchanges[0].request.body = std::move(text);
    return Redactor(kSeed).redact(bundle).exchanges[0].request.body;
  };
  EXPECT_EQ(classes(body(R"({"user":"me","password":"p4","n":1})")),
            R"({"aaaa":"aa","aaaaaaaa":"a0","a":0})");
  EXPECT_FALSE(body(R"({"user":"me","password":"p4"})").contains("p4"));
  EXPECT_TRUE(body(R"({"user":"me","password":"p4"})").contains(R"("user":"me")"));
  const std::string form =
      body("grant_type=password&client_secret=ab1&password=x%20y9&username=me");
  EXPECT_TRUE(form.starts_with("grant_type=password&client_secret=")) << form;
  EXPECT_TRUE(form.ends_with("&username=me")) << form;
  EXPECT_FALSE(form.contains("ab1") || form.contains("x%20y9")) << form;
  EXPECT_FALSE(body("password=hunter2&a=b").contains("hunter2"));
}

// Whatever stands around it: no learned secret stays, in no form; and lengths stay.
TEST(Redactor, NeverLeavesALearnedSecret) {
  std::mt19937 random(5);
  for (std::uint32_t round = 0; round < 2000; ++round) {
    static constexpr std::string_view kAlphabets[] = {"abcdefghijklmnopqrstuvwxyz0123456789",
                                                      "ABCxyz019_-", "abcXYZ019+/=&$\"\\ \t#é",
                                                      "abcXYZ019+/=&%$ #"};
    const std::string_view alphabet = kAlphabets[round % std::size(kAlphabets)];
    // Secrets start and end with what belongs to them.
    const std::string secret = "k" + random_text(6 + random() % 40, round, alphabet) + "7Z";
    Redactor redactor(round);
    redactor.learn(secret);
    const std::string noise = random_text(random() % 9, round + 1, "abc:/?& ");
    std::string escaped;
    for (const char c : secret) {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c == '\t' ? std::string("\\t") : std::string(1, c);
    }
    for (const std::string& form :
         {secret, base::base64_encode(noise + secret + noise), base::percent_encode(secret),
          base::base64_encode(secret), escaped}) {
      const std::string text = noise + form + noise;
      const std::string out = redactor.redact(text);
      ASSERT_EQ(out.size(), text.size()) << text;
      ASSERT_NE(out, text);
      ASSERT_FALSE(out.contains(secret)) << text;
      ASSERT_FALSE(out.contains(base::percent_encode(secret))) << text;
      ASSERT_FALSE(out.contains(form)) << text;
      if (form == base::base64_encode(noise + secret + noise)) {
        const std::string inner =
            base::base64_decode(std::string_view(out).substr(noise.size(), form.size())).value();
        ASSERT_FALSE(inner.contains(secret));
        ASSERT_TRUE(inner.starts_with(noise) && inner.ends_with(noise));
      }
    }
  }
}

http::Bundle random_bundle(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto key = [&] {
    return (random() % 2 ? "sk-" : "") +
           random_text(8 + random() % 30, static_cast<std::uint32_t>(random()), "abcXYZ019_-");
  };
  http::Bundle bundle =
      bundle_with({{"Authorization", "Bearer " + key() + (random() % 2 ? "\n" : "")},
                   {"X-Api-Key", key()},
                   {"Authorization", "Basic " + base::base64_encode("u:" + key())}},
                  "https://a.test/v1?token=" + key());
  bundle.exchanges[0].request.body = "{\"client_secret\":\"" + key() + "\"}";
  bundle.exchanges[0].response.headers.add("Set-Cookie", "s=" + key() + "; Path=/");
  bundle.environment.variables = {{"A_KEY", key()}, {"B", "b"}};
  bundle.environment.files.push_back({".env", "A_KEY=\"" + key() + "\"\nB=1\n", {}});
  return bundle;
}

TEST(Redactor, TheShapeIsThatOfTheOriginalAgainAndAgain) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const http::Bundle bundle = random_bundle(seed);
    const http::Bundle once = Redactor(1).redact(bundle), twice = Redactor(2).redact(once);
    const auto shape = [](const http::Bundle& b) {
      return classes(b.exchanges[0].request.url + b.exchanges[0].request.headers[0].value +
                     b.exchanges[0].request.headers[1].value + b.exchanges[0].request.body +
                     b.environment.variables.at("A_KEY") + b.environment.files[0].content);
    };
    EXPECT_EQ(shape(once), shape(bundle));
    EXPECT_EQ(shape(twice), shape(bundle));
    const std::string written = http::write_har(once);
    const auto read = http::read_har(written);
    ASSERT_TRUE(read);
    EXPECT_EQ(http::write_har(*read), written);
    EXPECT_EQ(written.size(), http::write_har(bundle).size());
  }
}

}  // namespace
}  // namespace locksmith::credential

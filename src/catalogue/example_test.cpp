#include "catalogue/example.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/text.hpp"
#include "credential/shape.hpp"

namespace locksmith::catalogue {
namespace {

const Files& fixture() {
  static const Files files =
      Files::read(std::filesystem::path(LOCKSMITH_SOURCE_DIR) / "tests/catalogue_fixture").value();
  return files;
}

std::string expanded(std::string_view text, std::string_view owner = "acme") {
  const auto out = expand(text, fixture().catalogue(), owner);
  return out ? *out : "ERROR " + out.error().message;
}

TEST(Expand, MakesKeysOfTheirShape) {
  const std::string key = expanded("{{key:live-key}}");
  EXPECT_TRUE(credential::Shape::parse("acme_live_[A-Za-z0-9]{36}")->matches(key)) << key;
  EXPECT_TRUE(credential::checksum_holds(credential::Checksum::crc32_base62, key));
  EXPECT_EQ(key, expanded("{{key:live-key}}"));
  EXPECT_EQ(key, expanded("{{key:acme/live-key}}", "zenith"));
  EXPECT_NE(key, expanded("{{key:live-key#2}}"));
  EXPECT_EQ(key, expanded("{{key:live-key#1}}"));
}

TEST(Expand, ChangesKeys) {
  const std::string key = expanded("{{key:live-key}}");
  EXPECT_EQ(expanded("{{key:live-key|truncate:4}}"), key.substr(0, key.size() - 4));
  EXPECT_EQ(expanded("{{key:live-key|append:\\n}}"), key + "\n");
  EXPECT_EQ(expanded("{{key:live-key|truncate:1|append:\\r\\n}}"),
            key.substr(0, key.size() - 1) + "\r\n");
}

TEST(Expand, Nests) {
  const std::string key = expanded("{{key:live-key}}");
  EXPECT_EQ(expanded("Basic {{base64:user:{{key:live-key}}}}!"),
            "Basic " + base::base64_encode("user:" + key) + "!");
}

TEST(Expand, MakesTokens) {
  const std::string token = expanded(R"({{jwt:{"iss":"a","x":{"exp":1}}}})");
  const auto first = token.find('.'), second = token.rfind('.');
  ASSERT_NE(first, second);
  EXPECT_EQ(base::base64url_decode(token.substr(0, first)), R"({"alg":"HS256","typ":"JWT"})");
  EXPECT_EQ(base::base64url_decode(token.substr(first + 1, second - first - 1)),
            R"({"iss":"a","x":{"exp":1}})");
  EXPECT_EQ(base::base64url_decode(token.substr(second + 1))->size(), 32u);
}

TEST(Expand, LeavesOtherBracesAlone) {
  EXPECT_EQ(expanded(R"({"a":{"b":1}} {{name}} }})"), R"({"a":{"b":1}} {{name}} }})");
}

TEST(Expand, SaysWhatIsWrong) {
  for (const char* text :
       {"{{key:nothing}}", "{{key:nobody/key}}", "{{key:live-key", "{{key:live-key#x}}",
        "{{key:live-key|shout:1}}", "{{key:live-key|truncate:999}}"}) {
    EXPECT_TRUE(expanded(text).starts_with("ERROR ")) << text;
  }
  EXPECT_TRUE(expanded("{{key:live-key}}", "").starts_with("ERROR "));
}

TEST(ReadExample, YieldsAPartialExchange) {
  const auto exchange = read_example(fixture().examples()[0], fixture().catalogue());
  ASSERT_TRUE(exchange);
  const std::string key = expanded("{{key:live-key}}");
  EXPECT_EQ(exchange->request.method, "GET");
  EXPECT_EQ(exchange->request.url, "https://api.acme.example/v1/models");
  EXPECT_EQ(exchange->request.headers.get("authorization"), "Bearer " + key);
  EXPECT_EQ(exchange->request.body, "");
  EXPECT_EQ(exchange->response.status, 401);
  EXPECT_EQ(exchange->response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(exchange->response.body, "{\"error\":{\"message\":\"Incorrect API key provided: " +
                                         key.substr(0, key.size() - 4) + "\"}}");
  EXPECT_TRUE(exchange->partial);
}

TEST(ReadExample, KeepsDefectsOfHeadersAndReadsBodies) {
  Example example;
  example.owner = "acme";
  example.request =
      "POST https://a.example/?k={{key:test-key}}\nAuthorization: Bearer "
      "{{key:live-key|append:\\n}}\nX-Two:  spaces \n\nline 1\nline 2\n";
  example.response = "403 Not Today";
  const auto exchange = read_example(example, fixture().catalogue());
  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->request.headers.get("Authorization"),
            "Bearer " + expanded("{{key:live-key}}") + "\n");
  EXPECT_EQ(exchange->request.headers.get("X-Two"), " spaces ");
  EXPECT_EQ(exchange->request.body, "line 1\nline 2");
  EXPECT_EQ(exchange->response.reason, "Not Today");
}

TEST(ReadExample, RefusesWhatIsNoExchange) {
  Example example;
  example.request = "https://a.example/";
  example.response = "401";
  EXPECT_FALSE(read_example(example, fixture().catalogue()));
  example.request = "GET https://a.example/";
  example.response = "Unauthorized";
  EXPECT_FALSE(read_example(example, fixture().catalogue()));
  example.response = "401\nno header here";
  EXPECT_FALSE(read_example(example, fixture().catalogue()));
}

}  // namespace
}  // namespace locksmith::catalogue

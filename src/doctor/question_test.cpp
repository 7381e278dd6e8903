#include "doctor/question.hpp"

#include <gtest/gtest.h>

#include <array>

namespace locksmith::doctor {
namespace {

constexpr std::string_view har =
    R"({"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://api.acme.test/a",
    "headers":[]},"response":{"status":401,"headers":[],"content":{}}},{"request":{"method":"PUT",
    "url":"https://api.acme.test/b","headers":[]},"response":{"status":403,"headers":[],
    "content":{}}}]}})";

TEST(question, reads_a_har) {
  const auto question = read_text(har, 0);
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->answered);
  EXPECT_EQ(question->bundle.failure().request.method, "PUT");
  EXPECT_EQ(read_text(har, 1)->bundle.failure().request.method, "GET");
  EXPECT_FALSE(read_text(har, 3));
}

TEST(question, reads_a_har_behind_a_byte_order_mark) {
  EXPECT_TRUE(read_text("\xef\xbb\xbf" + std::string(har), 0));
}

TEST(question, reads_a_raw_exchange) {
  const auto question = read_text(
      "GET /v1/me HTTP/1.1\r\nHost: api.acme.test\r\n\r\nHTTP/1.1 401 Unauthorized\r\n\r\nno\n", 0);
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->answered);
  EXPECT_EQ(question->bundle.failure().response.status, 401);
}

TEST(question, reads_a_command_in_its_various_attires) {
  for (const char* text :
       {"curl https://api.acme.test/v1/me", "$ curl https://api.acme.test/v1/me",
        "  curl.exe https://api.acme.test/v1/me\r\n", "curl \\\n https://api.acme.test/v1/me",
        "curl ^\r\n https://api.acme.test/v1/me", "% curl https://api.acme.test/v1/me"}) {
    const auto question = read_text(text, 0);
    ASSERT_TRUE(question) << text;
    EXPECT_FALSE(question->answered) << text;
    EXPECT_EQ(question->bundle.failure().request.url, "https://api.acme.test/v1/me") << text;
  }
}

TEST(question, reads_a_command_and_what_it_printed) {
  const auto question = read_text(
      "$ curl -i -H 'X-Api-Key: a b' \\\n  https://api.acme.test/v1/me\nHTTP/2 403 \n"
      "content-type: text/plain\n\nno\n",
      0);
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->answered);
  EXPECT_EQ(question->bundle.failure().response.status, 403);
  EXPECT_EQ(question->bundle.failure().request.headers.get("x-api-key"), "a b");
}

TEST(question, refuses_what_is_none_of_these) {
  using namespace std::string_literals;
  for (const std::string& text :
       {""s, " \n\t"s, "\xef\xbb\xbf"s, "curlew"s, "hello"s, "{}"s, "{\"log\":"s, "\0\1\2\xff"s,
        std::string(1 << 16, '{'), "<html></html>"s}) {
    const auto question = read_text(text, 0);
    ASSERT_FALSE(question) << text.substr(0, 20);
    EXPECT_EQ(question.error().code, ErrorCode::unreadable) << text.substr(0, 20);
    EXPECT_FALSE(question.error().message.empty());
  }
}

TEST(question, keeps_the_commands_notes_beside_a_saved_answer) {
  const std::array<std::string, 4> words{"curl", "-H", "no colon", "https://api.acme.test/v1/me"};
  auto command = read_command(words);
  ASSERT_TRUE(command);
  const auto question = with_response(std::move(*command), "HTTP/1.1 401 Unauthorized\r\n\r\n");
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->answered);
  EXPECT_FALSE(question->notes.empty());
  EXPECT_FALSE(with_response(*question, "not an answer"));
}

}  // namespace
}  // namespace locksmith::doctor

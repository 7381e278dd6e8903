// What goes into libcurl's header list and what is read back.
#include "probe/wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace locksmith::probe {
namespace {

http::Request with_header(std::string name, std::string value) {
  http::Request request;
  request.url = "https://a.test/";
  request.headers.add(std::move(name), std::move(value));
  return request;
}

TEST(wire, sends_values_byte_for_byte) {
  const auto lines = header_lines(with_header("Authorization", "Bearer  \xe2\x80\x8bkey \t"));
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->back(), "Authorization: Bearer  \xe2\x80\x8bkey \t");
}

TEST(wire, line_ends_around_a_value_cannot_end_the_head) {
  for (const char* value :
       {"Bearer key\n", "Bearer key\r\n", "\nBearer key", "Bearer key\r\n\r\n"}) {
    const auto lines = header_lines(with_header("Authorization", value));
    ASSERT_TRUE(lines);
    EXPECT_EQ(lines->back(), "Authorization: Bearer key");
  }
}

TEST(wire, a_line_break_inside_is_refused_without_showing_the_value) {
  for (const std::string& value :
       {std::string("Bearer a\nX-Evil: b"), std::string("a\rb"), std::string("a\0b", 3)}) {
    const auto lines = header_lines(with_header("Authorization", value));
    ASSERT_FALSE(lines);
    EXPECT_EQ(lines.error().code, ErrorCode::unsendable);
    EXPECT_FALSE(lines.error().message.contains("Evil"));
    EXPECT_FALSE(lines.error().hint.empty());
  }
  EXPECT_FALSE(header_lines(with_header("X\r\nEvil", "b")));
  EXPECT_FALSE(header_lines(with_header("", "b")));
}

TEST(wire, a_method_is_one_word) {
  http::Request request;
  for (const char* method : {"GET / HTTP/1.1\r\nX: y", "GET ", "", "A\n"}) {
    request.method = method;
    EXPECT_FALSE(header_lines(request)) << method;
  }
}

TEST(wire, an_empty_value_is_sent_and_not_taken_as_removal) {
  EXPECT_EQ(header_lines(with_header("Authorization", ""))->back(), "Authorization;");
  EXPECT_EQ(header_lines(with_header("Authorization", " "))->back(), "Authorization;");
}

TEST(wire, leaves_out_what_libcurl_computes) {
  for (const char* name : {"content-length", "Transfer-Encoding", "Expect", ":authority"}) {
    EXPECT_EQ(header_lines(with_header(name, "5"))->size(), 1U) << name;
  }
}

TEST(wire, reads_the_sent_request) {
  http::Request asked = with_header("X-Mine", "1");
  asked.url = "https://me:word@a.test/v1?x=1";
  const http::Request sent =
      wire_request("GET /v1?x=1 HTTP/1.1\r\nHost: a.test\r\nX-Mine:  1\r\n\r\n", asked);
  EXPECT_EQ(sent.method, "GET");
  EXPECT_EQ(sent.version, "HTTP/1.1");
  EXPECT_EQ(sent.url, "https://a.test/v1?x=1");
  ASSERT_EQ(sent.headers.size(), 2U);
  EXPECT_EQ(sent.headers[1].value, " 1");
}

TEST(wire, the_last_status_line_wins) {
  http::Response response;
  for (const char* line : {"HTTP/1.1 100 Continue\r\n", "X-Early: 1\r\n", "\r\n", "HTTP/2 401 \r\n",
                           "A:b\r\n", "B: c\r\n", "\td\r\n"}) {
    add_head_line(response, line);
  }
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.version, "HTTP/2");
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[0].value, "b");
  EXPECT_EQ(response.headers[1].value, "c\td");
}

}  // namespace
}  // namespace locksmith::probe

// One head: what it says, wherever its bytes lie among the blocks that are searched at once, and
// what is refused.
#include "server/request_head.hpp"

#include <gtest/gtest.h>

#include <string>

#include "server/octets.hpp"

namespace locksmith::server {
namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";

// "whole", "incomplete" or "400 why".
std::string outcome(std::string_view text) {
  RequestHead head;
  switch (parse_head(text, head)) {
    case Parsed::incomplete:
      return "incomplete";
    case Parsed::whole:
      return "whole";
    case Parsed::bad:
      return std::to_string(head.fault.status) + " " + std::string(head.fault.detail);
  }
  return {};
}

TEST(Octets, ControlsAreTheSameEitherWay) {
  for (int c = 0; c < 256; ++c) {
    for (int at = 0; at < 64; ++at) {
      std::string block(64, at % 2 ? 'x' : '\x80');
      block[at] = static_cast<char>(c);
      const auto expected = c < 0x20 || c == 0x7f ? std::uint64_t{1} << at : 0;
      ASSERT_EQ(plain_controls_of_64(block.data()), expected) << c << " at " << at;
      ASSERT_EQ(controls_of_64(block.data()), expected) << c << " at " << at;
    }
  }
}

TEST(Octets, ATokenEndsWhereTheTableSays) {
  for (int c = 0; c < 256; ++c) {
    for (const std::size_t before : {0, 3, 15, 16, 20}) {
      const std::string text =
          std::string(before, 'N') + static_cast<char>(c) + ":" + std::string(20, 'x') + "\r";
      const auto end = before + (http::is_token_octet(static_cast<char>(c)) ? 1 : 0);
      const auto found = skip_token(text.data(), text.data() + text.size()) - text.data();
      EXPECT_EQ(static_cast<std::size_t>(found), end) << c << " behind " << before;
      EXPECT_EQ(skip_token(text.data(), text.data() + before + 2) - text.data(), found);
    }
  }
}

TEST(RequestHead, SaysWhatIsInIt) {
  const std::string text =
      "POST /a?b=\xc3\xa4 HTTP/1.1\r\nHost: a:80\r\nX-Tabs:\t b\tc \t\r\nX-Empty: \r\n"
      "content-LENGTH: 0012\r\nExpect: 100-Continue\r\nConnection: x, Close\r\n\r\n";
  RequestHead head;
  const std::string bytes = text + "GET", next = get + "\r\n";
  ASSERT_EQ(parse_head(bytes, head), Parsed::whole);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a?b=\xc3\xa4");
  EXPECT_EQ(head.size, text.size());
  ASSERT_EQ(head.fields.size(), 6u);
  EXPECT_EQ(head.fields[1].name, "X-Tabs");
  EXPECT_EQ(head.fields[1].value, "b\tc");
  EXPECT_EQ(head.fields[2].value, "");
  EXPECT_EQ(head.framing.length, 12u);
  EXPECT_TRUE(head.framing.expects_continue);
  EXPECT_FALSE(head.framing.chunked);
  EXPECT_FALSE(head.framing.persistent());
  // The same object again: nothing of the last request is left.
  ASSERT_EQ(parse_head(next, head), Parsed::whole);
  EXPECT_EQ(head.fields.size(), 1u);
  EXPECT_EQ(head.framing.length, 0u);
  EXPECT_TRUE(head.framing.persistent());
}

// Lines of all lengths, so that each CR and LF is once the first and once the last of a block.
TEST(RequestHead, IsReadWhereverItsLinesEnd) {
  for (std::size_t length = 0; length < 140; ++length) {
    const std::string value(length, 'v'), text = get + "X: " + value + "\r\nY: z\r\n\r\n";
    RequestHead head;
    ASSERT_EQ(parse_head(text, head), Parsed::whole) << length;
    ASSERT_EQ(head.fields.size(), 3u);
    EXPECT_EQ(head.fields[1].value, value);
    EXPECT_EQ(head.fields[2].value, "z");
    EXPECT_EQ(head.size, text.size());
    for (std::size_t size = 0; size < text.size(); ++size)
      ASSERT_EQ(outcome(text.substr(0, size)), "incomplete") << size << " of " << length;
    for (const char* lone : {"\r", "\n", "\x7f", "\x1f", "\r\r\n", "\n\r"}) {
      EXPECT_EQ(outcome(get + "X: " + value + lone + "v\r\n\r\n"),
                "400 a header is not valid HTTP/1.1")
          << length;
    }
    EXPECT_EQ(outcome(get + "X: " + value + "\r\n\n\r\n"), "400 a header is not valid HTTP/1.1");
  }
}

TEST(RequestHead, RefusesARequestLineThatIsNone) {
  for (const char* line : {"",
                           "GET",
                           "GET ",
                           "GET /",
                           "GET / ",
                           "GET  HTTP/1.1",
                           " GET / HTTP/1.1",
                           "GET / HTTP/1.1 ",
                           "GET / /x HTTP/1.1",
                           "GET  / HTTP/1.1",
                           "GET\t/ HTTP/1.1",
                           "GET /\t HTTP/1.1",
                           "GET /\tx HTTP/1.1",
                           "G(T / HTTP/1.1",
                           "G\xc3T / HTTP/1.1",
                           "GET /\x7f HTTP/1.1",
                           "GET / http/1.1",
                           "GET / HTTP/1.x",
                           "GET / HTTPS/1.1",
                           "GET / XHTTP/1.1",
                           "GET /HTTP/1.1"})
    EXPECT_EQ(outcome(std::string(line) + "\r\nHost: a\r\n\r\n"),
              "400 the request line is not valid HTTP/1.1")
        << line;
  for (const char* line : {"GET / HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/1.2", "GET / HTTP/2"})
    EXPECT_EQ(outcome(std::string(line) + "\r\nHost: a\r\n\r\n"),
              "505 HTTP/1.1 is what is spoken here")
        << line;
}

TEST(RequestHead, RefusesWhatFramesTheMessageTwice) {
  const std::string twice = "400 Content-Length is there twice",
                    other = "400 a Transfer-Encoding other than chunked",
                    misplaced = "400 Transfer-Encoding does not go with this request",
                    hosts = "400 exactly one Host header is needed",
                    bad = "400 a header is not valid HTTP/1.1";
  const auto with = [](const char* lines) { return outcome(get + lines + "\r\n"); };
  EXPECT_EQ(with("Content-Length: 1\r\ncontent-length: 1\r\n"), twice);
  for (const char* length : {"", "1,1", "+1", "-1", "0x1", "1 1", "1.0", "18446744073709551616"})
    EXPECT_EQ(with(("Content-Length: " + std::string(length) + "\r\n").c_str()), bad) << length;
  EXPECT_EQ(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), other);
  EXPECT_EQ(with("Transfer-Encoding: chunked,\r\n"), other);
  EXPECT_EQ(with("Transfer-Encoding:\r\n"), other);
  EXPECT_EQ(with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), misplaced);
  EXPECT_EQ(outcome("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), misplaced);
  EXPECT_EQ(with("hOST: a\r\n"), hosts);
  EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHosts: a\r\n\r\n"), hosts);
  EXPECT_EQ(outcome("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), hosts);
  EXPECT_EQ(outcome("GET / HTTP/1.0\r\n\r\n"), "whole");
  EXPECT_EQ(with("Connection: a b\r\n"), bad);
  EXPECT_EQ(with("Connection: a;b\r\n"), bad);
  EXPECT_EQ(with(" X: a\r\n"), "400 a header is folded over two lines");
}

TEST(RequestHead, HasAtMostSoManyFields) {
  std::string text = get;
  for (int i = 1; i < 128; ++i) text += "X: 1\r\n";
  EXPECT_EQ(outcome(text + "\r\n"), "whole");
  EXPECT_EQ(outcome(text + "X: 1\r\n\r\n"), "431 the head of the request is too long");
}

TEST(RequestHead, CloseWins) {
  const auto persistent = [](std::string_view version, std::string_view lines) {
    RequestHead head;
    const std::string text =
        "GET / HTTP/" + std::string(version) + "\r\nHost: a\r\n" + std::string(lines) + "\r\n";
    EXPECT_EQ(parse_head(text, head), Parsed::whole) << text;
    return head.framing.persistent();
  };
  EXPECT_TRUE(persistent("1.1", ""));
  EXPECT_TRUE(persistent("1.1", "Connection: Upgrade, , keep-alive\r\n"));
  EXPECT_FALSE(persistent("1.1", "Connection: keep-alive\r\nConnection: CLOSE\r\n"));
  EXPECT_TRUE(persistent("1.1", "Connection: closed\r\n"));
  EXPECT_FALSE(persistent("1.0", ""));
  EXPECT_TRUE(persistent("1.0", "Connection: foo,\tKeep-Alive\r\n"));
  EXPECT_FALSE(persistent("1.0", "Connection: close, keep-alive\r\n"));
}

TEST(RequestHead, TrailersSayNothingAboutTheMessage) {
  EXPECT_TRUE(are_trailers("\r\n"));
  EXPECT_TRUE(are_trailers("X-Sum:\t1\r\nY:\r\n\r\n"));
  for (const char* text :
       {"", "X: 1\r\n", "X: 1\r\n\r\nY", "X\r\n\r\n", "X: 1\r\n y\r\n\r\n", "X: \x01\r\n\r\n",
        "Content-Length: 1\r\n\r\n", "TRANSFER-encoding: chunked\r\n\r\n", "Host: b\r\n\r\n",
        "Connection: close\r\n\r\n"})
    EXPECT_FALSE(are_trailers(text)) << text;
}

}  // namespace
}  // namespace locksmith::server

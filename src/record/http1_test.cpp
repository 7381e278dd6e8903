#include "record/http1.hpp"

#include <gtest/gtest.h>

#include <string>

namespace locksmith::record {
namespace {

using Event = MessageReader::Event;

// Feeds `text` in pieces of `size` bytes; yields the bodies joined and the number of messages.
struct Result {
  std::string body, heads;
  int messages = 0;
  bool opaque = false;
};
Result read_all(MessageReader& reader, std::string_view text, std::size_t size) {
  Result result;
  while (!text.empty() && !result.opaque) {
    std::string_view piece = text.substr(0, size);
    text.remove_prefix(piece.size());
    for (;;) {
      const auto step = reader.next(piece);
      piece.remove_prefix(step.consumed);
      if (step.event == Event::head) result.heads += reader.head().raw;
      result.body += step.body;
      result.messages += step.event == Event::end;
      result.opaque = step.event == Event::opaque;
      if (result.opaque || (step.event == Event::more && piece.empty())) break;
    }
  }
  return result;
}

class InPieces : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, InPieces, testing::Values(1, 2, 7, 4096));

TEST_P(InPieces, PipelinedRequestsEndWhereTheyShould) {
  const std::string text =
      "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
      "GET /b HTTP/1.1\r\n\r\n"
      "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nwxyz\r\n0\r\nTrailer: "
      "1\r\n\r\n"
      "\r\nGET /d HTTP/1.1\n\n";
  MessageReader reader(Side::request);
  const Result result = read_all(reader, text, GetParam());
  EXPECT_EQ(result.messages, 4);
  EXPECT_EQ(result.body, "abcwxyz");
  EXPECT_EQ(reader.head().target, "/d");
  EXPECT_TRUE(reader.at_start());
}

TEST_P(InPieces, ABodyWithoutLengthLastsUntilTheEnd) {
  MessageReader reader(Side::response);
  const Result result = read_all(reader, "HTTP/1.0 401 No\r\n\r\nall of this", GetParam());
  EXPECT_EQ(result.body, "all of this");
  EXPECT_EQ(result.messages, 0);
  EXPECT_TRUE(reader.finish());
}

TEST_P(InPieces, AnAnswerToHeadHasNoBody) {
  MessageReader reader(Side::response);
  reader.answers("HEAD");
  EXPECT_EQ(
      read_all(reader, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", GetParam()).messages, 1);
}

TEST_P(InPieces, NotHttpIsOpaque) {
  for (const std::string text :
       {"\x16\x03\x01\x02 client hello", "SSH-2.0-OpenSSH\r\n\r\n", "GET /x HTTP/2.0\r\n\r\n"}) {
    MessageReader reader(Side::request);
    EXPECT_TRUE(read_all(reader, text, GetParam()).opaque) << text;
  }
}

TEST(MessageReader, ABrokenLengthOrChunkIsOpaque) {
  for (const std::string text : {"POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
                                 "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                 "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
                                 "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    MessageReader reader(Side::request);
    EXPECT_TRUE(read_all(reader, text, 4096).opaque) << text;
  }
}

TEST(MessageReader, AnEndlessHeadIsOpaque) {
  MessageReader reader(Side::request);
  EXPECT_TRUE(read_all(reader, "GET / HTTP/1.1\r\nX: " + std::string(300 << 10, 'a'), 4096).opaque);
}

TEST(MessageReader, ACutMessageIsToldFromAWholeOne) {
  MessageReader reader(Side::response);
  read_all(reader, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", 4096);
  EXPECT_FALSE(reader.finish());
}

TEST(ParseHead, DefectsStayByteForByte) {
  const auto head = parse_head(
      "get /a b HTTP/1.1\r\nAuthorization: Bearer k \t\r\nauthorization:\tBasic\r\nX-Key : v\r\n "
      "folded\r\nnonsense\r\n\r\n",
      Side::request);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "get");
  EXPECT_EQ(head->target, "/a b");
  ASSERT_EQ(head->headers.size(), 4u);
  EXPECT_EQ(head->headers[0].value, "Bearer k \t");
  EXPECT_EQ(head->headers[1].name, "authorization");
  EXPECT_EQ(head->headers[1].value, "\tBasic");
  EXPECT_EQ(head->headers[2].name, "X-Key ");
  EXPECT_EQ(head->headers[2].value, "v\r\n folded");
  EXPECT_EQ(head->headers[3].name, "nonsense");
}

TEST(ParseHead, StatusLines) {
  const auto head = parse_head("HTTP/1.1 401\r\n\r\n", Side::response);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 401);
  EXPECT_EQ(parse_head("HTTP/1.1 429 Too Many Requests\r\n\r\n", Side::response)->reason,
            "Too Many Requests");
  EXPECT_FALSE(parse_head("HTTP/1.1 banana\r\n\r\n", Side::response));
  EXPECT_FALSE(parse_head("HTTP/1.1 4011 x\r\n\r\n", Side::response));
}

}  // namespace
}  // namespace locksmith::record

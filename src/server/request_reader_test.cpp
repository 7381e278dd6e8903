// Where one request ends and the next begins: the same however the bytes arrive, and refused where
// two programs could disagree.
#include "server/request_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace locksmith::server {
namespace {

using Status = RequestReader::Status;

// What came out: "POST /x [3 headers] body", or "!400".
std::vector<std::string> read_all(std::string_view bytes, std::size_t step = 1 << 20,
                                  SizeLimits limits = {}) {
  RequestReader reader(limits);
  std::vector<std::string> seen;
  while (!bytes.empty()) {
    const auto room = reader.room();
    const auto size = std::min({step, room.size(), bytes.size()});
    std::memcpy(room.data(), bytes.data(), size);
    bytes.remove_prefix(size);
    reader.filled(size);
    for (auto status = reader.next();; status = reader.next()) {
      if (status == Status::bad) {
        seen.push_back("!" + std::to_string(reader.fault().status));
        return seen;
      }
      if (status != Status::request) break;
      const auto& request = reader.request();
      std::string line = std::string(request.method) + " " + std::string(request.target);
      for (const auto& field : request.headers)
        line += " " + std::string(field.name) + "=" + std::string(field.value);
      seen.push_back(line + " |" + std::string(request.body));
    }
  }
  return seen;
}

const std::string host = "Host: a\r\n";

TEST(RequestReader, ReadsPipelinedRequests) {
  const std::string bytes = "GET /1?q=%20 HTTP/1.1\r\n" + host + "X-A:  b c \r\n\r\n" +
                            "POST /2 HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello" +
                            "POST /3 HTTP/1.1\r\n" + host +
                            "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: "
                            "x\r\n\r\n" +
                            "GET /4 HTTP/1.1\r\n" + host + "\r\n";
  const std::vector<std::string> expected{
      "GET /1?q=%20 Host=a X-A=b c |", "POST /2 Host=a Content-Length=5 |hello",
      "POST /3 Host=a Transfer-Encoding=chunked |abcde", "GET /4 Host=a |"};
  for (const std::size_t step : {1, 2, 3, 7, 64, 100000})
    EXPECT_EQ(read_all(bytes, step), expected) << step;
}

TEST(RequestReader, KeepsItsViewsWhenTheBufferGrows) {
  const std::string body(100'000, 'x'), value(3'000, 'v');
  const std::string bytes =
      "POST /p HTTP/1.1\r\n" + host + "X-V: " + value + "\r\nContent-Length: 100000\r\n\r\n" + body;
  const auto seen = read_all(bytes + bytes, 1000);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0], "POST /p Host=a X-V=" + value + " Content-Length=100000 |" + body);
  EXPECT_EQ(seen[1], seen[0]);

  std::string chunked = "POST /c HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) chunked += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  const auto decoded = read_all(chunked + "0\r\n\r\n" + bytes, 1000);
  ASSERT_EQ(decoded.size(), 2u);
  EXPECT_EQ(decoded[0], "POST /c Host=a Transfer-Encoding=chunked |" + body);
  EXPECT_EQ(decoded[1], seen[0]);
}

TEST(RequestReader, RefusesWhatCouldBeReadInTwoWays) {
  const std::string post = "POST / HTTP/1.1\r\n" + host, get = "GET / HTTP/1.1\r\n" + host;
  const std::vector<std::string> bad{
      post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
      post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
      post + "Content-Length: 1, 1\r\n\r\nx",
      post + "Content-Length: +1\r\n\r\nx",
      post + "Content-Length: 0x1\r\n\r\nx",
      post + "Content-Length: -1\r\n\r\n",
      post + "Content-Length:\r\n\r\n",
      post + "Content-Length: 99999999999999999999\r\n\r\n",
      post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: identity\r\n\r\n",
      post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\ng\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n1;a b\r\nx\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n z\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\nx",
      post + "Transfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
      post +
          "Transfer-Encoding:\x0b"
          "chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: \r\n\r\n",
      post + "Content-Length: 1\r\n Content-Length: 2\r\n\r\nxy",
      post + "Content-Length: 1 1\r\n\r\nx",
      post + "Content-Length\t: 1\r\n\r\nx",
      post + "Content-Length: 1\r\r\n\r\nx",
      post + "Connection: close;x\r\n\r\n",
      "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      get + "X-A: b\r\n c\r\n\r\n",
      get + "X-A: b\r\n\tc\r\n\r\n",
      get + " X-A: b\r\n\r\n",
      get + "X-A : b\r\n\r\n",
      get + "X-A\r\n\r\n",
      get + ": b\r\n\r\n",
      get + "X-A: b\rX-B: c\r\n\r\n",
      get + "X-A: b\nX-B: c\r\n\r\n",
      get + std::string("X-A: b\0c\r\n\r\n", 12),
      get + "X(A: b\r\n\r\n",
      "GET /\r\n\r\n",
      "GET  / HTTP/1.1\r\n" + host + "\r\n",
      "GET / x HTTP/1.1\r\n" + host + "\r\n",
      "GET / HTTP/1.1 \r\n" + host + "\r\n",
      "GET /a\tb HTTP/1.1\r\n" + host + "\r\n",
      "\r\nGET / HTTP/1.1\r\n" + host + "\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\n" + host + host + "\r\n",
      "\x16\x03\x01\x02\r\n\r\n",
  };
  for (const auto& bytes : bad) {
    for (const std::size_t step : {1, 1000}) {
      const auto seen = read_all(bytes, step);
      ASSERT_EQ(seen.size(), 1u) << bytes;
      EXPECT_EQ(seen[0], "!400") << bytes;
    }
  }
  EXPECT_EQ(read_all("GET / HTTP/2.0\r\n\r\n"), std::vector<std::string>{"!505"});
}

// Else it would depend on how the network cut the bytes what becomes of them.
TEST(RequestReader, JudgesAHeadThatIsWhole) {
  const std::string bad = "GET  / HTTP/1.1\r\nX : y\r\n";
  EXPECT_TRUE(read_all(bad).empty());
  EXPECT_TRUE(read_all(bad, 1).empty());
  EXPECT_EQ(read_all(bad + "\r\n"), std::vector<std::string>{"!400"});
  EXPECT_EQ(read_all(bad + "\r\n", 1), std::vector<std::string>{"!400"});
}

TEST(RequestReader, KeepsItsLimits) {
  const SizeLimits limits{300, 10};
  const std::string get = "GET / HTTP/1.1\r\n" + host;
  EXPECT_EQ(read_all(get + "X: " + std::string(300, 'x'), 1, limits)[0], "!431");
  EXPECT_EQ(read_all(get + "X: " + std::string(300, 'x') + "\r\n\r\n", 1000, limits)[0], "!431");
  EXPECT_EQ(read_all(get + "X: " + std::string(200, 'x') + "\r\n\r\n", 1, limits).size(), 1u);
  EXPECT_EQ(read_all(get + "Content-Length: 11\r\n\r\n", 1, limits)[0], "!413");
  EXPECT_EQ(read_all(get + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\n", 1, limits)[0],
            "!413");
  EXPECT_EQ(
      read_all(get + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(900, 'x'), 1, limits)[0],
      "!400");
  std::string many = get;
  for (int i = 0; i < 200; ++i) many += "X: 1\r\n";
  EXPECT_EQ(read_all(many + "\r\n")[0], "!431");
}

TEST(RequestReader, KnowsWhetherTheConnectionGoesOn) {
  const auto goes_on = [](std::string_view head) {
    RequestReader reader({});
    const auto room = reader.room();
    std::memcpy(room.data(), head.data(), head.size());
    reader.filled(head.size());
    EXPECT_EQ(reader.next(), Status::request);
    return reader.keep_alive();
  };
  EXPECT_TRUE(goes_on("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(goes_on("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(goes_on("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(goes_on("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestReader, TellsWhoWaitsToSendABody) {
  const auto waits = [](std::string_view bytes) {
    RequestReader reader({});
    std::memcpy(reader.room().data(), bytes.data(), bytes.size());
    reader.filled(bytes.size());
    EXPECT_EQ(reader.next(), Status::body) << bytes;
    return reader.expects_continue();
  };
  const std::string post = "POST / HTTP/1.1\r\n" + host, expects = "Expect: 100-Continue\r\n";
  EXPECT_TRUE(waits(post + expects + "Content-Length: 2\r\n\r\n"));
  EXPECT_TRUE(waits(post + expects + "Transfer-Encoding: chunked\r\n\r\n"));
  EXPECT_FALSE(waits(post + "Content-Length: 2\r\n\r\n"));
  EXPECT_FALSE(waits(post + expects + "Content-Length: 2\r\n\r\nx"));
  EXPECT_FALSE(waits("POST / HTTP/1.0\r\n" + expects + "Content-Length: 2\r\n\r\n"));
}

}  // namespace
}  // namespace locksmith::server

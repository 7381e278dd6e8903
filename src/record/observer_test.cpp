#include "record/observer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace locksmith::record {
namespace {

struct Seen {
  std::vector<http::Exchange> exchanges;
  Observer observer{"https://api.test", "192.0.2.1",
                    [this](http::Exchange e) { exchanges.push_back(std::move(e)); },
                    [] { return base::Time{}; }};
};

TEST(Observer, PipelinedExchangesArePairedInOrder) {
  Seen seen;
  seen.observer.from_client(
      "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
  EXPECT_FALSE(seen.observer.idle());
  seen.observer.from_server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  seen.observer.from_server(
      "HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\nHTTP/1.1 401 No\r\nTransfer-Encoding: "
      "chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n");
  ASSERT_EQ(seen.exchanges.size(), 3u);
  EXPECT_EQ(seen.exchanges[0].response.body, "ok");
  EXPECT_EQ(seen.exchanges[1].response.status, 404);
  EXPECT_EQ(seen.exchanges[2].request.url, "https://api.test/3");
  EXPECT_EQ(seen.exchanges[2].response.body, "no");
  EXPECT_EQ(seen.exchanges[2].remote_address, "192.0.2.1");
  EXPECT_TRUE(seen.observer.idle());
}

TEST(Observer, InterimAnswersAreNotTheAnswer) {
  Seen seen;
  seen.observer.from_client("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  seen.observer.from_server(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
  seen.observer.from_client("x");
  seen.observer.from_server("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
  ASSERT_EQ(seen.exchanges.size(), 1u);
  EXPECT_EQ(seen.exchanges[0].response.status, 403);
  EXPECT_EQ(seen.exchanges[0].request.body, "x");
}

TEST(Observer, AnEarlyRefusalOfAnUploadIsKept) {
  Seen seen;
  seen.observer.from_client("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\npart");
  seen.observer.from_server("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
  EXPECT_TRUE(seen.exchanges.empty());
  seen.observer.closed();
  ASSERT_EQ(seen.exchanges.size(), 1u);
  EXPECT_EQ(seen.exchanges[0].response.status, 401);
  EXPECT_FALSE(seen.exchanges[0].partial);
}

TEST(Observer, AnUpgradeEndsTheRecord) {
  Seen seen;
  seen.observer.from_client("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
  seen.observer.from_server(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello");
  seen.observer.from_client("\x81\x85 frames");
  ASSERT_EQ(seen.exchanges.size(), 1u);
  EXPECT_EQ(seen.exchanges[0].response.status, 101);
  EXPECT_TRUE(seen.observer.blind());
}

TEST(Observer, LongBodiesAreCutAndSaidToBe) {
  Seen seen;
  seen.observer.from_client("GET / HTTP/1.1\r\n\r\n");
  seen.observer.from_server("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n");
  seen.observer.from_server(std::string(3000000, 'x'));
  ASSERT_EQ(seen.exchanges.size(), 1u);
  EXPECT_EQ(seen.exchanges[0].response.body.size(), most_body_bytes);
  EXPECT_TRUE(seen.exchanges[0].partial);
}

TEST(Observer, AnAnswerThatNeverCameHasNoStatus) {
  Seen seen;
  seen.observer.from_client("GET / HTTP/1.1\r\n\r\n");
  seen.observer.closed();
  ASSERT_EQ(seen.exchanges.size(), 1u);
  EXPECT_EQ(seen.exchanges[0].response.status, 0);
  EXPECT_TRUE(seen.exchanges[0].partial);
}

}  // namespace
}  // namespace locksmith::record

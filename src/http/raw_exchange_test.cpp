// Transcripts as curl, HTTPie and wget print them, and what is no transcript at all.
#include "http/raw_exchange.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"

namespace locksmith::http {
namespace {

Request asked(std::string url = "https://api.test/v1/me") {
  Request request;
  request.url = std::move(url);
  request.headers.add("Authorization", "Bearer k");
  return request;
}

Bundle response(std::string_view text, const Request& request = asked()) {
  const Result<Bundle> bundle = read_response(text, request);
  EXPECT_TRUE(bundle) << bundle.error().message;
  return bundle.value_or(Bundle{{Exchange{}}, 0, {}});
}

Bundle raw(std::string_view text) {
  const Result<Bundle> bundle = read_raw_exchange(text);
  EXPECT_TRUE(bundle) << bundle.error().message;
  return bundle.value_or(Bundle{{Exchange{}}, 0, {}});
}

TEST(CurlInclude, Http2WithoutReason) {
  const Exchange exchange =
      response("HTTP/2 401 \r\ncontent-type: application/json\r\nx-key:  v \r\n\r\n{\"a\":1}\n")
          .failure();
  EXPECT_EQ(exchange.response.status, 401);
  EXPECT_EQ(exchange.response.version, "HTTP/2");
  EXPECT_EQ(exchange.response.reason, "");
  EXPECT_EQ(exchange.response.headers.get("X-Key"), " v ");
  EXPECT_EQ(exchange.response.body, "{\"a\":1}\n");
  EXPECT_EQ(exchange.request.url, "https://api.test/v1/me");
  EXPECT_FALSE(exchange.partial);
}

TEST(CurlInclude, LineFeedsAloneAndAPromptInFront) {
  const Exchange exchange =
      response(
          "$ curl -i https://api.test\n  % Total    % Received\nHTTP/1.1 403 Forbidden\nA: b\n\nno")
          .failure();
  EXPECT_EQ(exchange.response.reason, "Forbidden");
  EXPECT_EQ(exchange.response.body, "no");
}

TEST(CurlInclude, ContinueAndTunnelAreNoExchanges) {
  const Bundle bundle = response(
      "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n\r\nx");
  ASSERT_EQ(bundle.exchanges.size(), 1u);
  EXPECT_EQ(bundle.failure().response.status, 401);
}

TEST(CurlInclude, RedirectsDropCredentialsAcrossOrigins) {
  Request request = asked("http://api.test/v1");
  request.method = "POST";
  request.body = "x=1";
  const Bundle bundle = response(
      "HTTP/1.1 301 Moved\r\nLocation: /v2\r\n\r\nHTTP/1.1 307 T\r\nLocation: "
      "https://api.test/v2\r\n\r\n"
      "HTTP/1.1 401 U\r\nA: b\r\n\r\n",
      request);
  ASSERT_EQ(bundle.exchanges.size(), 3u);
  EXPECT_EQ(bundle.failing, 2u);
  EXPECT_EQ(bundle.exchanges[1].request.url, "http://api.test/v2");
  EXPECT_EQ(bundle.exchanges[1].request.method, "GET");
  EXPECT_EQ(bundle.exchanges[1].request.body, "");
  EXPECT_TRUE(bundle.exchanges[1].request.headers.has("Authorization"));
  EXPECT_EQ(bundle.exchanges[2].request.url, "https://api.test/v2");
  EXPECT_FALSE(bundle.exchanges[2].request.headers.has("Authorization"));
}

TEST(CurlInclude, ABodyMayQuoteHttp) {
  const std::string body = "you sent\nHTTP/1.1 200 OK\nA: b\n";
  const Bundle bundle =
      response("HTTP/1.1 400 Bad\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               body + "\n\n");
  ASSERT_EQ(bundle.exchanges.size(), 1u);
  EXPECT_EQ(bundle.failure().response.body, body);
}

TEST(CurlInclude, ChunkedIsDecodedOnlyIfItIsChunked) {
  const std::string head = "HTTP/1.1 401 U\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(response(head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").failure().response.body,
            "abcde");
  EXPECT_EQ(response(head + "{\"a\":1}").failure().response.body, "{\"a\":1}");
  EXPECT_EQ(response(head + "ff\r\nabc").failure().response.body, "ff\r\nabc");
}

TEST(CurlInclude, OddHeaderLines) {
  using namespace std::string_literals;
  const Headers headers = response(
                              "HTTP/1.1 401 U\r\nA: b\r\n  folded\r\nno colon\r\n: none\r\n"
                              "N: \0\xff\r\nEmpty:\r\n\r\n"s)
                              .failure()
                              .response.headers;
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers[0].value, "b folded");
  EXPECT_EQ(headers[1].value, std::string("\0\xff", 2));
  EXPECT_EQ(headers[2].value, "");
}

TEST(CurlInclude, AHeaderSectionWithoutItsEndIsPartial) {
  EXPECT_TRUE(response("HTTP/1.1 401 Unauthorized").failure().partial);
  EXPECT_TRUE(response("HTTP/1.1 401 Unauthorized\nA: b\n").failure().partial);
  EXPECT_FALSE(response("HTTP/1.1 401 Unauthorized\nA: b\n\n").failure().partial);
}

constexpr std::string_view kVerbose =
    "*   Trying 192.0.2.1:443...\n"
    "* Connected to api.test (192.0.2.1) port 443 (#0)\n"
    "* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n"
    "} [512 bytes data]\n"
    "* Server certificate:\n"
    "*  subject: CN=api.test\n"
    "*  issuer: C=US; O=Let's Encrypt; CN=R3\n"
    "* [HTTP/2] [1] [:authority: api.test]\n"
    "> POST /v1/me?x=1 HTTP/2\r\n> Host: api.test\r\n> x-api-key: sent \r\n> \r\n"
    "* We are completely uploaded and fine\n"
    "< HTTP/2 100 \r\n< \r\n"
    "{ [5 bytes data]\n"
    "< HTTP/2 401 \r\n< content-type: application/json\r\n< \r\n"
    "{\"message\":\n\"Bad\"}* Connection #0 to host api.test left intact\n";

TEST(CurlVerbose, TheWholeExchange) {
  const Exchange exchange = raw(kVerbose).failure();
  EXPECT_EQ(exchange.request.method, "POST");
  EXPECT_EQ(exchange.request.url, "https://api.test/v1/me?x=1");
  EXPECT_EQ(exchange.request.headers.get("X-API-Key"), "sent ");
  EXPECT_EQ(exchange.remote_address, "192.0.2.1");
  EXPECT_EQ(exchange.tls_subject, "CN=api.test");
  EXPECT_EQ(exchange.tls_issuer, "C=US; O=Let's Encrypt; CN=R3");
  EXPECT_FALSE(exchange.proxy_answered);
  EXPECT_EQ(exchange.response.status, 401);
  EXPECT_EQ(exchange.response.headers.size(), 1u);
  EXPECT_EQ(exchange.response.body, "{\"message\":\n\"Bad\"}");
}

TEST(CurlVerbose, WhatWasSentWinsOverWhatWasAsked) {
  Request request = asked("https://api.test/v1/me?x=1#top");
  request.method = "POST";
  request.body = "uploaded";
  const Exchange exchange = response(kVerbose, request).failure();
  EXPECT_EQ(exchange.request.url, request.url);
  EXPECT_FALSE(exchange.request.headers.has("Authorization"));
  EXPECT_EQ(exchange.request.headers.get("x-api-key"), "sent ");
  EXPECT_EQ(exchange.request.body, "uploaded");
}

TEST(CurlVerbose, RedirectsAndTunnel) {
  const Bundle bundle =
      raw("* Connected to proxy.test (192.0.2.9) port 3128 (#0)\n"
          "> CONNECT a.test:443 HTTP/1.1\r\n> Host: a.test:443\r\n> \r\n"
          "< HTTP/1.1 200 OK\r\n< Via: x\r\n< \r\n"
          "* SSL connection using TLSv1.3 / AES\n"
          "> GET /old HTTP/1.1\r\n> Host: a.test\r\n> Authorization: Bearer k\r\n> \r\n"
          "< HTTP/1.1 302 Found\r\n< Location: https://b.test:8443/new\r\n< \r\n"
          "* Ignoring the response-body\n"
          "* Issue another request to this URL: 'https://b.test:8443/new'\n"
          "* Connected to b.test (2001:db8::2) port 8443 (#1)\n"
          "> GET /new HTTP/1.1\r\n> Host: b.test:8443\r\n> \r\n"
          "< HTTP/1.1 401 Unauthorized\r\n< \r\nno\n* Closing connection 1\n");
  ASSERT_EQ(bundle.exchanges.size(), 2u);
  EXPECT_EQ(bundle.exchanges[0].request.url, "https://a.test/old");
  EXPECT_EQ(bundle.exchanges[1].request.url, "https://b.test:8443/new");
  EXPECT_EQ(bundle.exchanges[1].remote_address, "2001:db8::2");
  EXPECT_EQ(bundle.exchanges[1].response.body, "no\n");
  EXPECT_EQ(bundle.failing, 1u);
}

TEST(CurlVerbose, ARefusedTunnelIsTheFailure) {
  const Exchange exchange =
      response(
          "* Connected to proxy.test (192.0.2.9) port 3128\n"
          "> CONNECT api.test:443 HTTP/1.1\r\n> Host: api.test:443\r\n> \r\n"
          "< HTTP/1.1 407 Proxy Authentication Required\r\n< Proxy-Authenticate: Basic\r\n< \r\n"
          "* CONNECT tunnel failed, response 407\n")
          .failure();
  EXPECT_EQ(exchange.response.status, 407);
  EXPECT_EQ(exchange.request.method, "CONNECT");
  EXPECT_TRUE(exchange.proxy_answered);
  EXPECT_EQ(exchange.request.url, "https://api.test/v1/me");
}

TEST(CurlVerbose, NothingWasAnswered) {
  const Exchange exchange =
      response("* Could not resolve host: api.test\n* Closing connection 0\n").failure();
  EXPECT_EQ(exchange.response.status, 0);
  EXPECT_TRUE(exchange.partial);
  EXPECT_EQ(raw("* Connected to localhost (::1) port 80\n> GET /x HTTP/1.1\n> Host: localhost\n>\n")
                .failure()
                .request.url,
            "http://localhost/x");
}

TEST(CurlVerbose, TogetherWithInclude) {
  const char* const expected = "body";
  EXPECT_EQ(response("< HTTP/1.1 401 U\nHTTP/1.1 401 U\n< A: b\nA: b\n< \n\nbody")
                .failure()
                .response.body,
            expected);
  EXPECT_EQ(response("< HTTP/1.1 401 U\n< A: b\n< \nHTTP/1.1 401 U\nA: b\n\nbody")
                .failure()
                .response.body,
            expected);
}

TEST(CurlVerbose, AKeyThatHoldsALineFeed) {
  const Exchange exchange =
      raw("> GET / HTTP/1.1\n> Host: a.test\n> X-Key: abc\n> def\n>\n< HTTP/1.1 400 Bad\n<\n")
          .failure();
  EXPECT_EQ(exchange.request.headers.get("X-Key"), "abc\ndef");
}

TEST(RawExchange, RequestAndResponse) {
  const Exchange exchange =
      raw("POST /v1 HTTP/1.1\nHost: api.test\nContent-Type: text/plain\n\nhello\n\n\n"
          "HTTP/1.1 401 Unauthorized\nA: b\n\nbody\n")
          .failure();
  EXPECT_EQ(exchange.request.url, "https://api.test/v1");
  EXPECT_EQ(exchange.request.body, "hello");
  EXPECT_EQ(exchange.response.body, "body\n");
}

TEST(RawExchange, Httpie) {
  const Exchange exchange =
      raw("GET /headers HTTP/1.1\nAccept: */*\nAuthorization: Bearer k\nHost: "
          "localhost:8000\n\n\n\n"
          "HTTP/1.1 403 Forbidden\nContent-Length: 7\n\n{\n    \"a\": 1\n}\n\n\n")
          .failure();
  EXPECT_EQ(exchange.request.url, "http://localhost:8000/headers");
  EXPECT_EQ(exchange.request.body, "");
  EXPECT_EQ(exchange.response.status, 403);
  EXPECT_TRUE(exchange.response.body.starts_with("{\n    \"a\""));
}

TEST(RawExchange, AnAbsoluteUrlNeedsNoVersion) {
  EXPECT_EQ(raw("DELETE https://api.test/a b\nX-Key: k\n\n").failure().request.url,
            "https://api.test/a b");
  EXPECT_EQ(raw("GET http://api.test:81/v1 HTTP/1.1\nHost: other\n\n").failure().request.url,
            "http://api.test:81/v1");
}

TEST(Wget, ServerResponses) {
  const std::string_view log =
      "--2026-01-02 03:04:05--  http://a.test/v1\nResolving a.test (a.test)... 192.0.2.1\n"
      "Connecting to a.test (a.test)|192.0.2.1|:80... connected.\nHTTP request sent, awaiting "
      "response... \n"
      "  HTTP/1.1 301 Moved\n  Location: https://a.test/v1\nLocation: https://a.test/v1 "
      "[following]\n"
      "--2026-01-02 03:04:06--  https://a.test/v1\nHTTP request sent, awaiting response... \n"
      "  HTTP/1.1 401 Unauthorized\n  WWW-Authenticate: Basic\n\nUsername/Password Authentication "
      "Failed.\n";
  const Bundle bundle = raw(log);
  ASSERT_EQ(bundle.exchanges.size(), 2u);
  EXPECT_EQ(bundle.exchanges[0].request.url, "http://a.test/v1");
  EXPECT_EQ(bundle.exchanges[0].remote_address, "192.0.2.1");
  EXPECT_EQ(bundle.failure().request.url, "https://a.test/v1");
  EXPECT_EQ(bundle.failure().response.headers.get("www-authenticate"), "Basic");
  EXPECT_TRUE(bundle.failure().partial);
  EXPECT_TRUE(
      response(log, asked("http://a.test/v1")).exchanges[0].request.headers.has("Authorization"));
}

TEST(ReadResponse, ABodyAlone) {
  const Exchange exchange = response(" {\"error\": \"invalid\"}\n").failure();
  EXPECT_EQ(exchange.response.status, 0);
  EXPECT_EQ(exchange.response.body, " {\"error\": \"invalid\"}\n");
  EXPECT_TRUE(exchange.partial);
}

TEST(ReadResponse, WhatIsNone) {
  EXPECT_EQ(read_response("", asked()).error().message, "the response is empty");
  for (const std::string_view junk :
       {std::string_view("hello"), std::string_view("\0\x01\xff{", 4),
        std::string_view("HTTP/1.1 abc\n\n"), std::string_view("HTTP/")}) {
    const auto bundle = read_response(junk, asked());
    ASSERT_FALSE(bundle);
    EXPECT_EQ(bundle.error().code, ErrorCode::unreadable);
    EXPECT_EQ(bundle.error().message, "there is no HTTP status line in the response");
  }
  EXPECT_EQ(read_raw_exchange("HTTP/1.1 401 U\n\n").error().message,
            "there is a response, but not the request that it answers");
  EXPECT_EQ(read_raw_exchange("{}").error().message,
            "there is neither an HTTP request nor a response in it");
}

// Pieces of transcripts in any order: each exchange has a request, and nothing breaks.
TEST(ReadResponse, AnyMixture) {
  static constexpr std::string_view kPieces[] = {"HTTP/1.1 401 U\r\n",
                                                 "< HTTP/2 302 \n",
                                                 "> GET / HTTP/1.1\n",
                                                 "> CONNECT a:1 HTTP/1.1\n",
                                                 "Location: /x\n",
                                                 "< location: http://b/\n",
                                                 "\n",
                                                 "< \n",
                                                 "> \n",
                                                 "* Connected to a (",
                                                 "GET / HTTP/1.1\n",
                                                 "Content-Length: 3\n",
                                                 "Transfer-Encoding: chunked\n",
                                                 "3\r\nabc\r\n",
                                                 "* Connection #",
                                                 "\xff",
                                                 "  HTTP/1.1 401 U\n",
                                                 "--2026-01-02 03:04:05--  http://a/\n",
                                                 " fold\n",
                                                 ":",
                                                 "HTTP/1.1 100 C\n\n",
                                                 "{}\n",
                                                 "HTTP/1.1 200 Connection established\n\n"};
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
    if (const auto bundle = read_response(text, asked())) {
      ASSERT_LT(bundle->failing, bundle->exchanges.size()) << text;
    }
    if (const auto bundle = read_raw_exchange(text)) {
      ASSERT_LT(bundle->failing, bundle->exchanges.size()) << text;
    }
  }
}

}  // namespace
}  // namespace locksmith::http

#include "record/upstream.hpp"

#include <gtest/gtest.h>

#include "record/forward.hpp"

namespace locksmith::record {
namespace {

const Target api{.host = "api.example.com", .port = 443, .tls = true};

TEST(Upstream, TheUsersProxyAndItsCredentialsAreHonoured) {
  const std::string password = "p%40ss";
  const auto upstream =
      Upstream::from({{"HTTPS_PROXY", "http://user:" + password + "@proxy.test:3128"},
                      {"no_proxy", "internal.test"}});
  ASSERT_TRUE(upstream);
  const UpstreamProxy* proxy = upstream->proxy_for(api);
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->host, "proxy.test");
  EXPECT_EQ(proxy->port, 3128);
  EXPECT_EQ(proxy->authorization, "Basic dXNlcjpwQHNz");
  EXPECT_FALSE(upstream->proxy_for({.host = "a.internal.test", .port = 443, .tls = true}));
  EXPECT_FALSE(upstream->proxy_for({.host = "api.example.com", .port = 80, .tls = false}));
}

TEST(Upstream, AnotherKindOfProxyIsRefused) {
  EXPECT_FALSE(Upstream::from({{"ALL_PROXY", "socks5h://127.0.0.1:1080"}}));
  EXPECT_FALSE(Upstream::from({{"https_proxy", "https://proxy.test"}}));
  EXPECT_TRUE(Upstream::from({{"https_proxy", ""}}));
}

TEST(NoProxy, NamesAddressesAndNetworks) {
  EXPECT_TRUE(no_proxy_covers("other.test, example.com", api));
  EXPECT_TRUE(no_proxy_covers(".example.com", api));
  EXPECT_TRUE(no_proxy_covers("*.example.com", api));
  EXPECT_TRUE(no_proxy_covers("API.example.com:443", api));
  EXPECT_FALSE(no_proxy_covers("api.example.com:8443", api));
  EXPECT_FALSE(no_proxy_covers("ample.com", api));
  EXPECT_TRUE(no_proxy_covers("*", api));
  const Target address{.host = "10.1.2.3", .port = 443};
  EXPECT_TRUE(no_proxy_covers("10.0.0.0/8", address));
  EXPECT_TRUE(no_proxy_covers("10.1.2.0/25", address));
  EXPECT_FALSE(no_proxy_covers("10.1.3.0/24", address));
  EXPECT_FALSE(no_proxy_covers("10.0.0.0/99", address));
  EXPECT_TRUE(no_proxy_covers("[::1]", {.host = "::1", .port = 80}));
  EXPECT_FALSE(no_proxy_covers("", api));
}

TEST(ParseAuthority, HostAndPort) {
  EXPECT_EQ(parse_authority("[::1]:8443")->authority(), "[::1]:8443");
  EXPECT_EQ(parse_authority("API.test:443")->host, "api.test");
  for (const char* text : {"", "host", ":443", "host:", "host:0", "host:99999", "host:4x"})
    EXPECT_FALSE(parse_authority(text)) << text;
}

TEST(TargetOfUrl, AbsoluteUrlsOnly) {
  EXPECT_EQ(target_of_url("http://a.test:81/x")->port, 81);
  EXPECT_TRUE(target_of_url("HTTPS://a.test/")->tls);
  for (const char* text : {"/path", "a.test/x", "ftp://a.test/", "*", "http://a.test:99999/"})
    EXPECT_FALSE(target_of_url(text)) << text;
}

TEST(ForwardedHead, OnlyTheFirstLineAndTheProxysOwnFieldsChange) {
  const std::string fields = "Host: a.test\r\nauthorization:  Bearer k \t\r\nX-Odd : 1\r\n";
  const auto head = parse_head(
      "GET http://a.test/p?q=1 HTTP/1.1\r\nProxy-Connection: keep-alive\r\n" + fields + "\r\n",
      Side::request);
  ASSERT_TRUE(head);
  EXPECT_EQ(forwarded_head(*head, nullptr), "GET /p?q=1 HTTP/1.1\r\n" + fields + "\r\n");
  const UpstreamProxy proxy{.host = "p", .port = 1, .authorization = "Basic x"};
  EXPECT_EQ(
      forwarded_head(*head, &proxy),
      "GET http://a.test/p?q=1 HTTP/1.1\r\nProxy-Authorization: Basic x\r\n" + fields + "\r\n");
  EXPECT_EQ(
      forwarded_head(*parse_head("GET http://a.test?q HTTP/1.1\r\n\r\n", Side::request), nullptr),
      "GET /?q HTTP/1.1\r\n\r\n");
}

}  // namespace
}  // namespace locksmith::record

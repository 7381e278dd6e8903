// A URL as people paste it: nothing is refused, nothing decoded.
#include "http/url.hpp"

#include <gtest/gtest.h>

namespace locksmith::http {
namespace {

TEST(Url, TakesAllPartsApart) {
  const Url url = parse_url("HTTPS://User:p%40ss@API.Example.com:8443/v1/Keys?a=1&b=2#top");
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.userinfo, "User:p%40ss");
  EXPECT_EQ(url.host, "api.example.com");
  EXPECT_EQ(url.port, "8443");
  EXPECT_EQ(url.path, "/v1/Keys");
  EXPECT_EQ(url.query, "a=1&b=2");
  EXPECT_EQ(url.fragment, "top");
  EXPECT_EQ(url.origin(), "https://api.example.com:8443");
  EXPECT_EQ(url.target(), "/v1/Keys?a=1&b=2");
}

TEST(Url, AssumesWhatCurlAssumes) {
  const Url url = parse_url("api.example.com");
  EXPECT_EQ(url.scheme, "http");
  EXPECT_EQ(url.path, "/");
  EXPECT_EQ(url.port_number(), 80);
  EXPECT_EQ(parse_url("https://x").port_number(), 443);
  EXPECT_EQ(parse_url("x?u=https://y/").host, "x");
  EXPECT_EQ(parse_url("https://x:/a").port_number(), 443);
}

TEST(Url, LeavesDefectsToBeSeen) {
  EXPECT_EQ(parse_url("https:///v1").host, "");
  EXPECT_EQ(parse_url("https://x/a b?c d").target(), "/a b?c d");
  EXPECT_EQ(parse_url("").host, "");
  EXPECT_EQ(parse_url("https://x:99999999999/").port_number(), 443);
  EXPECT_EQ(parse_url("https://a@b@c/").userinfo, "a@b");
}

TEST(Url, ReadsIpv6) {
  const Url url = parse_url("http://[2001:DB8::1]:8080/x");
  EXPECT_EQ(url.host, "2001:db8::1");
  EXPECT_EQ(url.port, "8080");
  EXPECT_EQ(url.origin(), "http://[2001:db8::1]:8080");
  EXPECT_EQ(parse_url("http://[::1").host, "::1");
}

TEST(Url, OriginLeavesOutTheDefaultPort) {
  EXPECT_EQ(parse_url("https://x:443/").origin(), "https://x");
  EXPECT_EQ(parse_url("http://x:443/").origin(), "http://x:443");
}

TEST(Url, WritesWhatItRead) {
  for (const std::string_view text :
       {"https://u:p@h.example:8443/p/a?q=1#f", "http://[::1]:1/", "https://h/?a=1&&b",
        "https://h/a#", "https://h/%7e?x=%20+"}) {
    EXPECT_EQ(to_string(parse_url(text)), text);
  }
}

// RFC 3986 section 5.4, those of its examples that HTTP servers send
TEST(Url, ResolvesReferences) {
  const Url base = parse_url("http://u:p@a/b/c/d;p?q#frag");
  const std::pair<std::string_view, std::string_view> examples[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"", "http://a/b/c/d;p?q"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g#s", "http://a/b/c/g"},
      {"https://x/y", "https://x/y"},
      {"login?next=https://x/", "http://a/b/c/login?next=https://x/"}};
  for (const auto& [location, expected] : examples)
    EXPECT_EQ(resolve_reference(base, location), expected) << location;
}

TEST(Query, NamesAreDecodedValuesAreNot) {
  const auto parameters = query_parameters("api%5Fkey=a%2Bb&empty=&flag&&x=1=2&k+l=m+n");
  ASSERT_EQ(parameters.size(), 5u);
  EXPECT_EQ(parameters[0].name, "api_key");
  EXPECT_EQ(parameters[0].value, "a%2Bb");
  EXPECT_EQ(parameters[1].value, "");
  EXPECT_EQ(parameters[2].name, "flag");
  EXPECT_EQ(parameters[3].value, "1=2");
  EXPECT_EQ(parameters[4].name, "k l");
  EXPECT_EQ(parameters[4].value, "m+n");
  EXPECT_TRUE(query_parameters("").empty());
}

TEST(Host, MatchesPatterns) {
  EXPECT_TRUE(host_matches("api.stripe.com", "api.stripe.com"));
  EXPECT_FALSE(host_matches("stripe.com", "api.stripe.com"));
  EXPECT_TRUE(host_matches("*.example.com", "a.b.example.com"));
  EXPECT_FALSE(host_matches("*.example.com", "example.com"));
  EXPECT_FALSE(host_matches("*.example.com", "evilexample.com"));
  EXPECT_TRUE(host_matches("s3.*.amazonaws.com", "s3.eu-west-1.amazonaws.com"));
  EXPECT_FALSE(host_matches("s3.*.amazonaws.com", "s3.a.b.amazonaws.com"));
  EXPECT_TRUE(
      host_matches("*.execute-api.*.amazonaws.com", "a.b.execute-api.us-east-1.amazonaws.com"));
  EXPECT_FALSE(
      host_matches("*.execute-api.*.amazonaws.com", "execute-api.us-east-1.amazonaws.com"));
  EXPECT_TRUE(host_matches("api-*.example.com", "api-eu.example.com"));
  EXPECT_FALSE(host_matches("*.example.com", ""));
}

TEST(Host, KnowsLoopback) {
  for (const std::string_view host :
       {"localhost", "app.localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const std::string_view host :
       {"127.0.0.1.evil.example", "localhost.example", "12.7.0.0", "::2", "", "notlocalhost"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace locksmith::http

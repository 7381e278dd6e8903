// Who is believed about what: the ways to forge an address or a path, and what each proxy sends.
#include "server/forwarded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace locksmith::server {
namespace {

const std::vector<authority::Cidr> proxies{*authority::parse_cidr("10.0.0.0/8"),
                                           *authority::parse_cidr("2001:db8:1::/48")};

struct Sent {
  std::string peer = "10.0.0.1";  // empty: over the unix socket
  std::vector<Field> headers;
  std::string target = "/v1/forward-auth";
  std::string method = "GET";

  RequestView view() const {
    RequestView request;
    request.method = method;
    request.target = target;
    request.headers = headers;
    if (peer.empty()) {
      request.unix_socket = true;
    } else {
      request.peer = *authority::parse_address(peer);
    }
    return request;
  }
  std::string client(Without header = Without::unknown) const {
    const auto address = client_of(view(), proxies, header);
    return address.known() ? address.text() : "unknown";
  }
  std::string original() const {
    const auto found = original_request(view());
    if (!found) return "nothing";
    return std::string(found->method) + " " + std::string(found->host) + " " +
           std::string(found->target);
  }
};

TEST(Forwarded, TheRightmostAddressThatIsNoProxyCounts) {
  const auto xff = [](std::string_view value) {
    return Sent{"10.0.0.1", {{"X-Forwarded-For", value}}}.client();
  };
  EXPECT_EQ(xff("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(xff("6.6.6.6, 192.0.2.1"), "192.0.2.1");  // what the client wrote itself
  EXPECT_EQ(xff("6.6.6.6, 192.0.2.1, 10.2.3.4"), "192.0.2.1");
  EXPECT_EQ(xff("6.6.6.6,192.0.2.1 , 2001:db8:1::5"), "192.0.2.1");
  EXPECT_EQ(xff("192.0.2.1:4711"), "192.0.2.1");
  EXPECT_EQ(xff("[2001:db8::7]:4711"), "2001:db8::7");
  EXPECT_EQ(xff("2001:db8::7"), "2001:db8::7");
  EXPECT_EQ(xff("10.3.3.3, 10.2.2.2"), "10.3.3.3");  // it began within
  EXPECT_EQ(xff("192.0.2.1, unknown"), "unknown");
  EXPECT_EQ(xff("192.0.2.1, "), "unknown");
  EXPECT_EQ(xff("garbage"), "unknown");
}

TEST(Forwarded, SeveralLinesAreOneList) {
  const Sent sent{"10.0.0.1",
                  {{"x-forwarded-for", "6.6.6.6"}, {"X-Forwarded-For", "192.0.2.1, 10.1.1.1"}}};
  EXPECT_EQ(sent.client(), "192.0.2.1");
}

TEST(Forwarded, NobodyElseIsBelieved) {
  EXPECT_EQ((Sent{"192.0.2.9", {{"X-Forwarded-For", "10.0.0.1"}}}.client()), "192.0.2.9");
  EXPECT_EQ((Sent{"", {{"X-Forwarded-For", "192.0.2.1"}}}.client()), "192.0.2.1");
  EXPECT_EQ(Sent{}.client(), "unknown");  // a proxy that does not say
  EXPECT_EQ(Sent{}.client(Without::peer), "10.0.0.1");
  EXPECT_FALSE(is_trusted(Sent{"192.0.2.9"}.view(), proxies));
  EXPECT_TRUE(is_trusted(Sent{""}.view(), {}));
}

TEST(Forwarded, TlsIsWhatATrustedProxySays) {
  EXPECT_TRUE(is_secure(Sent{"10.0.0.1", {{"X-Forwarded-Proto", "https"}}}.view(), proxies));
  EXPECT_FALSE(is_secure(Sent{"10.0.0.1", {{"X-Forwarded-Proto", "http"}}}.view(), proxies));
  EXPECT_FALSE(is_secure(Sent{"192.0.2.9", {{"X-Forwarded-Proto", "https"}}}.view(), proxies));
  EXPECT_FALSE(is_secure(Sent{"10.0.0.1"}.view(), proxies));
  EXPECT_TRUE(is_secure(Sent{"127.0.0.1"}.view(), proxies));
  EXPECT_TRUE(is_secure(Sent{""}.view(), proxies));
  EXPECT_FALSE(is_secure(Sent{"", {{"X-Forwarded-For", "192.0.2.1"}}}.view(), proxies));
  EXPECT_FALSE(is_secure(
      Sent{"10.0.0.1", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}}}.view(),
      proxies));
}

TEST(Forwarded, ReadsWhatEachProxySends) {
  const std::vector<Field> caddy{{"X-Forwarded-Method", "POST"},
                                 {"X-Forwarded-Uri", "/v1/orders?x=1"},
                                 {"X-Forwarded-Host", "api.example.com"},
                                 {"Host", "locksmith"}};
  EXPECT_EQ((Sent{"10.0.0.1", caddy}.original()), "POST api.example.com /v1/orders?x=1");
  const std::vector<Field> nginx{
      {"X-Original-Method", "PUT"}, {"X-Original-URI", "/v1/orders"}, {"Host", "api.example.com"}};
  EXPECT_EQ((Sent{"10.0.0.1", nginx, "/v1/forward-auth?proxy=nginx"}.original()),
            "PUT api.example.com /v1/orders");
  const std::vector<Field> ingress{{"X-Original-Method", "PUT"},
                                   {"X-Original-URL", "https://api.example.com/v1/orders"},
                                   {"Host", "api.example.com"}};
  EXPECT_EQ((Sent{"10.0.0.1", ingress, "/v1/forward-auth?proxy=nginx"}.original()),
            "PUT api.example.com /v1/orders");
  EXPECT_EQ((Sent{"10.0.0.1", {{"Host", "api.example.com"}}, "/v1/forward-auth/v1/orders?x", "PUT"}
                 .original()),
            "PUT api.example.com /v1/orders?x");
}

// A client can send the headers that its proxy does not set: they must not say which path is asked
// for.
TEST(Forwarded, DoesNotReadWhatTheProxyPassesOnFromTheClient) {
  const std::vector<Field> caddy{{"X-Forwarded-Method", "POST"},
                                 {"X-Forwarded-Uri", "/admin"},
                                 {"X-Forwarded-Host", "api.example.com"},
                                 {"X-Original-Method", "GET"},
                                 {"X-Original-URI", "/public"}};
  EXPECT_EQ((Sent{"10.0.0.1", caddy}.original()), "POST api.example.com /admin");
  const std::vector<Field> nginx{{"X-Original-Method", "POST"},
                                 {"X-Original-URI", "/admin"},
                                 {"Host", "api.example.com"},
                                 {"X-Forwarded-Uri", "/public"}};
  EXPECT_EQ((Sent{"10.0.0.1", nginx, "/v1/forward-auth?proxy=nginx"}.original()),
            "POST api.example.com /admin");
  auto both = nginx;
  both.push_back({"X-Original-URL", "/public"});
  EXPECT_EQ((Sent{"10.0.0.1", both, "/v1/forward-auth?proxy=nginx"}.original()), "nothing");
  auto twice = caddy;
  twice.push_back({"X-Forwarded-Uri", "/public"});
  EXPECT_EQ((Sent{"10.0.0.1", twice}.original()), "nothing");
  EXPECT_EQ(
      (Sent{"10.0.0.1", {{"X-Original-URI", "/public"}, {"X-Original-Method", "GET"}}}.original()),
      "nothing");
  EXPECT_EQ(Sent{}.original(), "nothing");
}

}  // namespace
}  // namespace locksmith::server

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
  authority::Request told(Without header = Without::unknown) const {
    authority::Request request;
    Testimony(view(), proxies).tell_client(header, request);
    return request;
  }
  std::string client(Without header = Without::unknown) const { return name(told(header).client); }
  std::string guesser() const { return name(told().guesser); }
  bool secure() const { return told().secure; }
  static std::string name(const authority::Address& address) {
    return address.known() ? address.text() : "unknown";
  }
  std::string original() const {
    const auto found = Testimony(view(), proxies).original_request();
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

// RFC 7239 section 4 has most of these.
TEST(Forwarded, TheHeaderOfRfc7239IsReadLikewise) {
  const auto forwarded = [](std::string_view value) {
    return Sent{"10.0.0.1", {{"Forwarded", value}}}.client();
  };
  EXPECT_EQ(forwarded("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60");
  EXPECT_EQ(forwarded("For=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::17");
  EXPECT_EQ(forwarded("for=\"192.0.2.43:47011\""), "192.0.2.43");
  EXPECT_EQ(forwarded("for=\"192.0.2.43:_port\""), "192.0.2.43");
  EXPECT_EQ(forwarded("for=6.6.6.6, for=192.0.2.43"), "192.0.2.43");
  EXPECT_EQ(forwarded("for=6.6.6.6, by=x;For=192.0.2.43 ,for=\"[2001:db8:1::5]\""), "192.0.2.43");
  EXPECT_EQ(forwarded("for=10.3.3.3, for=10.2.2.2"), "10.3.3.3");
  EXPECT_EQ(forwarded(";for=192.0.2.43;;ext=\"a,b;c\""), "192.0.2.43");
  for (const std::string_view nobody :
       {"for=_gazonk", "for=unknown", "for=\"_x:_y\"", "proto=https", "for=192.0.2.43, for=_proxy",
        "", "for", "for=", "for=\"\"", "=192.0.2.43", "for=192.0.2.43;for=6.6.6.6",
        "for=\"192.0.2.43", "for=192.0.2.43,", "for=\"192.0.2.\\43\"", "for=\"1\"192.0.2.43",
        "192.0.2.43"})
    EXPECT_EQ(forwarded(nobody), "unknown") << nobody;
}

TEST(Forwarded, NothingThatTheClientWroteReachesIntoTheProxysElement) {
  for (const std::string_view before : {"for=\"", "\"", "for=\"6.6.6.6, for=", "\\", "for=\"\\\"",
                                        "for=6.6.6.6;x=\"", ",", "x;="}) {
    for (const std::string_view own : {"for=192.0.2.43", "for=\"192.0.2.43:1\";host=\"a:1\""}) {
      const auto value = std::string(before) + ", " + std::string(own);
      EXPECT_EQ((Sent{"10.0.0.1", {{"Forwarded", value}}}.client()), "192.0.2.43") << value;
    }
  }
  EXPECT_EQ(
      (Sent{"10.0.0.1", {{"forwarded", "for=\"6"}, {"Forwarded", "for=192.0.2.43"}}}.client()),
      "192.0.2.43");
}

// A proxy sets one of the headers and passes the other on as the client wrote it: which of the two,
// nobody can say. Wrong keys of such a client still count.
TEST(Forwarded, TwoHeadersThatDisagreeNameNobody) {
  const auto both = [](std::string_view list, std::string_view forwarded,
                       std::string peer = "10.0.0.1") {
    return Sent{std::move(peer), {{"X-Forwarded-For", list}, {"Forwarded", forwarded}}};
  };
  EXPECT_EQ(both("192.0.2.1", "for=\"192.0.2.1:80\"").client(), "192.0.2.1");
  EXPECT_EQ(both("6.6.6.6, 192.0.2.1", "for=192.0.2.1").client(), "192.0.2.1");
  EXPECT_EQ(both("192.0.2.1", "for=192.0.2.1").guesser(), "unknown");
  for (const std::string_view other : {"for=192.0.2.2", "for=unknown", "nonsense", ""}) {
    EXPECT_EQ(both("192.0.2.1", other).client(), "unknown");
    EXPECT_EQ(both("192.0.2.1", other).guesser(), "10.0.0.1");
    EXPECT_EQ(both("192.0.2.1", other, "").guesser(), "::1");
  }
  EXPECT_EQ(both("10.0.0.1", "for=192.0.2.1", "192.0.2.9").client(), "192.0.2.9");  // no proxy
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
  EXPECT_TRUE((Sent{"10.0.0.1", {{"X-Forwarded-Proto", "https"}}}.secure()));
  EXPECT_FALSE((Sent{"10.0.0.1", {{"X-Forwarded-Proto", "http"}}}.secure()));
  EXPECT_FALSE((Sent{"192.0.2.9", {{"X-Forwarded-Proto", "https"}}}.secure()));
  EXPECT_FALSE((Sent{"10.0.0.1"}.secure()));
  EXPECT_TRUE((Sent{"127.0.0.1"}.secure()));
  EXPECT_TRUE((Sent{""}.secure()));
  EXPECT_FALSE((Sent{"", {{"X-Forwarded-For", "192.0.2.1"}}}.secure()));
  EXPECT_FALSE(
      (Sent{"10.0.0.1", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}}}.secure()));
}

TEST(Forwarded, TlsIsAlsoWhatTheElementOfTheClientSays) {
  const auto secure = [](std::vector<Field> headers) { return Sent{"10.0.0.1", headers}.secure(); };
  EXPECT_TRUE(secure({{"Forwarded", "for=192.0.2.1;proto=https"}}));
  EXPECT_TRUE(secure({{"Forwarded", "for=192.0.2.1;Proto=\"HTTPS\", for=10.1.1.1;proto=http"}}));
  EXPECT_FALSE(secure({{"Forwarded", "for=6.6.6.6;proto=https, for=192.0.2.1;proto=http"}}));
  EXPECT_FALSE(secure({{"Forwarded", "for=192.0.2.1;proto=http"}, {"X-Forwarded-Proto", "https"}}));
  EXPECT_FALSE(secure({{"Forwarded", "for=192.0.2.1;proto=https"}, {"X-Forwarded-Proto", "http"}}));
  EXPECT_TRUE(secure({{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-Proto", "https"}}));
  EXPECT_FALSE((Sent{"", {{"Forwarded", "for=192.0.2.1"}}}.secure()));
  EXPECT_FALSE((Sent{"192.0.2.9", {{"Forwarded", "for=192.0.2.1;proto=https"}}}.secure()));
}

TEST(Forwarded, TheHostMayBeThatOfForwarded) {
  std::vector<Field> sent{{"X-Forwarded-Method", "GET"},
                          {"X-Forwarded-Uri", "/x"},
                          {"Forwarded", "host=evil, for=192.0.2.1;host=\"api.example.com:443\""}};
  EXPECT_EQ((Sent{"10.0.0.1", sent}.original()), "GET api.example.com:443 /x");
  sent.push_back({"X-Forwarded-Host", "API.example.com"});
  EXPECT_EQ((Sent{"10.0.0.1", sent}.original()), "GET API.example.com /x");
  sent.back().value = "other.example.com";
  EXPECT_EQ((Sent{"10.0.0.1", sent}.original()), "nothing");
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

// The chain of hops: who stood on the way, and who said no.
#include "doctor/hops.hpp"

#include <gtest/gtest.h>

#include "report/chain.hpp"

namespace locksmith::doctor {
namespace {

struct Way {
  Way() {
    bundle.exchanges.push_back({.request = {.url = "https://api.acme.test/v1"}});
    exchange().request.headers.add("Authorization", "Bearer abc");
    exchange().response.status = 401;
  }
  http::Exchange& exchange() { return bundle.exchanges.back(); }
  Way& answers(int status, std::string body, std::vector<http::Header> headers = {}) {
    exchange().response.status = status;
    exchange().response.body = std::move(body);
    for (http::Header& header : headers) exchange().response.headers.push_back(std::move(header));
    return *this;
  }
  report::Report report() {
    report::Report report;
    report.outcome = report::Outcome::undetermined;
    report.same_without_key = same_without_key;
    const inspect::Case c(bundle, catalogue::embedded());
    report.hops = hops(c, options, report);
    return report;
  }
  std::string line() { return chain_line(report()); }

  http::Bundle bundle;
  http::ClientOptions options;
  bool same_without_key = false;
};

const std::string nginx_page =
    "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401 "
    "Authorization Required</h1></center>\r\n<hr><center>nginx/1.25.3</center>\r\n</body>\r\n"
    "</html>\r\n";

TEST(hops, tell_nothing_when_the_api_alone_was_asked) {
  Way way;
  EXPECT_EQ(way.line(), "");
  const auto hops = way.report().hops;
  ASSERT_EQ(hops.size(), 2u);
  EXPECT_TRUE(hops[1].refused);
  EXPECT_EQ(hops[1].role, "api");
}

TEST(hops, mark_the_box_that_answered_itself) {
  Way way;
  way.answers(401, nginx_page, {{"WWW-Authenticate", "Basic realm=\"Staging\""}});
  EXPECT_EQ(way.line(), "you → nginx ✗ (realm \"Staging\") (API not reached)");
  way.same_without_key = true;
  EXPECT_TRUE(way.line().contains("answers alike without the key"));
}

TEST(hops, pass_through_a_box_that_the_api_stands_behind) {
  Way way;
  way.answers(401, R"({"error":"no"})", {{"Server", "nginx"}});
  EXPECT_EQ(way.line(), "you → nginx → api.acme.test ✗");
}

TEST(hops, name_the_forward_proxy_and_its_realm) {
  Way way;
  way.options.proxy = "http://ada:secret@squid.corp:3128";
  way.answers(407, "", {{"Proxy-Authenticate", "Basic realm=\"corp\""}});
  way.exchange().remote_address = "192.0.2.7";
  EXPECT_EQ(way.line(), "you → proxy squid.corp ✗ (realm \"corp\") (API not reached)");
  EXPECT_EQ(way.report().hops[1].address, "192.0.2.7");
  Way exempt;
  exempt.options = {.proxy = "http://squid.corp:3128", .noproxy = "acme.test"};
  EXPECT_EQ(exempt.line(), "");
}

TEST(hops, read_the_proxy_from_the_environment_as_curl_does) {
  Way way;
  way.bundle.environment.variables["https_proxy"] = "squid.corp:3128";
  EXPECT_EQ(way.line(), "you → proxy squid.corp → api.acme.test ✗");
  way.bundle.environment.variables["no_proxy"] = "other.test,.acme.test";
  EXPECT_EQ(way.line(), "");
  way.bundle.environment.variables = {{"http_proxy", "squid.corp:3128"}};  // of another scheme
  EXPECT_EQ(way.line(), "");
}

TEST(hops, see_who_opens_tls) {
  Way way;
  way.exchange().tls_issuer = "CN = Zscaler Intermediate Root CA";
  EXPECT_EQ(way.line(), "you → zscaler → api.acme.test ✗");
  EXPECT_TRUE(about(way.report().hops[1]).contains("issued by CN = Zscaler"));
  way.exchange().tls_issuer = "C = US, O = Let's Encrypt, CN = R3";
  EXPECT_EQ(way.line(), "");
}

TEST(hops, end_at_a_wall_that_no_rule_knows) {
  Way way;
  way.answers(200, "<html><h1>Guest WiFi</h1>Accept the terms of use <form>");
  EXPECT_EQ(way.line(), "you → captive portal ✗ (API not reached)");
}

TEST(hops, need_an_answer) {
  Way way;
  way.exchange().response.status = 0;
  EXPECT_TRUE(way.report().hops.empty());
}

// What a server sends must not reach the terminal as it is.
TEST(hops, show_no_control_characters) {
  Way way;
  way.exchange().tls_issuer = "CN = \x1b[31mfortinet";
  EXPECT_FALSE(way.report().hops[1].tls_issuer.contains('\x1b'));
}

}  // namespace
}  // namespace locksmith::doctor

// Where a credential may go, and every trick to send it elsewhere.
#include "probe/safety.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace locksmith::probe {
namespace {

const std::vector<std::string> provider = {"api.example.com", "*.example.net"};

http::Request request(std::string url, std::string method = "GET") {
  http::Request made;
  made.url = std::move(url);
  made.method = std::move(method);
  return made;
}

bool may_carry(const std::string& to, const std::string& original) {
  return allowed(request(to), request(original), true, false, provider).has_value();
}

TEST(safety, a_credential_goes_back_to_its_origin) {
  const std::pair<const char*, const char*> same[] = {
      {"https://a.test/v1", "https://a.test/v2?x=1"},
      {"HTTPS://A.Test/", "https://a.test/"},
      {"https://a.test:443/", "https://a.test/"},
      {"http://a.test:80/", "http://a.test/"},
      {"https://a.test./", "https://a.test/"},
      {"http://[::1]:8080/x", "http://[::1]:8080/"},
      {"https://[2001:DB8::1]/", "https://[2001:db8::1]:443/"},
      {"https://other@a.test/", "https://a.test/"},
      {"https://bücher.test/", "https://bücher.test/"},
      {"a.test/v1", "http://a.test/"},
      {"a.test:8080/v1", "http://a.test:8080/"},
  };
  for (const auto& [to, original] : same)
    EXPECT_TRUE(may_carry(to, original)) << to << " from " << original;
}

TEST(safety, a_credential_goes_nowhere_else) {
  const std::pair<const char*, const char*> other[] = {
      {"https://b.test/", "https://a.test/"},
      {"http://a.test/", "https://a.test/"},
      {"https://a.test/", "http://a.test/"},
      {"https://a.test:8443/", "https://a.test/"},
      {"http://a.test:8080/", "http://a.test/"},
      {"https://a.test@evil.test/", "https://a.test/"},
      {"https://a.test:443@evil.test/", "https://a.test/"},
      {"https://evil.test/@a.test/", "https://a.test/"},
      {"https://evil.test?@a.test/", "https://a.test/"},
      {"https://evil.test#@a.test/", "https://a.test/"},
      {"https://evil.test\\@a.test/", "https://a.test/"},
      {"https://a.test\\.evil.test/", "https://a.test/"},
      {"https://a.test .evil.test/", "https://a.test/"},
      {"https://a.test\n.evil.test/", "https://a.test/"},
      {"https://a.test:443x/", "https://a.test/"},
      {"https:///a.test/", "https://a.test/"},
      {"https:/a.test/", "https://a.test/"},
      {"https://a.test.evil.test/", "https://a.test/"},
      {"https://evila.test/", "https://a.test/"},
      {"https://a.test../", "https://a.test/"},
      {"https://[::2]/", "https://[::1]/"},
      {"https://bucher.test/", "https://bücher.test/"},
      {"https://xn--bcher-kva.test/",
       "https://bücher.test/"},  // the same host, but IDNA is not ours to do
      {"ftp://a.test/", "ftp://a.test/"},
      {"file:///etc/passwd", "https://a.test/"},
      {"", "https://a.test/"},
  };
  for (const auto& [to, original] : other)
    EXPECT_FALSE(may_carry(to, original)) << to << " from " << original;
}

TEST(safety, the_providers_own_hosts_may_have_it_over_https) {
  const std::string original = "https://proxy.corp.test/v1";
  EXPECT_TRUE(may_carry("https://api.example.com/v1/me", original));
  EXPECT_TRUE(may_carry("https://API.example.com./v1/me", original));
  EXPECT_TRUE(may_carry("https://eu.example.net/me", original));
  EXPECT_FALSE(may_carry("http://api.example.com/v1/me", original));
  EXPECT_FALSE(may_carry("https://example.net.evil.test/", original));
  EXPECT_FALSE(may_carry("https://evilexample.net/", original));
  EXPECT_FALSE(may_carry("https://api.example.com@evil.test/", original));
  // U+FF0F and U+3002 are mapped to '/' and '.' by IDNA (HostSplit, CVE-2019-0654).
  EXPECT_FALSE(may_carry("https://evil.test\uff0f.example.net/", original));
  EXPECT_FALSE(may_carry("https://evil.test\u3002.example.net/", original));
  EXPECT_FALSE(may_carry("https://evil.test%2f.example.net/", original));
}

TEST(safety, a_redirect_never_moves_it_even_within_the_provider) {
  const http::Request original = request("https://api.example.com/v1");
  const http::Request elsewhere = request("https://eu.example.net/v1");
  EXPECT_TRUE(allowed(elsewhere, original, true, false, provider));
  EXPECT_FALSE(allowed_after_redirect(elsewhere, original, true, false));
  EXPECT_TRUE(allowed_after_redirect(elsewhere, original, false, false));
  EXPECT_TRUE(allowed_after_redirect(request("https://api.example.com/v2"), original, true, false));
}

TEST(safety, what_looks_like_a_credential_counts_as_one) {
  const http::Request original = request("https://a.test/");
  http::Request probe = request("https://b.test/");
  EXPECT_TRUE(allowed(probe, original, false, false, provider));
  probe.headers.add("authorization", "Bearer x");
  EXPECT_FALSE(allowed(probe, original, false, false, provider));
  EXPECT_FALSE(allowed(request("https://user:word@b.test/"), original, false, false, provider));
}

TEST(safety, only_safe_methods_unless_replay_is_allowed) {
  const http::Request post = request("https://a.test/", "POST");
  for (const char* method : {"GET", "HEAD", "OPTIONS"}) {
    EXPECT_TRUE(allowed(request("https://a.test/", method), post, true, false, provider)) << method;
  }
  for (const char* method : {"POST", "DELETE", "get", "TRACE", "", "GET\r\nX: y"}) {
    EXPECT_FALSE(allowed(request("https://a.test/", method), post, false, false, provider))
        << method;
  }
  EXPECT_TRUE(allowed(post, post, true, true, provider));
  EXPECT_FALSE(allowed(request("https://a.test/", "DELETE"), post, true, true, provider));
  EXPECT_FALSE(allowed(request("https://b.test/", "POST"), post, true, true, provider));
}

TEST(safety, options_for_one_origin_hold_for_no_other) {
  http::ClientOptions options;
  options.insecure = true;
  options.connect_to = {"::127.0.0.1:1"};
  options.client_cert = "me.pem";
  options.proxy = "http://proxy.test:3128";
  const http::Request original = request("https://a.test/v1");
  EXPECT_TRUE(options_for(request("https://a.test:443/me"), original, options).insecure);
  const http::ClientOptions other =
      options_for(request("https://api.example.com/"), original, options);
  EXPECT_FALSE(other.insecure);
  EXPECT_TRUE(other.connect_to.empty());
  EXPECT_TRUE(other.client_cert.empty());
  EXPECT_EQ(other.proxy, options.proxy);
}

}  // namespace
}  // namespace locksmith::probe

// What the probes change around the key, and when they do not apply.
#include "probe/variations.hpp"

#include <gtest/gtest.h>

#include "probe/safety.hpp"
#include "probe/sample_case.hpp"

namespace locksmith::probe {
namespace {

constexpr const char* things = "https://api.acme.test/v1/things";

struct Attempt {
  Built request;
  http::ClientOptions options;
};

Attempt attempt(std::string_view name, const Sample& sample, http::ClientOptions options = {}) {
  const inspect::Case failure = sample.open();
  const Setting setting{.failure = failure, .seed = 1, .options = std::move(options)};
  const Probe& probe = *find_probe(name);
  return {probe.build(setting), options_of(probe, setting)};
}

bool applies(std::string_view name, const Sample& sample, http::ClientOptions options = {}) {
  return attempt(name, sample, std::move(options)).request.has_value();
}

TEST(variations, other_probes_go_the_way_of_the_user) {
  const auto [request, options] = attempt("no-credential", Sample(things, {bearer(sample_key)}),
                                          {.insecure = true, .proxy = "http://p.test:1"});
  EXPECT_TRUE(options.insecure);
  EXPECT_EQ(options.proxy, "http://p.test:1");
}

TEST(variations, take_the_ip_version_that_was_not_used) {
  Sample sample(things, {bearer(sample_key)});
  EXPECT_EQ(attempt("ipv4", sample).options.ip_version, 4);
  EXPECT_EQ(attempt("ipv6", sample, {.ip_version = 4}).options.ip_version, 6);
  EXPECT_TRUE(applies("ipv4", sample));
  EXPECT_TRUE(applies("ipv6", sample));
  EXPECT_FALSE(applies("ipv4", sample, {.ip_version = 4}));
  sample.bundle.exchanges[0].remote_address = "2001:db8::1";
  EXPECT_TRUE(applies("ipv4", sample));
  EXPECT_FALSE(applies("ipv6", sample));
  sample.bundle.exchanges[0].remote_address = "192.0.2.1";
  EXPECT_FALSE(applies("ipv4", sample));
  EXPECT_FALSE(applies("ipv6", sample, {.proxy = "http://p.test:1"}));
  EXPECT_FALSE(applies("ipv6", sample, {.unix_socket = "/run/x"}));
  EXPECT_FALSE(applies("ipv6", Sample("https://192.0.2.1/v1", {bearer(sample_key)})));
  EXPECT_FALSE(applies("ipv4", Sample("https://[2001:db8::1]/v1", {bearer(sample_key)})));
}

TEST(variations, another_name_for_a_client_that_is_a_tool) {
  for (const char* agent : {"", "curl/8.5.0", "python-requests/2.31", "Go-http-client/2.0"}) {
    const auto [request, _] =
        attempt("plain-user-agent", Sample(things, {bearer(sample_key), {"User-Agent", agent}}));
    ASSERT_TRUE(request) << agent;
    EXPECT_TRUE(request->headers.get("User-Agent").starts_with("Mozilla/")) << agent;
  }
  EXPECT_TRUE(applies("plain-user-agent", Sample(things, {bearer(sample_key)})));
  EXPECT_FALSE(applies("plain-user-agent", Sample(things, {{"User-Agent", "acme-sync/3"}})));
}

TEST(variations, past_a_proxy_only_where_one_is_used) {
  Sample sample(things, {bearer(sample_key)});
  EXPECT_FALSE(applies("no-proxy", sample));
  const auto [request, options] =
      attempt("no-proxy", sample, {.proxy = "http://p.test:1", .proxy_user = "a:b"});
  EXPECT_TRUE(request);
  EXPECT_EQ(options.proxy + options.proxy_user, "");
  EXPECT_EQ(options.noproxy, "*");
  EXPECT_FALSE(applies("no-proxy", sample, {.proxy = "http://p.test:1", .noproxy = "acme.test"}));

  auto& variables = sample.bundle.environment.variables;
  variables["http_proxy"] = "http://p.test:1";  // for another scheme
  EXPECT_FALSE(applies("no-proxy", sample));
  variables["HTTPS_PROXY"] = "http://p.test:1";
  EXPECT_TRUE(applies("no-proxy", sample));
  for (const char* list : {"*", "other.test, .acme.test", "api.acme.test", "ACME.test"}) {
    variables["NO_PROXY"] = list;
    EXPECT_FALSE(applies("no-proxy", sample)) << list;
  }
  variables["NO_PROXY"] = "me.test,api.acme.tes";
  EXPECT_TRUE(applies("no-proxy", sample));
}

TEST(variations, the_other_version_of_http_where_there_is_one) {
  Sample sample(things, {bearer(sample_key)});
  EXPECT_FALSE(applies("other-http-version", sample));
  sample.bundle.exchanges[0].response.version = "HTTP/2";
  EXPECT_TRUE(applies("other-http-version", sample));
  EXPECT_EQ(attempt("other-http-version", sample).options.http_version, "1.1");
  sample.bundle.exchanges[0].response.version = "HTTP/1.1";
  EXPECT_FALSE(applies("other-http-version", sample));  // the server's choice
  EXPECT_TRUE(applies("other-http-version", sample, {.http_version = "1.1"}));
  EXPECT_EQ(attempt("other-http-version", sample, {.http_version = "1.1"}).options.http_version,
            "2");
}

TEST(variations, the_last_slash_of_the_path_alone) {
  const auto url = [](const std::string& text) {
    const auto request = attempt("trailing-slash", Sample(text, {bearer(sample_key)})).request;
    return request ? request->url : "";
  };
  EXPECT_EQ(url("https://a.test/v1/things"), "https://a.test/v1/things/");
  EXPECT_EQ(url("https://a.test/v1/things/?a=/#f"), "https://a.test/v1/things?a=/#f");
  EXPECT_EQ(url("https://a.test/v1?a=b/"), "https://a.test/v1/?a=b/");
  for (const char* none : {"https://a.test", "https://a.test/", "https://a.test?x=/y",
                           "https://a.test/v1/things.json"})
    EXPECT_EQ(url(none), "") << none;
  EXPECT_FALSE(
      applies("trailing-slash",
              Sample(things, {{"Authorization", "AWS4-HMAC-SHA256 Credential=a/b, Signature=c"}})));
}

TEST(variations, leave_the_path_to_the_redirect_that_chose_it) {
  Sample sample(things, {bearer(sample_key)});
  sample.bundle.exchanges.insert(sample.bundle.exchanges.begin(), sample.bundle.exchanges[0]);
  sample.bundle.failing = 1;
  EXPECT_TRUE(applies("trailing-slash", sample));
  sample.bundle.exchanges[0].response.status = 302;
  EXPECT_FALSE(applies("trailing-slash", sample));
}

TEST(variations, the_main_credential_alone_where_there_are_two) {
  const auto [request, _] = attempt(
      "one-credential",
      Sample(std::string(things) + "?api_key=x&page=2",
             {bearer(sample_key), {"X-Api-Key", std::string("other-") + std::string(12, 'z')}}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->headers.get("Authorization"), "Bearer " + sample_key);
  EXPECT_FALSE(request->headers.has("X-Api-Key"));
  EXPECT_EQ(request->url, std::string(things) + "?page=2");
  EXPECT_FALSE(applies("one-credential", Sample(things, {bearer(sample_key)})));
  EXPECT_FALSE(applies("one-credential", Sample(things)));
}

TEST(variations, a_browsers_origin_is_left_out_or_asks_first) {
  const Sample sample(things,
                      {bearer(sample_key),
                       {"Origin", "https://app.test"},
                       {"Referer", "https://app.test/x"},
                       {"Content-Type", "application/json"},
                       {"X-Other", "1"},
                       {"Sec-Fetch-Mode", "cors"}},
                      "POST");
  const Built bare = attempt("no-origin", sample).request;
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->headers.has("Origin") || bare->headers.has("Referer"));
  EXPECT_TRUE(bare->headers.has("Authorization"));
  const Built asked = attempt("preflight", sample).request;
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->method, "OPTIONS");
  EXPECT_FALSE(asked->headers.has("Authorization"));
  EXPECT_EQ(asked->headers.get("Origin"), "https://app.test");
  EXPECT_EQ(asked->headers.get("Access-Control-Request-Method"), "POST");
  EXPECT_EQ(asked->headers.get("Access-Control-Request-Headers"),
            "authorization,content-type,x-other");
  for (const char* probe : {"no-origin", "preflight"})
    EXPECT_FALSE(applies(probe, Sample(things, {bearer(sample_key)}))) << probe;
}

TEST(variations, all_stay_at_the_origin_and_are_safe) {
  Sample sample(std::string(things) + "?api_key=" + sample_key,
                {bearer(sample_key), {"Origin", "https://app.test"}}, "DELETE");
  sample.bundle.exchanges[0].response.version = "HTTP/2";
  sample.bundle.exchanges[0].remote_address = "2001:db8::1";
  const inspect::Case failure = sample.open();
  for (const char* name : {"ipv4", "plain-user-agent", "no-proxy", "other-http-version",
                           "trailing-slash", "one-credential", "no-origin", "preflight"}) {
    const http::ClientOptions user{.proxy = std::string_view(name) == "no-proxy" ? "http://p.test:1"
                                                                                 : ""};
    const Built built = attempt(name, sample, user).request;
    ASSERT_TRUE(built) << name << ": " << built.error();
    EXPECT_TRUE(allowed(*built, failure.request, find_probe(name)->carries_credential, false, {}))
        << name;
  }
}

}  // namespace
}  // namespace locksmith::probe

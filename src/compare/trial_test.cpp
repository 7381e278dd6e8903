// What is never sent: a key to a stranger, a request with side effects that nobody asked for.
#include "compare/trial.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "compare/compare_test_support.hpp"
#include "http/url.hpp"
#include "tests/lab/fault_api.hpp"

namespace locksmith::compare {
namespace {

const std::string url = "https://api.acme.test/v1/things";

std::string bearer(const std::string& value) { return "-H 'Authorization: Bearer " + value + "' "; }

// 401 for the other key, so that there is always something to find.
int rule(const http::Request& request, const http::ClientOptions&) {
  return request.headers.get("Authorization").ends_with(other_key) ? 401 : 200;
}

Report run(const std::string& good, const std::string& bad, Server& server, Options options = {}) {
  return examine(command(good), command(bad), catalogue::embedded(), options, &server);
}

TEST(licence, nothing_is_sent_where_a_key_would_meet_a_stranger) {
  const std::pair<std::string, std::string> pairs[]{
      {bearer(key) + url, bearer(other_key) + "https://api.stranger.test/v1/things"},
      {bearer(key) + url, bearer(other_key) + "http://api.acme.test/v1/things"},
      {bearer(key) + url, bearer(other_key) + "https://api.acme.test:8443/v1/things"},
      {bearer(key) + "https://api.github.com/user",
       bearer(other_key) + "https://api.stripe.com/v1/charges"},
      {bearer(key) + "https://api.github.com/user",
       bearer(other_key) + "http://api.github.com/user"},
  };
  for (const auto& [good, bad] : pairs) {
    Server server(rule);
    const Report report = run(good, bad, server);
    EXPECT_TRUE(server.requests.empty()) << bad;
    EXPECT_FALSE(report.notes.empty());
    EXPECT_NE(report.outcome, Outcome::proved);
  }
}

TEST(licence, two_hosts_of_one_provider_may_be_mixed) {
  Server server(rule);
  const Report report = run(bearer(key) + "https://api.github.com/user",
                            bearer(other_key) + "https://uploads.github.com/user", server);
  EXPECT_EQ(report.outcome, Outcome::proved);
  EXPECT_EQ(kinds_of(report), std::vector<std::string>{"key-other"});
  for (const http::Request& request : server.requests)
    EXPECT_TRUE(request.url.starts_with("https://")) << request.url;
}

TEST(licence, without_checked_tls_a_key_takes_its_own_way_alone) {
  // Over http whoever answers at the other address, or the other proxy, would read the key.
  for (const std::string way :
       {"--resolve api.acme.test:80:192.0.2.66 ", "-x http://evil.test:3128 ",
        "--connect-to ::evil.test:80 ", "--unix-socket /tmp/s "}) {
    Server server(rule);
    const std::string to = "http://api.acme.test/v1/things";
    run(bearer(key) + to, way + bearer(other_key) + "-H 'X-Tenant: 7' " + to, server);
    EXPECT_EQ(server.requests.size(), 2U) << way;  // each as it is
  }
  Server server(rule);
  run(bearer(key) + url, "-k -x http://evil.test:3128 " + bearer(other_key) + url, server);
  EXPECT_EQ(server.requests.size(), 2U);
  // Whoever is in between reads a key that is sent without a check; GOOD's never was.
  Server unchecked(rule);
  run(bearer(key) + url, "-k -A x/1 " + bearer(other_key) + url, unchecked);
  EXPECT_EQ(unchecked.requests.size(), 2U);
  Server two_hosts(rule);
  run(bearer(key) + "https://api.github.com/user",
      "-k " + bearer(other_key) + "https://uploads.github.com/user", two_hosts);
  EXPECT_EQ(two_hosts.requests.size(), 2U);
}

TEST(licence, only_safe_methods_without_replay) {
  for (const std::string unsafe :
       {"-X DELETE ", "-X POST ", "-d a=1 ", "-H 'X-HTTP-Method-Override: DELETE' "}) {
    Server server(rule);
    run(bearer(key) + url, unsafe + bearer(other_key) + url, server);
    EXPECT_TRUE(server.requests.empty()) << unsafe;
  }
  Server server(rule);
  run(bearer(key) + url, bearer(other_key) + url + "?_method=delete", server);
  EXPECT_TRUE(server.requests.empty());
}

TEST(trials, with_replay_no_new_deed_is_made_of_two) {
  Server server(rule);
  const Report report =
      run(bearer(key) + "-X DELETE https://api.acme.test/v1/drafts/1?dry=1",
          bearer(other_key) + "-A httpx/1 -d all=1 https://api.acme.test/v1/accounts/7", server,
          {.replay = true});
  EXPECT_EQ(report.outcome, Outcome::proved);
  EXPECT_EQ(kinds_of(report), std::vector<std::string>{"key-other"});
  for (const http::Request& r : server.requests) {
    const bool first = r.method == "DELETE" && r.url.ends_with("/drafts/1?dry=1") && r.body.empty();
    const bool second = r.method == "POST" && r.url.ends_with("/accounts/7") && r.body == "all=1";
    EXPECT_TRUE(first || second) << r.method << " " << r.url;
  }
}

TEST(trials, signed_requests_are_not_mixed) {
  Server server(rule);
  const std::string head = "-H 'Authorization: AWS4-HMAC-SHA256 Credential=AKIA" +
                           std::string(16, 'A') +
                           "/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=";
  run(head + std::string(64, 'a') + "' " + url, head + std::string(64, 'b') + "' " + url + "/x",
      server);
  EXPECT_TRUE(server.requests.empty());
}

// --- against a real server
// ------------------------------------------------------------------------

class live : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
    api = new lab::FaultApi;
  }
  static void TearDownTestSuite() { delete api; }

  static Report find(const std::string& good, const std::string& bad) {
    const auto transport = probe::curl_transport();
    const Report report =
        examine(command(good), command(bad), catalogue::embedded(), {}, transport.get());
    for (const auto& [state, value] : api->keys())
      EXPECT_FALSE(everything(report).contains(value)) << state;
    return report;
  }
  static void expect(const std::string& good, const std::string& bad, const char* slug) {
    const Report report = find(good, bad);
    EXPECT_EQ(report.outcome, Outcome::proved) << as_text(report, {});
    EXPECT_EQ(kinds_of(report), std::vector<std::string>{slug}) << as_text(report, {});
  }
  static inline lab::FaultApi* api = nullptr;
};

// So that there is something to bisect.
const std::string clutter =
    "-A httpx/1 -H 'Accept: text/html' -H 'X-Tenant: 7' -b a=1 -H 'Date: x' ";

TEST_F(live, names_the_wrong_scheme) {
  const std::string k = api->key("good"), to = api->url("wrong-scheme");
  expect("-H 'Authorization: Token " + k + "' " + to, clutter + bearer(k) + to, "key-scheme");
}

TEST_F(live, names_the_wrong_header) {
  const std::string k = api->key("good"), to = api->url("wrong-header");
  expect("-H 'X-Api-Key: " + k + "' " + to, clutter + bearer(k) + to, "key-place");
}

TEST_F(live, names_the_missing_header) {
  const std::string k = api->key("good"), to = api->url("missing-required-header");
  expect(bearer(k) + "-H 'Acme-Version: 1' " + to, clutter + bearer(k) + to, "other-header");
}

TEST_F(live, names_the_expired_key) {
  const std::string to = api->url("expired");
  expect(bearer(api->key("good")) + to, clutter + bearer(api->key("expired")) + to, "key-other");
}

TEST_F(live, names_a_user_agent_that_is_taken_away) {
  // This firewall refuses an empty User-Agent; what curl adds by itself must stay away.
  const std::string with_key = "-H 'X-Api-Key: " + api->key("good") + "' ",
                    to = api->url("waf-blocked");
  expect(with_key + "-A httpx/1 " + to, with_key + "-H 'User-Agent:' -H 'X-Tenant: 7' " + to,
         "user-agent");
}

TEST_F(live, a_redirect_to_another_origin_is_not_followed) {
  const std::string to = api->url("redirect-dropped");
  const Report report =
      find(bearer(api->key("good")) + to, "-L " + bearer(api->key("expired")) + to);
  EXPECT_EQ(report.outcome, Outcome::contradicted);
  for (const Trial& trial : report.requests) {
    EXPECT_EQ(http::parse_url(trial.url).port_number(), api->port());
    EXPECT_EQ(trial.status, 302);
  }
}

TEST_F(live, a_server_that_reads_the_key_back_does_not_get_it_shown) {
  const std::string to = api->url("reflects");
  const Report report = find(bearer(api->key("good")) + to, bearer(api->key("expired")) + to);
  EXPECT_EQ(report.outcome, Outcome::contradicted);
}

TEST_F(live, nobody_there_is_unreachable) {
  const Report report =
      find(bearer(key) + "http://127.0.0.1:9/", bearer(other_key) + "http://127.0.0.1:9/");
  EXPECT_EQ(report.outcome, Outcome::unreachable);
}

}  // namespace
}  // namespace locksmith::compare

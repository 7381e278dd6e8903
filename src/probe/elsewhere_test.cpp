// Where the key may be shown in another place, and where not.
#include "probe/elsewhere.hpp"

#include <gtest/gtest.h>

#include "probe/safety.hpp"
#include "probe/sample_case.hpp"

namespace locksmith::probe {
namespace {

using std::chrono::seconds;

// An API that the catalogue does not know.
struct Unknown : Sample {
  explicit Unknown(std::vector<http::Header> headers, std::string path = "/v1/things/7/parts")
      : Sample("https://api.unknown.test" + path, std::move(headers)) {}
};

Built attempt(std::string_view name, const Sample& sample, bool try_environments = false) {
  const inspect::Case failure = sample.open();
  return find_probe(name)->build(
      {.failure = failure, .try_environments = try_environments, .seed = 1});
}

TEST(elsewhere, the_other_customary_header) {
  const auto api_key = attempt("other-header", Unknown({bearer(sample_key)}));
  ASSERT_TRUE(api_key) << api_key.error();
  EXPECT_EQ(api_key->headers.get("X-Api-Key"), sample_key);
  EXPECT_FALSE(api_key->headers.has("Authorization"));
  const auto authorization = attempt("other-header", Unknown({{"X-Api-Key", sample_key}}));
  ASSERT_TRUE(authorization) << authorization.error();
  EXPECT_EQ(authorization->headers.get("Authorization"), "Bearer " + sample_key);
  EXPECT_FALSE(authorization->headers.has("X-Api-Key"));
}

TEST(elsewhere, a_known_place_needs_no_guess) {
  const Sample known("https://api.acme.test/v1/things", {bearer(sample_key)});
  EXPECT_FALSE(attempt("other-header", known));
  EXPECT_FALSE(attempt("other-scheme", known));
}

TEST(elsewhere, what_is_no_bare_key_stays) {
  EXPECT_FALSE(attempt("other-header", Unknown({bearer("eyJ" + std::string(40, 'a'))})));
  EXPECT_FALSE(attempt("other-header", Unknown({http::Header{"Authorization", "Basic dXNlcjpwYXNz"}})));
  EXPECT_FALSE(attempt("other-header", Unknown(std::vector<http::Header>{})));
}

TEST(elsewhere, the_scheme_that_the_server_asks_for) {
  Unknown sample({bearer(sample_key)});
  EXPECT_EQ(attempt("other-scheme", sample)->headers.get("Authorization"), sample_key);
  sample.bundle.exchanges[0].response.headers.add("WWW-Authenticate", "Basic realm=\"x\"");
  EXPECT_EQ(attempt("other-scheme", sample)->headers.get("Authorization"), sample_key);
  sample.bundle.exchanges[0].response.headers.add("WWW-Authenticate", "Token realm=\"x\"");
  sample.bundle.exchanges[0].response.headers.remove("WWW-Authenticate");
  sample.bundle.exchanges[0].response.headers.add("WWW-Authenticate", "Token realm=\"x\"");
  EXPECT_EQ(attempt("other-scheme", sample)->headers.get("Authorization"), "Token " + sample_key);
  const Unknown token({{"Authorization", "Token " + sample_key}});
  EXPECT_EQ(attempt("other-scheme", token)->headers.get("Authorization"), "Bearer " + sample_key);
}

TEST(elsewhere, one_level_up) {
  const auto up = attempt("simple-endpoint", Unknown({bearer(sample_key)}, "/v1/things/7?full=1"));
  ASSERT_TRUE(up) << up.error();
  EXPECT_EQ(up->url, "https://api.unknown.test/v1/things");
  EXPECT_FALSE(attempt("simple-endpoint", Unknown({bearer(sample_key)}, "/v1/things")));
  EXPECT_FALSE(
      attempt("simple-endpoint", Sample("https://api.acme.test/v1/things/7", {bearer(sample_key)})))
      << "whoami is better";
}

TEST(elsewhere, waits_as_long_as_asked_within_reason) {
  Unknown sample({bearer(sample_key)});
  EXPECT_FALSE(attempt("after-waiting", sample));
  auto& headers = sample.bundle.exchanges[0].response.headers;
  for (const auto& [asked, waits] :
       {std::pair{"3", true}, {"10", true}, {"3600", false}, {"0", false}, {"soon", false}}) {
    headers.set("Retry-After", asked);
    EXPECT_EQ(attempt("after-waiting", sample).has_value(), waits) << asked;
  }
  headers.set("Retry-After", "3");
  const inspect::Case failure = sample.open();
  EXPECT_EQ(as_long_as_asked({.failure = failure}), seconds(4));
}

// Hosts of the provider, over https, and only when the user said so.
TEST(elsewhere, another_environment_only_when_allowed) {
  Sample sample("https://api.acme.test/v1/things?a=1", {bearer(sample_key)});
  constexpr std::array<std::string_view, 1> live = {"api.acme.test"};
  constexpr std::array<std::string_view, 2> sandbox = {"*.wild.acme.test", "sandbox.acme.test"};
  const std::array<catalogue::HostEnvironment, 2> environments = {
      {{.name = "live", .hosts = live}, {.name = "test", .hosts = sandbox}}};
  sample.provider.environments = environments;
  EXPECT_FALSE(attempt("neighbour-host", sample));
  const auto there = attempt("neighbour-host", sample, true);
  ASSERT_TRUE(there) << there.error();
  EXPECT_EQ(there->url, "https://sandbox.acme.test/v1/things?a=1");
  EXPECT_FALSE(attempt("neighbour-host-2", sample, true)) << "a pattern is no host";
  const std::string foreign[] = {"api.acme.test"};
  EXPECT_FALSE(allowed(*there, sample.bundle.failure().request, true, false, foreign));
}

TEST(elsewhere, neighbours_are_read_alike) {
  EXPECT_EQ(kind_of("neighbour-host-2"), "neighbour-host");
  EXPECT_EQ(kind_of("neighbour-host"), "neighbour-host");
  EXPECT_EQ(kind_of("ipv4"), "ipv4");
}

}  // namespace
}  // namespace locksmith::probe

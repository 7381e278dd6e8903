// Probes sent for real: build, ask whether it is allowed, send, interpret; against planted faults.
#include <gtest/gtest.h>

#include <algorithm>

#include "probe/interpret.hpp"
#include "probe/safety.hpp"
#include "probe/sample_case.hpp"
#include "probe/transport.hpp"
#include "tests/lab/fault_api.hpp"

namespace locksmith::probe {
namespace {

struct Expected {
  const char* fault;
  const char* key;
  const char* probe;
  Outcome outcome;
};

const Expected table[] = {
    {"proxy-stripped", "good", "no-credential", Outcome::same},
    {"gateway-auth", "good", "no-credential", Outcome::same},
    {"waf-blocked", "good", "no-credential", Outcome::same},
    {"login-wall", "good", "no-credential", Outcome::same},
    {"wrong-header", "good", "no-credential", Outcome::same},
    {"wrong-scheme", "good", "no-credential", Outcome::same},
    {"terse", "expired", "no-credential", Outcome::same},
    {"expired", "expired", "no-credential", Outcome::differs},
    {"missing-scope", "noscope", "no-credential", Outcome::differs},
    {"unknown-key", "unknown", "no-credential", Outcome::differs},
    {"unknown-key", "unknown", "random-key", Outcome::same},
    {"reflects", "good", "random-key", Outcome::same},
    {"expired", "expired", "random-key", Outcome::differs},
    {"revoked", "revoked", "random-key", Outcome::differs},
    {"wrong-environment", "test", "random-key", Outcome::differs},
    {"ip-blocked", "ip_restricted", "random-key", Outcome::differs},
    {"account-suspended", "suspended", "random-key", Outcome::differs},
    {"plan-required", "free_plan", "random-key", Outcome::differs},
    {"missing-scope", "noscope", "whoami", Outcome::accepted},
    {"csrf", "good", "whoami", Outcome::accepted},
    {"wrong-endpoint", "good", "whoami", Outcome::accepted},
    {"expired", "expired", "whoami", Outcome::same},
    {"account-suspended", "suspended", "whoami", Outcome::differs},
    {"wrong-header", "good", "as-is", Outcome::same},
    {"rate-limited", "rate_limited", "as-is", Outcome::same},
};

TEST(live, each_probe_finds_what_was_planted) {
  const lab::FaultApi api;
  const auto transport = curl_transport();
  for (const Expected& row : table) {
    const std::string where = std::string(row.fault) + " " + row.probe;
    Sample sample(api.url(row.fault), {bearer(api.key(row.key))});
    const std::string me = std::string("/faults/") + row.fault + "/v1/me";
    sample.hosts = {"127.0.0.1"};
    sample.provider.whoami.url = me;
    const auto failure = transport->send(sample.original().request, {}, {});
    ASSERT_TRUE(failure) << where;
    sample.bundle.exchanges[0].response = failure->exchange.response;
    const inspect::Case opened = sample.open();
    const Probe& probe = *find_probe(row.probe);
    const Built built = probe.build({.failure = opened, .seed = 42});
    ASSERT_TRUE(built) << where << ": " << built.error();
    ASSERT_TRUE(allowed(*built, opened.request, probe.carries_credential, false, {})) << where;
    const auto sent = transport->send(*built, {}, {});
    ASSERT_TRUE(sent) << where;
    EXPECT_EQ(outcome_of(probe, sample.original(), sent->exchange, opened), row.outcome)
        << where << "\n"
        << sample.original().response.body << "\n"
        << sent->exchange.response.body;
    for (const diagnosis::Finding& finding :
         interpret(probe, sample.original(), sent->exchange, opened)) {
      EXPECT_FALSE((finding.text + finding.place).contains(api.key(row.key))) << where;
    }
  }
}

TEST(live, a_cleaned_key_in_a_query_is_accepted) {
  const lab::FaultApi api;
  const auto transport = curl_transport();
  const Sample sample(api.url("whitespace") + "?api_key=" + api.key("good") + "%0A");
  const inspect::Case opened = sample.open();
  const auto refused = transport->send(opened.request, {}, {});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->exchange.response.status, 401);
  const Probe& probe = *find_probe("cleaned");
  const auto sent = transport->send(*probe.build({.failure = opened}), {}, {});
  ASSERT_TRUE(sent);
  const auto findings = interpret(probe, sample.original(), sent->exchange, opened);
  EXPECT_TRUE(std::ranges::any_of(findings[0].weights, [](const catalogue::Weight& weight) {
    return weight.cause == "whitespace" && weight.decibans == diagnosis::decisive;
  }));
}

}  // namespace
}  // namespace locksmith::probe

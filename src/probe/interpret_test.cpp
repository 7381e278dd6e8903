// Each outcome of each probe speaks for the right causes and against the wrong ones.
#include "probe/interpret.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "probe/sample_case.hpp"

namespace locksmith::probe {
namespace {

constexpr const char* things = "https://api.acme.test/v1/things";
const std::string as_original = R"({"error":"invalid_api_key"})";

diagnosis::Finding read(std::string_view probe, const Sample& sample, int status,
                        std::string body = "{}", std::string method = "GET") {
  const inspect::Case failure = sample.open();
  http::Exchange outcome;
  const Built built = find_probe(probe)->build({.failure = failure, .seed = 1});
  if (built) outcome.request = *built;
  outcome.request.method = std::move(method);
  outcome.response.status = status;
  outcome.response.body = std::move(body);
  const diagnosis::Findings findings =
      interpret(*find_probe(probe), sample.original(), outcome, failure);
  EXPECT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.at(0).id, "probe." + std::string(probe));
  EXPECT_FALSE(findings.at(0).text.contains(sample_key));
  return findings.at(0);
}

diagnosis::Finding read(std::string_view probe, int status, std::string body = "{}") {
  return read(probe, Sample(things, {bearer(sample_key)}), status, std::move(body));
}

double weight(const diagnosis::Finding& finding, std::string_view cause) {
  const auto hit = std::ranges::find(finding.weights, cause, &catalogue::Weight::cause);
  return hit == finding.weights.end() ? 0 : hit->decibans;
}

void expect(const diagnosis::Finding& finding, std::initializer_list<const char*> up,
            std::initializer_list<const char*> down) {
  for (const char* cause : up)
    EXPECT_GT(weight(finding, cause), 0) << finding.text << ": " << cause;
  for (const char* cause : down)
    EXPECT_LT(weight(finding, cause), 0) << finding.text << ": " << cause;
}

TEST(interpret, a_rule_on_the_caller_answers_all_keys_alike) {
  for (const char* probe : {"no-credential", "random-key"})
    expect(read(probe, 401, as_original), {"ip-blocked", "region-blocked", "abuse-blocked"}, {});
  expect(read("whoami", 403), {"ip-blocked", "region-blocked"}, {});
  expect(read("whoami", 200), {}, {"ip-blocked", "region-blocked", "referrer-blocked"});
}

TEST(interpret, a_name_that_was_never_expanded_is_seen_like_any_value) {
  EXPECT_EQ(weight(read("no-credential", 401, R"({"error":"no_key"})"), "env-unset"), 0);
  expect(read("whoami", 401), {"env-unset"}, {});
}

TEST(interpret, a_200_with_errors_in_it_is_no_acceptance) {
  const std::string forbidden = R"({"errors":[{"message":"no permission"}]})";
  Sample sample(things, {bearer(sample_key)});
  sample.bundle.exchanges.front().response.status = 200;
  sample.bundle.exchanges.front().response.body = forbidden;
  expect(read("no-credential", sample, 200, R"({"errors":[{"message":"who are you?"}]})"), {},
         {"missing"});
  expect(read("no-credential", sample, 200, forbidden), {"missing"}, {});
  expect(read("no-credential", sample, 200, R"({"data":{}})"), {"conflicting-credentials"}, {});
}

TEST(interpret, no_key_same_refusal_means_that_the_key_is_not_looked_at) {
  expect(
      read("no-credential", 401, as_original),
      {"missing", "proxy-stripped", "wrong-header", "wrong-scheme", "gateway-auth", "waf-blocked"},
      {"unknown-key", "revoked", "expired", "missing-scope"});
}

TEST(interpret, no_key_other_refusal_means_that_the_key_was_seen) {
  expect(read("no-credential", 401, R"({"error":"authentication_required"})"), {},
         {"missing", "proxy-stripped", "wrong-header"});
  expect(read("no-credential", 404, "Not Found"), {}, {"missing"});
}

TEST(interpret, no_key_accepted_means_that_the_key_harms) {
  expect(read("no-credential", 200), {"conflicting-credentials", "malformed"},
         {"missing", "missing-scope", "proxy-stripped"});
}

TEST(interpret, a_random_key_tells_whether_this_one_is_known) {
  expect(read("random-key", 401, as_original),
         {"unknown-key", "revoked", "malformed", "wrong-environment", "wrong-provider",
          "stale-environment"},
         {"missing-scope", "resource-forbidden", "plan-required"});
  expect(read("random-key", 401, R"({"error":"unknown"})"),
         {"expired", "revoked", "missing-scope", "resource-forbidden", "account-suspended",
          "ip-blocked"},
         {"unknown-key", "malformed"});
  EXPECT_TRUE(read("random-key", 200).weights.empty());
}

TEST(interpret, a_cleaned_key_that_works_names_the_defect) {
  const std::tuple<std::string, const char*> defects[] = {
      {"\"" + sample_key + "\"", "quoted"},
      {sample_key + "\xe2\x80\x8b", "invisible-character"},
      {" " + sample_key, "whitespace"},
  };
  for (const auto& [dirty, cause] : defects) {
    const Sample sample(things, {bearer(dirty)});
    EXPECT_EQ(weight(read("cleaned", sample, 200), cause), diagnosis::decisive) << cause;
    EXPECT_EQ(weight(read("cleaned", sample, 422, "bad page"), cause), diagnosis::decisive)
        << cause;
    EXPECT_LT(weight(read("cleaned", sample, 401, as_original), cause), 0) << cause;
    EXPECT_GT(weight(read("cleaned", sample, 401, "expired"), cause), 0) << cause;
  }
}

TEST(interpret, the_documented_place_tells_header_from_scheme) {
  const Sample header(things, {{"X-Api-Key", sample_key}}),
      scheme(things, {{"Authorization", "Token " + sample_key}});
  const Sample query(std::string(things) + "?api_key=" + sample_key);
  EXPECT_EQ(weight(read("where-expected", header, 200), "wrong-header"), diagnosis::decisive);
  EXPECT_EQ(weight(read("where-expected", query, 200), "wrong-header"), diagnosis::decisive);
  EXPECT_EQ(weight(read("where-expected", scheme, 200), "wrong-scheme"), diagnosis::decisive);
  EXPECT_LT(weight(read("where-expected", header, 401, as_original), "wrong-header"), 0);
  EXPECT_EQ(weight(read("where-expected", scheme, 200), "wrong-header"), 0);
}

TEST(interpret, whoami_tells_a_good_key_from_a_bad_one) {
  expect(read("whoami", 200),
         {"missing-scope", "resource-forbidden", "wrong-endpoint", "endpoint-not-enabled",
          "plan-required"},
         {"unknown-key", "revoked", "expired"});
  EXPECT_LE(weight(read("whoami", 200), "expired"), -diagnosis::decisive);
  expect(read("whoami", 401), {"unknown-key", "revoked", "expired"},
         {"missing-scope", "resource-forbidden", "wrong-endpoint"});
  expect(read("whoami", 403), {"account-suspended", "ip-blocked"}, {"resource-forbidden"});
  // The probe leaves out what a header cannot hold, and takes the documented place.
  EXPECT_EQ(weight(read("whoami", 200), "whitespace"), 0);
  EXPECT_EQ(weight(read("whoami", 200), "wrong-header"), 0);
}

TEST(interpret, a_repeat_that_works_says_that_it_has_passed) {
  expect(read("as-is", 200), {"provider-outage", "not-yet-active"}, {});
  EXPECT_TRUE(read("as-is", 401, as_original).weights.empty());
  const Sample line_feed(things, {bearer(sample_key + "\n")});
  EXPECT_EQ(weight(read("as-is", line_feed, 200), "whitespace"), diagnosis::decisive);
  const Sample post(things, {bearer(sample_key)}, "POST");
  expect(read("as-is", post, 200), {"method-not-permitted", "missing-scope"}, {});
}

TEST(interpret, what_lets_the_request_in_names_what_was_in_the_way) {
  const std::pair<const char*, const char*> mended[] = {
      {"ipv4", "ip-blocked"},
      {"ipv6", "ip-blocked"},
      {"plain-user-agent", "waf-blocked"},
      {"other-http-version", "waf-blocked"},
      {"no-proxy", "proxy-stripped"},
      {"one-credential", "conflicting-credentials"},
      {"no-origin", "referrer-blocked"},
      {"trailing-slash", "wrong-endpoint"}};
  for (const auto& [probe, cause] : mended) {
    EXPECT_EQ(weight(read(probe, 200), cause), diagnosis::decisive) << probe;
    EXPECT_LE(weight(read(probe, 401, as_original), cause), 0) << probe;
  }
  expect(read("plain-user-agent", 200), {"missing-required-header"}, {});
  expect(read("ipv4", 403, "other"), {"ip-blocked"}, {});
  EXPECT_EQ(weight(read("ipv4", 422, "bad page"), "ip-blocked"), diagnosis::decisive);
  expect(read("preflight", 401, "who?"), {"cors-preflight"}, {});
  expect(read("preflight", 204, ""), {}, {"cors-preflight"});
}

TEST(interpret, a_proxy_that_spoke_for_itself_wants_its_own_key) {
  Sample sample(things, {bearer(sample_key)});
  http::Response& refusal = sample.bundle.exchanges[0].response;
  refusal.body = "<html>Please log in</html>";
  EXPECT_EQ(weight(read("no-proxy", sample, 200), "gateway-auth"), diagnosis::decisive);
  EXPECT_LT(weight(read("no-proxy", sample, 200), "proxy-stripped"), diagnosis::strong);
  refusal.status = 407;
  refusal.body.clear();
  EXPECT_EQ(weight(read("no-proxy", sample, 200), "gateway-auth"), diagnosis::decisive);
  EXPECT_EQ(weight(read("no-proxy", sample, 200), "proxy-stripped"), 0);
}

TEST(interpret, a_page_that_is_there_with_the_other_ending) {
  Sample sample(things, {bearer(sample_key)});
  sample.bundle.exchanges[0].response.status = 404;
  expect(read("trailing-slash", sample, 401, "{}"), {"wrong-endpoint"}, {});
  EXPECT_TRUE(read("trailing-slash", 404).weights.empty());  // most paths have one ending only
}

TEST(interpret, the_end_of_a_redirect_that_was_not_followed) {
  Sample sample(things, {bearer(sample_key)});
  sample.bundle.exchanges[0].response.status = 301;
  EXPECT_EQ(weight(read("trailing-slash", sample, 200), "redirect-dropped"), diagnosis::decisive);
}

TEST(interpret, what_tells_nothing_has_no_weight) {
  for (const Probe& probe : probes()) {
    for (const int status : {0, 429, 500, 503}) {
      EXPECT_TRUE(read(probe.name, status).weights.empty()) << probe.name << status;
    }
  }
  EXPECT_TRUE(read("whoami", 404).weights.empty());
  Sample routing(things, {bearer(sample_key)}, "POST");
  routing.bundle.exchanges[0].response.status = 405;
  EXPECT_TRUE(read("no-credential", routing, 405, as_original).weights.empty());
}

TEST(interpret, no_finding_weighs_a_cause_twice_or_one_that_has_no_page) {
  for (const Probe& probe : probes()) {
    for (const auto& [status, body] :
         {std::pair(200, "{}"), {401, as_original.c_str()}, {401, "other"}, {403, "other"}}) {
      auto weights =
          read(probe.name, Sample(things, {{"X-Api-Key", sample_key + " \""}}), status, body)
              .weights;
      for (const catalogue::Weight& w : weights) {
        EXPECT_NE(catalogue::embedded().cause(w.cause), nullptr) << w.cause;
      }
      std::ranges::sort(weights, {}, &catalogue::Weight::cause);
      EXPECT_EQ(std::ranges::adjacent_find(weights, {}, &catalogue::Weight::cause), weights.end())
          << probe.name << status;
    }
  }
}

}  // namespace
}  // namespace locksmith::probe

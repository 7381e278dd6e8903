// Pairs of requests, and what differs between them.
#include "compare/differences.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "compare/compare_test_support.hpp"
#include "compare/noise.hpp"
#include "credential/shape.hpp"
#include "http/har.hpp"

namespace locksmith::compare {
namespace {

const std::string url = "https://api.acme.test/v1/things";
const std::string bearer = "-H 'Authorization: Bearer " + key + "' ";

std::string slugs(const Differences& found) {
  std::string out;
  for (const Difference& d : found.all)
    out += (out.empty() ? "" : " ") + std::string(info(d.kind).slug);
  return out;
}

struct Pair {
  std::string good, bad;
  const char* slugs;  // likeliest first
};

const std::vector<Pair>& pairs() {
  const std::string basic = "-H 'Authorization: Basic ";
  static const std::vector<Pair> table{
      {bearer + url, bearer + url, ""},
      {bearer + url, url, "key-missing"},
      {url, bearer + url, "key-missing"},
      {bearer + url, "-H 'Authorization: Bearer ' " + url, "key-missing"},
      {bearer + url, "-H 'Authorization: Token " + key + "' " + url, "key-scheme"},
      {bearer + url, "-H 'Authorization: " + key + "' " + url, "key-scheme"},
      {bearer + url, "-H 'Authorization: bearer " + key + "' " + url, "key-scheme-case"},
      {bearer + url, "-H 'Authorization: Bearer Bearer " + key + "' " + url, "key-defect"},
      {bearer + url, "-H 'Authorization: Bearer \"" + key + "\"' " + url, "key-defect"},
      {bearer + url, "-H 'Authorization: Bearer " + key + " ' " + url, "key-defect"},
      {bearer + url, "-H 'Authorization: Bearer $API_KEY' " + url, "key-defect"},
      {bearer + url, "-H 'Authorization: Bearer YOUR_API_KEY' " + url, "key-defect"},
      {bearer + url, "-H 'Authorization: Bearer " + key.substr(0, 30) + "' " + url, "key-cut"},
      {bearer + url, "-H 'Authorization: Bearer " + key + "x' " + url, "key-cut"},
      {bearer + url, "-H 'Authorization: Bearer " + base::lower(key) + "' " + url, "key-case"},
      {bearer + url, "-H 'Authorization: Bearer " + other_key + "' " + url, "key-other"},
      {bearer + url, "-H 'X-Api-Key: " + key + "' " + url, "key-place"},
      {bearer + url, url + "?api_key=" + key, "key-place"},
      {bearer + url, "-H 'X-Api-Key: " + other_key + "' " + url, "key-place key-other"},
      {"-H 'X-Api-Key: " + key + "' " + url, "-H 'x-api-key: " + key + "' " + url, ""},
      {"-u user:" + key + " " + url, "-u other:" + key + " " + url, "key-user"},
      {"-u user:" + key + " " + url, "-u user:" + other_key + " " + url, "key-other"},
      {"-u " + key + ": " + url, bearer + url, "key-scheme"},
      {"-u user:" + key + " " + url, basic + "user " + key + "' " + url, "key-defect"},
      // The same login in two places is one login.
      {"-u user:" + key + " " + url, "https://user:" + key + "@api.acme.test/v1/things", ""},
      {bearer + url, bearer + "-H 'X-Auth-Token: " + other_key + "' " + url, "second-credential"},
      {bearer + url, bearer + "https://api.acme.example/v1/things", "host"},
      {bearer + url, bearer + "https://api.acme.test:8443/v1/things", "port"},
      {bearer + url, bearer + "https://api.acme.test:443/v1/things", ""},
      {bearer + url, bearer + "http://api.acme.test/v1/things", "url-scheme"},
      {bearer + url, bearer + "-X DELETE " + url, "method"},
      {bearer + url, bearer + url + "/", "path-slash"},
      {bearer + url, bearer + "https://api.acme.test/v1/v1/things", "path-doubled"},
      {bearer + url, bearer + "https://api.acme.test/v1/Things", "path-case"},
      {bearer + url, bearer + "https://api.acme.test/v2/things", "path"},
      {bearer + url + "?page=1", bearer + url + "?page=2", "query"},
      {bearer + "'" + url + "?a=1&b=2'", bearer + "'" + url + "?b=2&a=1'", ""},
      {bearer + url, bearer + "-H 'Origin: https://app.acme.test' " + url, "origin-header"},
      {bearer + "-H 'X-CSRF-Token: 1' " + url, bearer + url, "csrf-header"},
      {bearer + url, bearer + "-A python-requests/2.31 " + url, "user-agent"},
      {bearer + url, bearer + "-A '' " + url, "user-agent"},
      {bearer + "-A httpx/0.25 " + url, bearer + "-A httpx/0.27 " + url, ""},
      {bearer + url, bearer + "-H 'Accept: text/html' " + url, "accept"},
      {bearer + url, bearer + "-H 'Accept: */*' " + url, ""},
      {bearer + url, bearer + "-b 'session=1' " + url, "cookie"},
      {bearer + url, bearer + "-H 'X-Tenant: 7' " + url, "other-header"},
      {bearer + "-d a=1 " + url, bearer + "-d a=2 " + url, "body"},
      {bearer + "-d '{}' -H 'Content-Type: application/json' " + url, bearer + "-d '{}' " + url,
       "content-type"},
      {bearer + "--http1.1 " + url, bearer + "--http2 " + url, "http-version"},
      {bearer + "--http1.1 " + url, bearer + url, ""},
      {bearer + url, bearer + "-x http://proxy.acme.test:3128 " + url, "proxy"},
      {bearer + url, bearer + "--resolve api.acme.test:443:192.0.2.1 " + url, "way"},
      {bearer + url, bearer + "-6 " + url, "source"},
      {bearer + url, bearer + "-k " + url, "tls"},
      {bearer + "-E me.pem " + url, bearer + url, "client-certificate"},
      {bearer + url, bearer + "-n " + url, "authentication"},
      {bearer + url,
       bearer +
           "-H 'Date: x' -H 'traceparent: y' -H 'X-Request-Id: z' -H 'Accept-Encoding: gzip' " +
           url,
       ""},
      // Several: the order is that of the weights.
      {bearer + url,
       "-A httpx/1 -H 'Authorization: Token " + key + "' https://api.acme.test/v2/things",
       "key-scheme path user-agent"},
  };
  return table;
}

TEST(differences, of_pairs) {
  for (const Pair& pair : pairs()) {
    const Differences found = differences_of(pair.good, pair.bad);
    EXPECT_EQ(slugs(found), pair.slugs) << pair.good << "\n" << pair.bad;
    for (const Difference& d : found.all) {
      EXPECT_TRUE(d.text.ends_with('.')) << d.text;
      EXPECT_FALSE(d.causes.empty()) << d.text;
      for (const std::string& secret : {key, other_key}) {
        EXPECT_FALSE(d.text.contains(secret.substr(0, 20))) << d.text;
      }
    }
  }
}

// What was taken apart is put together as it was, and all of BAD's differences make GOOD into BAD.
TEST(differences, all_of_them_make_good_into_bad) {
  const catalogue::Catalogue& catalogue = catalogue::embedded();
  const auto sorted = [](Draft draft) {
    const auto of = [](const http::Header& h) { return base::lower(h.name) + ": " + h.value; };
    http::Request request = put_together(draft);
    std::ranges::sort(request.headers, {}, of);
    std::string out = request.method + " " + request.url + "\n";
    for (const http::Header& h : request.headers) out += of(h) + "\n";
    return out + request.body;
  };
  for (const Pair& pair : pairs()) {
    const Input g = command(pair.good), b = command(pair.bad);
    const Draft good = take_apart(side(g), catalogue);
    const Draft bad = take_apart(side(b), catalogue, good.key ? &*good.key : nullptr);
    const Differences found = find_differences(good, bad, catalogue, nullptr);
    Draft mixed = good;
    for (const Difference& d : found.all) {
      for (const Facet& facet : d.facets) take(mixed, bad, facet);
    }
    for (const LeftOut& left_out : found.left_out) take(mixed, bad, left_out.facet);
    // The order of parameters, a written default port and a version's default are one and the same.
    if (std::string_view(pair.slugs).empty() && found.left_out.empty()) continue;
    EXPECT_EQ(sorted(mixed), sorted(bad)) << pair.good << "\n" << pair.bad;
  }
}

TEST(differences, a_defect_names_its_own_cause) {
  const auto cause = [](const std::string& value) {
    const auto found =
        differences_of(bearer + url, "-H 'Authorization: Bearer " + value + "' " + url);
    return std::string(found.all.at(0).causes.at(0));
  };
  EXPECT_EQ(cause(key + " "), "whitespace");
  EXPECT_EQ(cause("\"" + key + "\""), "quoted");
  EXPECT_EQ(cause("${API_KEY}"), "env-unset");
  EXPECT_EQ(cause("\xe2\x80\x8b" + key), "invisible-character");
}

TEST(differences, kinds_of_keys_are_told_by_the_catalogue) {
  const catalogue::Provider* stripe = catalogue::embedded().provider("stripe");
  ASSERT_TRUE(stripe);
  const auto made = [&](std::string_view name) -> std::string {
    for (const catalogue::KeyKind& kind : stripe->keys) {
      if (kind.kind == name) return credential::Shape::parse(kind.shape)->generate(7);
    }
    ADD_FAILURE() << name;
    return {};
  };
  const auto of = [&](const std::string& bad) {
    const std::string good = made("live-secret-key"), to = "https://api.stripe.com/v1/charges";
    return differences_of("-H 'Authorization: Bearer " + good + "' " + to,
                          "-H 'Authorization: Bearer " + bad + "' " + to)
        .all.at(0);
  };
  const Difference test = of(made("test-secret-key"));
  EXPECT_EQ(test.kind, Kind::key_other_kind);
  EXPECT_EQ(test.causes.at(0), "wrong-environment");
  const Difference publishable = of(made("publishable-key"));
  EXPECT_EQ(publishable.kind, Kind::key_other_kind);
  EXPECT_EQ(publishable.causes.at(0), "wrong-credential-type");
}

TEST(differences, a_companion_of_the_provider_is_required) {
  const std::string to = "https://api.anthropic.com/v1/models",
                    with_key = "-H 'X-Api-Key: " + key + "' ";
  const auto found =
      differences_of(with_key + "-H 'anthropic-version: 2023-06-01' " + to, with_key + to);
  EXPECT_EQ(slugs(found), "required-header");
  EXPECT_TRUE(found.all.at(0).text.contains("2023-06-01"));
}

TEST(differences, a_value_that_may_be_secret_is_shown_as_a_fingerprint) {
  const std::string secret = "s3cr3t" + std::string("Zq9") + "81hVb2";
  const auto found = differences_of(url + "?password=a", url + "?password=" + secret);
  for (const Difference& d : found.all) EXPECT_FALSE(d.text.contains(secret)) << d.text;
  const auto cookies = differences_of(bearer + url, bearer + "-b 'sid=" + secret + "' " + url);
  EXPECT_FALSE(cookies.all.at(0).text.contains(secret));
  EXPECT_TRUE(cookies.all.at(0).text.contains("sid"));
}

TEST(differences, a_signature_differs_in_every_request) {
  const auto signed_by = [](const std::string& id, const std::string& region,
                            const std::string& signature) {
    return "-H 'Authorization: AWS4-HMAC-SHA256 Credential=" + id + "/20260101/" + region +
           "/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + signature +
           "' -H 'X-Amz-Date: 20260101T000000Z' https://s3.amazonaws.com/b/k";
  };
  const std::string id = "AKIA" + std::string(16, 'A'), a(64, 'a'), b(64, 'b');
  EXPECT_EQ(slugs(differences_of(signed_by(id, "us-east-1", a), signed_by(id, "us-east-1", b))),
            "");
  EXPECT_EQ(slugs(differences_of(signed_by(id, "us-east-1", a), signed_by(id, "eu-west-1", b))),
            "signature-scope");
  EXPECT_EQ(slugs(differences_of(signed_by(id, "us-east-1", a),
                                 signed_by("AKIA" + std::string(16, 'B'), "us-east-1", b))),
            "key-other");
}

TEST(kinds, name_causes_of_the_catalogue_and_are_told_apart) {
  for (const KindInfo& row : kinds()) {
    EXPECT_FALSE(row.causes.empty()) << row.slug;
    for (const std::string_view cause : row.causes)
      EXPECT_TRUE(catalogue::embedded().cause(cause)) << cause;
    EXPECT_EQ(std::ranges::count(kinds(), row.slug, &KindInfo::slug), 1) << row.slug;
    EXPECT_EQ(std::ranges::count(kinds(), row.kind, &KindInfo::kind), 1) << row.slug;
  }
}

TEST(noise, has_reasons) {
  for (const Noise& row : noise()) EXPECT_FALSE(row.reason.empty()) << row.name;
  EXPECT_TRUE(noise_reason("DATE"));
  EXPECT_TRUE(noise_reason("X-B3-TraceId"));
  EXPECT_FALSE(noise_reason("Authorization"));
  EXPECT_FALSE(noise_reason("X-B3"));
  EXPECT_TRUE(same_client("curl/8.5.0", "curl/7.88.1"));
  EXPECT_FALSE(same_client("Mozilla/5.0 (X11) Firefox/1", "Mozilla/5.0 (bot)"));
  EXPECT_FALSE(same_client("", ""));
}

}  // namespace
}  // namespace locksmith::compare

// The requests that the probes build, and when they do not apply.
#include "probe/probes.hpp"

#include <gtest/gtest.h>

#include <set>

#include "probe/safety.hpp"
#include "probe/sample_case.hpp"

namespace locksmith::probe {
namespace {

constexpr const char* things = "https://api.acme.test/v1/things";

Built build(std::string_view name, const Sample& sample, bool replay = false) {
  const inspect::Case failure = sample.open();
  return find_probe(name)->build({.failure = failure, .replay = replay, .seed = 1});
}

std::string authorization(const Built& built) {
  return built ? std::string(built->headers.get("Authorization")) : "";
}

TEST(probes, have_names_and_reasons) {
  std::set<std::string_view> names;
  for (const Probe& probe : probes()) {
    EXPECT_TRUE(names.insert(probe.name).second);
    EXPECT_TRUE(probe.why.ends_with('?')) << probe.name;
  }
  EXPECT_EQ(find_probe("nonesuch"), nullptr);
}

TEST(probes, repeat_the_request_as_it_was) {
  const Sample sample(things, {bearer(sample_key + "\n"), {"X-Other", "1"}});
  const Built built = build("as-is", sample);
  ASSERT_TRUE(built);
  EXPECT_EQ(built->url, things);
  EXPECT_EQ(authorization(built), "Bearer " + sample_key + "\n");
}

TEST(probes, an_unsafe_method_becomes_a_get_without_replay) {
  Sample sample(things, {bearer(sample_key), {"Content-Type", "application/json"}}, "POST");
  sample.bundle.exchanges[0].request.body = "{}";
  const Built stand_in = build("as-is", sample);
  EXPECT_EQ(stand_in->method, "GET");
  EXPECT_EQ(stand_in->body, "");
  EXPECT_FALSE(stand_in->headers.has("Content-Type"));
  EXPECT_EQ(build("as-is", sample, true)->body, "{}");
}

TEST(probes, take_out_every_credential) {
  const Built built =
      build("no-credential", Sample(std::string(things) + "?api_key=x&page=2",
                                    {bearer(sample_key), {"X-Api-Key", sample_key}}));
  ASSERT_TRUE(built);
  EXPECT_TRUE(built->headers.empty());
  EXPECT_EQ(built->url, std::string(things) + "?page=2");
  EXPECT_FALSE(build("no-credential", Sample(things)));
}

TEST(probes, a_random_key_keeps_prefix_and_shape) {
  const std::string sent = authorization(build("random-key", Sample(things, {bearer(sample_key)})));
  EXPECT_EQ(sent.size(), sample_key.size() + 7);
  EXPECT_TRUE(sent.starts_with("Bearer acme_live_")) << sent;
  EXPECT_FALSE(sent.contains(sample_key.substr(10)));
  const std::string unknown_kind =
      std::string("zz_") + std::string(12, 'b') + "_" + std::string(20, 'c');
  EXPECT_TRUE(authorization(build("random-key", Sample(things, {bearer(unknown_kind)})))
                  .starts_with("Bearer zz_"));
}

TEST(probes, a_random_key_has_the_checksum_of_its_kind) {
  Sample sample(things, {bearer(sample_key)});
  sample.kinds[0].checksum = credential::Checksum::crc32_base62;
  const std::string sent = authorization(build("random-key", sample));
  EXPECT_TRUE(credential::checksum_holds(credential::Checksum::crc32_base62, sent.substr(7)));
}

TEST(probes, what_cannot_be_imitated_is_left_alone) {
  EXPECT_FALSE(build("random-key", Sample(things)));
  EXPECT_FALSE(build("random-key", Sample(things, {bearer("short")})));
  EXPECT_FALSE(build("random-key",
                     Sample(things, {bearer(std::string("eyJ") + "hbGciOiJIUzI1NiJ9.e30.c2ln")})));
  EXPECT_FALSE(
      build("random-key",
            Sample(things, {{"Authorization", "AWS4-HMAC-SHA256 Credential=a/b, Signature=c"}})));
}

TEST(probes, clean_the_key_when_something_sticks_to_it) {
  for (const std::string& dirty : {sample_key + "\n", " " + sample_key, "\"" + sample_key + "\"",
                                   sample_key + "\xe2\x80\x8b"}) {
    EXPECT_EQ(authorization(build("cleaned", Sample(things, {bearer(dirty)}))),
              "Bearer " + sample_key);
  }
  EXPECT_FALSE(build("cleaned", Sample(things, {bearer(sample_key)})));
  EXPECT_EQ(build("cleaned", Sample(std::string(things) + "?api_key=" + sample_key + "%0A"))->url,
            std::string(things) + "?api_key=" + sample_key);
}

TEST(probes, put_the_key_where_the_provider_wants_it) {
  const Built moved = build("where-expected", Sample(things, {{"X-Api-Key", sample_key}}));
  EXPECT_EQ(authorization(moved), "Bearer " + sample_key);
  EXPECT_FALSE(moved->headers.has("X-Api-Key"));
  EXPECT_EQ(authorization(build("where-expected",
                                Sample(things, {{"Authorization", "Token " + sample_key}}))),
            "Bearer " + sample_key);
  EXPECT_FALSE(build("where-expected", Sample(things, {bearer(sample_key)})));
  EXPECT_FALSE(
      build("where-expected", Sample("https://elsewhere.test/", {{"X-Api-Key", sample_key}})));
}

TEST(probes, ask_the_provider_whose_key_it_is) {
  Sample sample(things, {{"X-Api-Key", sample_key}, {"User-Agent", "mine/1"}, {"X-Other", "1"}},
                "POST");
  Built built = build("whoami", sample);
  ASSERT_TRUE(built);
  EXPECT_EQ(built->method, "GET");
  EXPECT_EQ(built->url, "https://api.acme.test/v1/me");
  EXPECT_EQ(authorization(built), "Bearer " + sample_key);
  EXPECT_EQ(built->headers.get("User-Agent"), "mine/1");
  EXPECT_EQ(built->headers.get("Acme-Version"), "2026-01-01");
  EXPECT_FALSE(built->headers.has("X-Other"));
  sample.provider.whoami.url = "/api/me";
  EXPECT_EQ(build("whoami", sample)->url, "https://api.acme.test/api/me");
  sample.provider.whoami.url = "";
  EXPECT_FALSE(build("whoami", sample));
}

TEST(probes, everything_that_is_built_may_be_sent) {
  const std::vector<std::string> hosts = {"api.acme.test"};
  for (const char* method : {"GET", "POST", "DELETE"}) {
    const Sample sample(things, {{"X-Api-Key", sample_key + "\n"}}, method);
    const inspect::Case failure = sample.open();
    int sent = 0;
    for (const Probe& probe : probes()) {
      const Built built = probe.build({.failure = failure, .seed = 1});
      if (!built) continue;
      ++sent;
      EXPECT_TRUE(allowed(*built, failure.request, probe.carries_credential, false, hosts))
          << probe.name << " for " << method;
    }
    EXPECT_GE(sent, 6) << method;
  }
}

}  // namespace
}  // namespace locksmith::probe

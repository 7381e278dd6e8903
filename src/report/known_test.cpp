// Somebody who reads `providers show` must be able to send a key as it says, and to see why a rule
// speaks for a cause.
#include "report/known.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>

namespace locksmith::report {
namespace {

using catalogue::Condition;
using credential::Place;

// "Acme", with one of everything.
struct Sample {
  Sample() {
    placement.place = Place::header;
    placement.name = "Authorization";
    placement.scheme = "Bearer";
    keys[0] = {
        .kind = "live-key", .shape = "acme_[a-z]{9}", .role = "secret", .source = "unsourced"};
    keys[1] = {.kind = "account-id",
               .shape = "[0-9]{8}",
               .role = "id",
               .accepted = false,
               .instead = "live-key",
               .source = "unsourced"};
    companion = {.name = "acme-version",
                 .cause = "missing-required-header",
                 .example = "2026-01-01",
                 .source = "https://acme.example/docs"};
    refusal = {.statuses = statuses,
               .when = conditions,
               .answer = "bad-credential",
               .weights = weights,
               .note = "For every key.",
               .source = "https://acme.example/errors",
               .checked = "2026-11-21"};
    answer = {.kind = "bad-credential", .says = "I do not accept this credential"};
    provider = {.slug = "acme",
                .name = "Acme",
                .hosts = hosts,
                .variables = variables,
                .pages = {.keys = "https://acme.example/keys"},
                .placements = {&placement, 1},
                .companions = {&companion, 1},
                .keys = keys,
                .whoami = {.method = "GET", .url = "https://api.acme.example/me"},
                .refusals = {&refusal, 1}};
    gate = {.slug = "gate",
            .name = "Gate",
            .kind = "waf",
            .recognise = conditions,
            .refusals = {&refusal, 1}};
    known.answers = {&answer, 1};
    known.providers = {&provider, 1};
  }
  Sample(const Sample&) = delete;

  std::string text() const { return as_text(provider, known, {.width = 100}); }

  std::array<std::string_view, 1> hosts{"api.acme.example"}, variables{"ACME_KEY"};
  std::array<int, 2> statuses{401, 403};
  std::array<Condition, 1> conditions{{{Condition::What::pointer, "/code", "bad_key"}}};
  std::array<catalogue::Weight, 2> weights{{{"expired", -3}, {"unknown-key", 12.5}}};
  catalogue::Placement placement;
  std::array<catalogue::KeyKind, 2> keys;
  catalogue::Companion companion;
  catalogue::Refusal refusal;
  catalogue::Answer answer;
  catalogue::Provider provider;
  catalogue::Intermediary gate;
  catalogue::Catalogue known;
};

std::string command_of(Sample& sample, Place place, std::string_view name,
                       std::string_view basic_part = {}, std::string_view user = {}) {
  sample.placement = {};
  sample.placement.place = place;
  sample.placement.name = name;
  sample.placement.basic_part = basic_part;
  sample.placement.basic_user = user;
  return key_command(sample.provider, sample.placement);
}

TEST(KeyCommand, IsOneToPaste) {
  Sample sample;
  EXPECT_EQ(key_command(sample.provider, sample.placement),
            R"(curl -H "Authorization: Bearer $ACME_KEY" -H "acme-version: 2026-01-01")"
            R"( "https://api.acme.example/me")");
}

TEST(KeyCommand, PutsTheKeyWhereItGoes) {
  Sample sample;
  sample.provider.companions = {};
  const std::string url = R"("https://api.acme.example/me")";
  EXPECT_EQ(command_of(sample, Place::header, "x-key"), R"(curl -H "x-key: $ACME_KEY" )" + url);
  EXPECT_EQ(command_of(sample, Place::header, "Authorization", "user"),
            R"(curl -u "$ACME_KEY:" )" + url);
  EXPECT_EQ(command_of(sample, Place::header, "Authorization", "password", "api"),
            R"(curl -u "api:$ACME_KEY" )" + url);
  EXPECT_EQ(command_of(sample, Place::cookie, "sid"), R"(curl -b "sid=$ACME_KEY" )" + url);
  EXPECT_EQ(command_of(sample, Place::body, "key"), R"(curl -d "key=$ACME_KEY" )" + url);
  EXPECT_EQ(command_of(sample, Place::query, "key"),
            R"(curl "https://api.acme.example/me?key=$ACME_KEY")");
  sample.provider.whoami.url = "/me?a=1";
  EXPECT_EQ(command_of(sample, Place::query, "key"),
            R"(curl "https://api.acme.example/me?a=1&key=$ACME_KEY")");
  EXPECT_EQ(command_of(sample, Place::path, "/bot"),
            R"(curl "https://api.acme.example/bot$ACME_KEY/")");
}

TEST(KeyCommand, SendsToWhateverHostThereIs) {
  Sample sample;
  sample.provider.companions = {};
  sample.provider.whoami.url = "/me";
  sample.hosts = {"*.acme.example"};
  EXPECT_EQ(command_of(sample, Place::cookie, "s"),
            R"(curl -b "s=$ACME_KEY" "https://YOURS.acme.example/me")");
  sample.provider.hosts = {};
  EXPECT_EQ(command_of(sample, Place::cookie, "s"), R"(curl -b "s=$ACME_KEY" "https://HOST/me")");
  const std::array<std::string_view, 1> base{"ACME_URL"};
  sample.provider.base_url_variables = base;
  EXPECT_EQ(command_of(sample, Place::cookie, "s"), R"(curl -b "s=$ACME_KEY" "$ACME_URL/me")");
}

TEST(KeyCommand, LetsNoFileRunAnything) {
  Sample sample;
  sample.provider.companions = {};
  sample.provider.whoami.url = "https://x.example/`id`$(id)\"";
  EXPECT_EQ(command_of(sample, Place::header, "x\"`"),
            R"(curl -H "x\"\`: $ACME_KEY" "https://x.example/\`id\`\$(id)\"")");
}

TEST(Known, ShowsKeysAndLookAlikesApart) {
  Sample sample;
  const std::string text = sample.text();
  const std::size_t look_alikes = text.find("Look-alikes that it does not accept");
  ASSERT_NE(look_alikes, text.npos);
  EXPECT_LT(text.find("acme_[a-z]{9}"), look_alikes);
  EXPECT_GT(text.find("account-id"), look_alikes);
  EXPECT_NE(text.find("not accepted; instead: live-key"), text.npos);
}

TEST(Known, ShowsWhatARefusalMeansAndWhoSaysSo) {
  Sample sample;
  const std::string text = as_text(sample.provider, sample.known, {.width = 120});
  const std::string at(12, ' ');
  const std::string row = "  401, 403  /code = \"bad_key\"\n" + at +
                          "→ bad-credential (“I do not accept this credential”), unknown-key +12.5 "
                          "dB, expired -3 dB\n" +
                          at + "  For every key.\n" + at +
                          "  https://acme.example/errors (2026-11-21)\n";
  EXPECT_NE(text.find(row), text.npos) << text;
}

TEST(Known, SaysNothingOfWhatIsNotKnown) {
  Sample sample;
  sample.provider = {.slug = "bare", .name = "Bare"};
  EXPECT_EQ(sample.text(), "Bare (bare)\n  self-hosted\n");
}

TEST(Known, ShowsIntermediaries) {
  Sample sample;
  const std::string text = as_text(sample.gate, sample.known, {.width = 100});
  EXPECT_TRUE(text.starts_with("Gate (gate)\n  an intermediary: waf\n"));
  EXPECT_NE(text.find("Recognised by any of these\n  • /code = \"bad_key\""), text.npos);
}

TEST(Known, WordsEveryCondition) {
  using What = Condition::What;
  EXPECT_EQ(condition_text({What::body, {}, "no key"}), "body holds \"no key\"");
  EXPECT_EQ(condition_text({What::pointer, "/a", {}}), "/a is there");
  EXPECT_EQ(condition_text({What::header, "server", "gate"}), "header server holds \"gate\"");
  EXPECT_EQ(condition_text({What::header, "server", {}}), "header server is there");
  EXPECT_EQ(condition_text({What::request_header, "cookie", {}}), "request header cookie was sent");
  EXPECT_EQ(condition_text({What::path, {}, "/v1/"}), "path starts with /v1/");
  EXPECT_EQ(condition_text({What::host, {}, "*.acme.example"}), "host is *.acme.example");
}

TEST(KnownJson, NamesEveryCondition) {
  Sample sample;
  sample.conditions = {{{Condition::What::host, {}, "*.acme.example"}}};
  const auto json = boost::json::parse(as_json(sample.gate));
  EXPECT_EQ(json.at_pointer("/recognise/0/where").as_string(), "host");
}

TEST(KnownJson, HasAllOfAProvider) {
  Sample sample;
  const auto json = boost::json::parse(as_json(sample.provider));
  EXPECT_EQ(json.at("version").as_int64(), 1);
  EXPECT_EQ(json.at("type").as_string(), "provider");
  EXPECT_EQ(json.at_pointer("/placements/0/scheme").as_string(), "Bearer");
  EXPECT_EQ(json.at_pointer("/keys/1/accepted").as_bool(), false);
  EXPECT_EQ(json.at_pointer("/refusals/0/status/1").as_int64(), 403);
  EXPECT_EQ(json.at_pointer("/refusals/0/when/0/where").as_string(), "pointer");
  EXPECT_EQ(json.at_pointer("/refusals/0/decibans/unknown-key").as_double(), 12.5);
  EXPECT_TRUE(json.at_pointer("/pages/status").is_null());
}

TEST(KnownList, FitsTheWidth) {
  Sample sample;
  const std::array<std::string_view, 4> many{"a.acme.example", "b.acme.example", "c.acme.example",
                                             "d.acme.example"};
  sample.provider.hosts = many;
  const catalogue::Found found{{&sample.provider}, {&sample.gate}};
  EXPECT_EQ(list_as_text(found, {.width = 50}),
            "Providers\n"
            "acme  Acme  a.acme.example, b.acme.example +2\n"
            "\n"
            "Intermediaries: what may answer in an API's place\n"
            "gate  Gate  waf\n");
  sample.provider.hosts = {};
  EXPECT_EQ(list_as_text({{&sample.provider}, {}}, {}), "Providers\nacme  Acme  self-hosted\n");
}

TEST(KnownList, AsJson) {
  Sample sample;
  const auto json = boost::json::parse(list_as_json({{&sample.provider}, {&sample.gate}}));
  EXPECT_EQ(json.at_pointer("/providers/0/slug").as_string(), "acme");
  EXPECT_EQ(json.at_pointer("/providers/0/self_hosted").as_bool(), false);
  EXPECT_EQ(json.at_pointer("/intermediaries/0/kind").as_string(), "waf");
}

}  // namespace
}  // namespace locksmith::report

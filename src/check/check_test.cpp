// What is said of a key without any network, and how the answers of providers are read.
#include "check/check.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "catalogue/load.hpp"
#include "credential/shape.hpp"

namespace locksmith::check {
namespace {

constexpr std::string_view acme = R"(name = "Acme"
hosts = ["api.acme.example"]
[[placement]]
in = "header"
name = "Authorization"
scheme = "Bearer"
[[environment]]
name = "eu"
hosts = ["api.eu.acme.example"]
[[key]]
kind = "live-key"
shape = "acme_live_[A-Za-z0-9]{36}"
checksum = "crc32-base62"
source = "unsourced"
[[key]]
kind = "eu-key"
shape = "acme_eu_[A-Za-z0-9]{20}"
environment = "eu"
source = "unsourced"
[[key]]
kind = "account-id"
shape = "acme_id_[0-9]{8}"
role = "id"
accepted = false
instead = "live-key"
source = "unsourced"
[[key]]
kind = "old-key"
shape = "[0-9a-f]{32}"
distinctive = false
source = "unsourced"
[whoami]
url = "https://api.acme.example/v1/me"
source = "unsourced"
)";
constexpr std::string_view other = R"(name = "Other"
hosts = ["api.other.example"]
[[key]]
kind = "key"
shape = "[0-9a-f]{32}"
distinctive = false
source = "unsourced"
)";

const base::Time now = *base::parse_rfc3339("2026-11-21T12:00:00Z");

struct World {
  World() {
    catalogues.push_back(std::move(*catalogue::Files::read_provider(acme, "acme")));
    catalogues.push_back(std::move(
        *catalogue::Files::read_provider(other, "other", catalogues.front().catalogue())));
    all = catalogues.back().over(catalogues.front().catalogue());
  }
  std::vector<catalogue::Files> catalogues;
  catalogue::Catalogue all;
};

const World& world() {
  static const World it;
  return it;
}

Checked look(std::string key, std::string_view provider = {}) {
  const catalogue::Catalogue& all = world().all;
  return look_at({.value = base::Secret(std::move(key)), .where = "a test"}, all,
                 provider.empty() ? nullptr : all.provider(provider), now);
}

// "whole provider/kind: !id +id -id", with the marks of the tones.
std::string said(const Checked& c) {
  const char* const whole[] = {"yes", "no", "unknown"};
  std::string out = whole[static_cast<int>(c.whole)];
  if (c.provider) out += " " + std::string(c.provider->slug);
  if (c.kind) out += "/" + std::string(c.kind->kind);
  out += ":";
  for (const Remark& r : c.remarks) {
    out += r.tone == Remark::Tone::bad ? " !" : r.tone == Remark::Tone::good ? " +" : " -";
    out += r.id;
  }
  return out;
}

std::string live_key(bool valid = true) {
  return credential::with_checksum(
      credential::Checksum::crc32_base62,
      "acme_live_" + std::string("b7Qk2Zp9Lm4Xc8Vn1Rt6Wd0Jh3Fg5Ts7Yu9P"), valid);
}
std::string eu_key(std::size_t size = 20) {
  return "acme_eu_" + std::string("b7Qk2Zp9Lm4Xc8Vn1Rt6Wd").substr(0, size);
}
std::string jwt(const std::string& claims) {
  const auto part = [](std::string_view text) {
    std::string out = base::base64_encode(text);
    while (out.ends_with('=')) out.pop_back();
    return out;
  };
  return part(R"({"alg":"HS256"})") + "." + part(claims) + ".c2lnbmF0dXJl";
}

TEST(Look, AWholeKeySaysWhoseItIs) {
  const Checked c = look(live_key());
  EXPECT_EQ(said(c), "yes acme/live-key: +kind.whole");
  EXPECT_EQ(c.environment, "live");
  EXPECT_EQ(exit_code(c), 0);
  EXPECT_EQ(verdict(c), "whole");
  EXPECT_TRUE(as_text(c, {}, now).contains("whether it is still accepted only Acme can say"));
  EXPECT_EQ(look(eu_key(20)).environment, "eu");
}

TEST(Look, AChangedCharacterBreaksTheChecksum) {
  const Checked c = look(live_key(false));
  EXPECT_EQ(said(c), "no acme/live-key: !kind.checksum");
  EXPECT_EQ(exit_code(c), 1);
}

TEST(Look, SaysHowFarAKeyIsFromWhole) {
  EXPECT_EQ(said(look(eu_key(19))), "no acme/eu-key: !kind.broken");
  EXPECT_TRUE(look(eu_key(19)).remarks[0].text.contains("1 character too short"));
  EXPECT_TRUE(look(eu_key(22)).remarks[0].text.contains("2 characters too long"));
}

TEST(Look, WhatSticksToTheKeyIsNamedAndTakenOff) {
  for (const std::string& text : {live_key() + "\n", "\"" + live_key() + "\"",
                                  "Bearer " + live_key(), "\xe2\x80\x8b" + live_key()}) {
    const Checked c = look(text);
    EXPECT_EQ(c.cleaned.reveal(), live_key()) << base::printable(text);
    EXPECT_EQ(c.whole, Whole::yes);
    EXPECT_EQ(exit_code(c), 1);
  }
  EXPECT_EQ(said(look(live_key() + "\r")),
            "yes acme/live-key: !credential.white-space +kind.whole");
  EXPECT_EQ(said(look(live_key() + live_key())),
            "yes acme/live-key: !credential.twice +kind.whole");
}

TEST(Look, WhatIsNoKeyIsNotTriedAsOne) {
  EXPECT_EQ(said(look("$ACME_KEY")), "no: !credential.unexpanded");
  EXPECT_EQ(said(look("YOUR_API_KEY", "acme")), "no acme: !credential.placeholder");
  EXPECT_TRUE(look("undefined").cleaned.empty());
}

TEST(Look, ALookThatManyShareSaysNothing) {
  const std::string key = "0123456789abcdef0123456789abcde0";
  const Checked c = look(key);
  EXPECT_EQ(said(c), "unknown: -kind.ambiguous");
  ASSERT_EQ(c.candidates.size(), 2u);
  EXPECT_EQ(exit_code(c), 3);
  EXPECT_EQ(said(look(key, "acme")), "yes acme/old-key: +kind.whole");
  EXPECT_EQ(said(look("whatever-it-is")), "unknown: -kind.unknown");
}

TEST(Look, OneVendorsKeyForSeveralApisIsWhole) {
  const auto of = [](std::string key) {
    return look_at({.value = base::Secret(std::move(key)), .where = "a test"},
                   catalogue::embedded(), nullptr, now);
  };
  const std::string word = "b7Qk2Zp9Lm4Xc8Vn1Rt6Wd0Jh3Fg5Ts7Yu9Pa";
  const Checked google = of("AI" + std::string("za") + word.substr(0, 35));
  EXPECT_EQ(said(google), "yes/web-api-key: -kind.ambiguous");
  EXPECT_GT(google.candidates.size(), 2u);
  const std::string github = "gh" + std::string("p_") + word.substr(0, 36);
  EXPECT_EQ(said(of(credential::with_checksum(credential::Checksum::crc32_base62, github))),
            "yes github/classic-token: +kind.whole");
}

TEST(Look, AKeyOfAnotherProviderIsSaidToBe) {
  const Checked c = look(live_key(), "other");
  EXPECT_EQ(said(c), "unknown other: !kind.foreign");
  EXPECT_EQ(exit_code(c), 1);
}

TEST(Look, AnIdIsNoKey) {
  EXPECT_EQ(said(look("acme_id_12345678")), "yes acme/account-id: +kind.whole !kind.not-accepted");
}

TEST(Look, ATokenTellsItsTimes) {
  EXPECT_EQ(said(look(jwt(R"({"iss":"a","exp":1763640000})"))),
            "yes: +jwt.whole -jwt.issuer !jwt.expired");
  EXPECT_EQ(said(look(jwt(R"({"nbf":1995270400})"))), "yes: +jwt.whole !jwt.not-yet-valid");
  const Checked c = look(jwt(R"({"sub":"ann","scope":"read write","exp":1995270400})"));
  EXPECT_EQ(said(c), "yes: +jwt.whole");
  EXPECT_EQ(c.told.owner, std::vector<std::string>{"ann"});
  EXPECT_EQ(c.told.scopes->size(), 2u);
  EXPECT_EQ(c.expires_says, "the token itself");
  const std::string whole = jwt(R"({"sub":"ann"})");
  EXPECT_EQ(said(look(whole.substr(0, whole.rfind('.')))), "no: !jwt.broken -kind.unknown");
}

TEST(Look, NotesOfTheSourceAreToldAndNoKeyIs) {
  const catalogue::Catalogue& all = world().all;
  const std::string key = live_key();
  const Checked c =
      look_at({.value = base::Secret(key), .where = ".env, line 3", .notes = {"quotes are kept"}},
              all, nullptr, now);
  const std::string text = as_text(c, {}, now), json = as_json({c}),
                    table = as_table({c, c}, {}, now);
  EXPECT_TRUE(text.contains(".env, line 3"));
  EXPECT_TRUE(text.contains("quotes are kept"));
  for (const std::string& out : {text, json, table}) EXPECT_FALSE(out.contains(key.substr(12, 12)));
}

TEST(Codes, TheMostSeriousOneCounts) {
  Checked fine, broken, unclear, unreachable;
  fine.whole = Whole::yes;
  broken.whole = Whole::no;
  unclear.live = Live::unclear;
  unreachable.live = Live::unreachable;
  EXPECT_EQ(exit_code({fine, fine}), 0);
  EXPECT_EQ(exit_code({fine, unclear}), 3);
  EXPECT_EQ(exit_code({unclear, unreachable, fine}), 4);
  EXPECT_EQ(exit_code({unreachable, broken}), 1);
}

TEST(BaseUrl, IsHttpsOrThisMachine) {
  for (const char* good : {"https://gitlab.example.com", "https://h/api", "http://127.0.0.1:80",
                           "http://localhost:8080/x", "http://[::1]:1"})
    EXPECT_TRUE(check_base_url(good)) << good;
  for (const char* bad : {"http://gitlab.example.com", "gitlab.example.com", "ftp://h", "https://",
                          "https://u:p@h", "https://h/?a=b", "https://h/#f"})
    EXPECT_FALSE(check_base_url(bad)) << bad;
}

std::string time_of(std::string_view text) {
  const auto time = read_time(text);
  return time ? base::format_rfc3339(*time) : "none";
}

TEST(Answer, ReadsTimesAsProvidersWriteThem) {
  EXPECT_EQ(time_of("2026-12-01T08:00:00Z"), "2026-12-01T08:00:00Z");
  EXPECT_EQ(time_of("2026-12-01T08:00:00.123+02:00"), "2026-12-01T06:00:00Z");
  EXPECT_EQ(time_of("2026-12-01 08:00:00 UTC"), "2026-12-01T08:00:00Z");
  EXPECT_EQ(time_of("2026-12-01 08:00:00 -0700"), "2026-12-01T15:00:00Z");
  EXPECT_EQ(time_of("2026-12-01"), "2026-12-01T00:00:00Z");
  EXPECT_EQ(time_of("1796112000"), "2026-12-01T08:00:00Z");
  EXPECT_EQ(time_of("1796112000000"), "2026-12-01T08:00:00Z");
  for (const char* odd :
       {"", "never", "12", "2026-13-01", "99999999999999999999", "2026-12-01 25:00:00 UTC"})
    EXPECT_EQ(time_of(odd), "none") << odd;
}

// "remaining/total reset", or "none".
std::string limit_of(http::Headers headers) {
  const auto limit = read_limit(headers, now);
  if (!limit) return "none";
  return std::to_string(limit->remaining) + "/" +
         (limit->total ? std::to_string(*limit->total) : "?") +
         (limit->resets ? " " + std::to_string((*limit->resets - now).count()) : "");
}

TEST(Answer, ReadsLimitsInAllTheirForms) {
  EXPECT_EQ(limit_of({{"RateLimit", "\"default\";r=50;t=30"},
                      {"RateLimit-Policy", "\"default\";q=100;w=60"}}),
            "50/100 30");
  EXPECT_EQ(limit_of({{"RateLimit", "limit=10, remaining=3, reset=5"}}), "3/10 5");
  EXPECT_EQ(limit_of({{"X-RateLimit-Remaining", "4999"},
                      {"X-RateLimit-Limit", "5000"},
                      {"X-RateLimit-Reset", std::to_string(now.time_since_epoch().count() + 60)}}),
            "4999/5000 60");
  EXPECT_EQ(limit_of({{"anthropic-ratelimit-requests-remaining", "7"},
                      {"anthropic-ratelimit-requests-reset", "2026-11-21T12:00:09Z"}}),
            "7/? 9");
  EXPECT_EQ(limit_of({{"X-RateLimit-Remaining", "many"}}), "none");
  EXPECT_EQ(limit_of({}), "none");
}

http::Response json_response(std::string body, http::Headers headers = {}) {
  headers.add("Content-Type", "application/json");
  return {.status = 200, .headers = std::move(headers), .body = std::move(body)};
}

TEST(Answer, ReadsPointersListsAndHeaders) {
  const std::string_view owner[] = {"/user/login", "/none", "x-org"};
  catalogue::WhoamiAnswer where;
  where.owner = owner;
  where.name = "/label";
  where.scopes = "/scopes/*/id";
  where.expires = "/until";
  const Told told = read_told(
      where,
      json_response(
          R"({"user":{"login":"ann\u001b[1m"},"label":null,"scopes":[{"id":"a"},{"id":"b"}],"until":"2026-12-01"})",
          {{"X-Org", "acme"}}),
      now);
  EXPECT_EQ(told.owner, (std::vector<std::string>{"ann\\x1b[1m", "acme"}));
  EXPECT_EQ(told.name, "");
  EXPECT_EQ(*told.scopes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(base::format_rfc3339(*told.expires), "2026-12-01T00:00:00Z");
}

TEST(Answer, NoScopesIsNotTheSameAsNotTold) {
  catalogue::WhoamiAnswer where;
  where.scopes = "x-oauth-scopes";
  where.expires = "/until";
  EXPECT_FALSE(read_told(where, json_response("{}"), now).scopes);
  EXPECT_TRUE(read_told(where, json_response("{}", {{"X-OAuth-Scopes", ""}}), now).scopes->empty());
  EXPECT_EQ(
      read_told(where, json_response("{}", {{"X-OAuth-Scopes", "repo, gist"}}), now).scopes->size(),
      2u);
  EXPECT_TRUE(read_told(where, json_response(R"({"until":null})"), now).never_expires);
  where.scopes = "/scopes/*";
  EXPECT_TRUE(read_told(where, json_response(R"({"scopes":[]})"), now).scopes->empty());
  EXPECT_FALSE(read_told(where, json_response("not json"), now).scopes);
}

// Answers as they are told to, and keeps what was asked.
class Actor : public probe::Transport {
 public:
  explicit Actor(std::vector<http::Response> answers) : answers_(std::move(answers)) {}
  void pause(std::chrono::seconds) override {}
  Result<probe::Sent> send(const http::Request& request, const http::ClientOptions&,
                           const probe::Limits&) override {
    asked.push_back(request);
    if (answers_.empty()) return fail(ErrorCode::unreachable, "nobody is there");
    probe::Sent sent;
    sent.exchange = {.request = request, .response = answers_.front()};
    if (answers_.size() > 1) answers_.erase(answers_.begin());
    return sent;
  }
  std::vector<http::Request> asked;

 private:
  std::vector<http::Response> answers_;
};

Checked asked(Actor& actor, std::string key, std::string_view provider = {},
              std::string base_url = {}) {
  Checked c = look(std::move(key), provider);
  ask(c, catalogue::embedded(), {.base_url = std::move(base_url), .now = now}, actor);
  return c;
}

TEST(Ask, TheProvidersOwnHostWithTheCleanedKey) {
  Actor actor({json_response("{}")});
  const Checked c = asked(actor, live_key() + "\n");
  EXPECT_EQ(c.live, Live::accepted);
  EXPECT_EQ(exit_code(c), 1);  // something sticks to it
  ASSERT_EQ(actor.asked.size(), 1u);
  EXPECT_EQ(actor.asked[0].url, "https://api.acme.example/v1/me");
  EXPECT_EQ(actor.asked[0].headers.get("Authorization"), "Bearer " + live_key());
}

TEST(Ask, AKeyOfAnotherEnvironmentGoesToItsHost) {
  Actor actor({json_response("{}")});
  asked(actor, eu_key(20));
  ASSERT_EQ(actor.asked.size(), 1u);
  EXPECT_EQ(actor.asked[0].url, "https://api.eu.acme.example/v1/me");
  Actor here({json_response("{}")});
  const Checked c = asked(here, eu_key(20), "acme", "http://127.0.0.1:9/x/");
  ASSERT_EQ(here.asked.size(), 1u);
  EXPECT_EQ(here.asked[0].url, "http://127.0.0.1:9/x/v1/me");
}

TEST(Ask, NothingThatCannotBeAKeyOfThisProvider) {
  Actor actor({json_response("{}")});
  for (const std::string& key :
       {live_key(false), std::string("$ACME_KEY"), std::string("acme_id_12345678"),
        std::string("0123456789abcdef0123456789abcde0")}) {
    const Checked c = asked(actor, key);
    EXPECT_EQ(c.live, Live::not_asked);
    EXPECT_FALSE(c.not_asked_because.empty());
  }
  EXPECT_EQ(asked(actor, live_key(), "other").live, Live::not_asked);
  EXPECT_TRUE(actor.asked.empty());
}

TEST(Ask, NoAnswerAndNoWord) {
  Actor nobody({});
  EXPECT_EQ(exit_code(asked(nobody, live_key())), 4);
  Actor busy({{.status = 429, .body = "Too many requests"}});
  EXPECT_EQ(exit_code(asked(busy, live_key())), 3);
}

}  // namespace
}  // namespace locksmith::check

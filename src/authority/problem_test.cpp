// What a refusal says, to whom, and in which fields.
#include "authority/problem.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "authority/digest.hpp"
#include "authority/sample_authority.hpp"
#include "credential/shape.hpp"

namespace locksmith::authority {
namespace {

using namespace std::chrono_literals;

class ProblemTest : public SampleAuthority, public testing::Test {
 protected:
  Refusal refuse(Question question, std::string_view id = "req_1") {
    const Request asked = request(std::move(question));
    last = decide(snapshot, asked, Instant(now), limits);
    EXPECT_FALSE(last.allowed());
    return refusal(snapshot, asked, last, id, Instant(now));
  }
  static std::string header(const Refusal& refusal, std::string_view name) {
    for (const auto& [each, value] : refusal.headers) {
      if (each == name) return value;
    }
    return {};
  }
  static boost::json::object body(const Refusal& refusal) {
    return boost::json::parse(refusal.body).as_object();
  }
  std::string secret_of(Key key, std::string* id = nullptr) {
    if (key.account.empty()) key.account = "acct_free";
    key.environment = "live";
    return issue(std::move(key), id);
  }
  // A key that nobody has, as near to `key` as a well-formed one can be.
  static std::string credential_like(std::string key) {
    key.replace(key.size() - 12, 6, "AAAAAA");
    return credential::with_checksum(credential::Checksum::crc32_base62, key);
  }
  void disclose(Disclosure disclosure) {
    Policy policy = snapshot.policy();
    policy.disclosure = disclosure;
    snapshot = *snapshot.with(policy);
  }

  Decision last;
};

TEST_F(ProblemTest, NoCredentialIsAChallengeWithoutError) {
  const Refusal out = refuse({});
  EXPECT_EQ(out.status, 401);
  EXPECT_EQ(header(out, "WWW-Authenticate"),
            "Bearer realm=\"orders\", ApiKey realm=\"orders\", Basic realm=\"orders\", "
            "charset=\"UTF-8\"");
  EXPECT_EQ(header(out, "Content-Type"), "application/problem+json");
  EXPECT_EQ(header(out, "Cache-Control"), "no-store");
  const auto json = body(out);
  EXPECT_EQ(json.at("type"), "/causes/missing");
  EXPECT_EQ(json.at("status"), 401);
  EXPECT_EQ(json.at("instance"), "req_1");
  EXPECT_EQ(json.at("cause"), "missing");
  EXPECT_FALSE(json.contains("key"));
}

TEST_F(ProblemTest, AScopeThatIsMissingIsNamed) {
  std::string id;
  const std::string key = secret_of({.grant = {.scopes = {"orders:read"}}}, &id);
  const Refusal out = refuse({.method = "DELETE", .key = key});
  EXPECT_EQ(out.status, 403);
  const std::string challenge = header(out, "WWW-Authenticate");
  EXPECT_NE(challenge.find("error=\"insufficient_scope\""), challenge.npos) << challenge;
  EXPECT_NE(challenge.find("scope=\"orders:write\""), challenge.npos) << challenge;
  const auto json = body(out);
  EXPECT_EQ(json.at("detail"), "The key lacks the scope orders:write; it has orders:read.");
  EXPECT_EQ(std::string_view(json.at("key").at("id").as_string()), id);
  EXPECT_NE(std::string(json.at("fix").as_string()).find("orders:write"), std::string::npos);
  EXPECT_FALSE(json.contains("also"));
}

TEST_F(ProblemTest, EverythingThatFailsIsTold) {
  const std::string key = secret_of(
      {.grant = {.scopes = {}, .addresses = {*parse_cidr("10.0.0.0/8")}}, .expires = now + 1h});
  const Request asked = request({.key = key});
  const Instant later = Instant(now) + 50h;
  const Decision decision = decide(snapshot, asked, later, limits);
  const auto json = body(refusal(snapshot, asked, decision, "r", later));
  EXPECT_EQ(json.at("cause"), "expired");
  EXPECT_EQ(json.at("detail"), "The key expired on 2026-11-21T13:00:00Z, 2 days ago.");
  const auto& also = json.at("also").as_array();
  ASSERT_EQ(also.size(), 2u);
  EXPECT_EQ(also[0].at("cause"), "ip-blocked");
  EXPECT_EQ(also[0].at("detail"),
            "The request came from 192.0.2.7; the key may be used from 10.0.0.0/8.");
  EXPECT_EQ(also[1].at("cause"), "missing-scope");
  EXPECT_EQ(single_change(snapshot, asked, decision, later), "");
}

// Which key it was almost, or that there is one at all, must not be seen.
TEST_F(ProblemTest, AWrongSecretIsToldNothing) {
  std::string revoked_id;
  const std::string key = secret_of({}, &revoked_id);
  apply(revoke_key(snapshot, revoked_id, "by hand", now));
  const Refusal unknown = refuse({.key = make_secret("lks_live_").reveal()});
  // The prefix and the first half of a real key, with a right checksum.
  const Refusal near = refuse({.key = credential_like(key)});
  EXPECT_EQ(slug(last.cause), "unknown-key");
  EXPECT_EQ(unknown.status, near.status);
  EXPECT_EQ(unknown.headers, near.headers);
  EXPECT_EQ(unknown.body, near.body);
  EXPECT_EQ(near.body.find("revoked"), std::string::npos);
}

TEST_F(ProblemTest, OfflineFactsAreToldToAnybody) {
  const auto json = body(refuse({.key = good.substr(0, good.size() - 4)}));
  EXPECT_EQ(json.at("cause"), "malformed");
  EXPECT_EQ(json.at("detail"), "The key is unusable: it ends 4 characters early.");
}

TEST_F(ProblemTest, TombstonesAnswerTheirHolder) {
  std::string id;
  const std::string key = secret_of({}, &id);
  auto rotated = rotate_key(snapshot, id, {.grace = 24h}, now);
  ASSERT_TRUE(rotated);
  snapshot = *snapshot.with(rotated->change);
  const Request asked = request({.method = "", .key = key});
  const Decision in_grace = decide(snapshot, asked, Instant(now) + 1h, limits);
  EXPECT_TRUE(in_grace.allowed());
  EXPECT_TRUE(in_grace.retiring);
  const auto headers = allowed_headers(snapshot, in_grace, Instant(now) + 1h);
  ASSERT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers[0], (std::pair<std::string, std::string>("Deprecation", "@1795262400")));
  EXPECT_EQ(headers[1],
            (std::pair<std::string, std::string>("Sunset", "Sun, 22 Nov 2026 12:00:00 GMT")));

  const Instant later = Instant(now) + 72h;
  const Decision over = decide(snapshot, asked, later, limits);
  const Refusal out = refusal(snapshot, asked, over, "r", later);
  const std::string secret = rotated->secret.reveal();
  EXPECT_EQ(out.detail, "The key was replaced by " + rotated->id + " (lks_live_…" +
                            secret.substr(secret.size() - 4) +
                            ") on 2026-11-21T12:00:00Z, 3 days ago.");
}

TEST_F(ProblemTest, LeakedAndSuspended) {
  const std::string key = secret_of({});
  apply(mark_leaked(snapshot, digest_of(key), "https://example.com/repo", now));
  EXPECT_EQ(refuse({.key = key}).detail,
            "The key was found in public at https://example.com/repo, and revoked on "
            "2026-11-21T12:00:00Z, 0 seconds ago.");
  apply(suspend_account(snapshot, "acct_free", "invoice unpaid", now));
  const Refusal out = refuse({.key = good});
  EXPECT_EQ(out.status, 403);
  EXPECT_EQ(out.detail,
            "The account acct_free was suspended on 2026-11-21T12:00:00Z, 0 seconds ago: invoice "
            "unpaid.");
}

TEST_F(ProblemTest, RatesAreToldInTheDraftsWords) {
  const std::string key =
      secret_of({.grant = {.scopes = {"orders:*"}}, .rate = Rate{2, std::chrono::minutes(1), 0}});
  const Decision first = ask({.key = key});
  EXPECT_TRUE(first.allowed());
  const auto headers = allowed_headers(snapshot, first, Instant(now));
  ASSERT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers[0].second, "\"rate\";q=2;w=60");
  EXPECT_EQ(headers[1].second, "\"rate\";r=1;t=30");
  EXPECT_TRUE(ask({.key = key}).allowed());
  const Refusal out = refuse({.key = key});
  EXPECT_EQ(out.status, 429);
  EXPECT_EQ(header(out, "Retry-After"), "30");
  EXPECT_EQ(header(out, "RateLimit"), "\"rate\";r=0;t=30");
  EXPECT_EQ(header(out, "WWW-Authenticate"), "");
}

TEST_F(ProblemTest, ARefusalTakesNothing) {
  const std::string key =
      secret_of({.grant = {.scopes = {}}, .rate = Rate{1, std::chrono::minutes(1), 0}});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask({.key = key}).cause, Cause::missing_scope);
  EXPECT_TRUE(ask({.method = "", .key = key}).allowed());
}

TEST_F(ProblemTest, QuotasEndWithTheMonth) {
  Policy policy = snapshot.policy();
  policy.plans[0].quota = Quota{1, Quota::Period::month};
  snapshot = *snapshot.with(policy);
  EXPECT_TRUE(ask({.key = good}).allowed());
  const Refusal out = refuse({.key = good});
  EXPECT_EQ(out.status, 429);
  EXPECT_EQ(body(out).at("cause"), "billing");
  EXPECT_EQ(header(out, "Retry-After"), std::to_string((9 * 24 + 12) * 3600));
}

TEST_F(ProblemTest, LessIsDisclosed) {
  std::string id;
  const std::string key = secret_of({}, &id);
  apply(revoke_key(snapshot, id, "secret reason", now));
  disclose(Disclosure::code);
  const auto code = body(refuse({.key = key}));
  EXPECT_EQ(code.at("cause"), "revoked");
  EXPECT_FALSE(code.contains("key"));
  EXPECT_FALSE(code.contains("fix"));
  disclose(Disclosure::none);
  const Refusal none = refuse({.key = key});
  EXPECT_EQ(none.body, R"({"type":"about:blank","title":"Refused","status":401,)"
                       R"("detail":"The request was refused.","instance":"req_1"})");
  EXPECT_EQ(none.body, refuse({.key = make_secret("lks_live_").reveal()}).body);
  EXPECT_EQ(none.headers, refuse({.key = make_secret("lks_live_").reveal()}).headers);
}

TEST_F(ProblemTest, PlainHttpIsTheSameForEveryKey) {
  Policy policy = snapshot.policy();
  policy.require_tls = true;
  snapshot = *snapshot.with(policy);
  const Refusal right = refuse({.key = good, .secure = false});
  EXPECT_EQ(right.status, 403);
  EXPECT_EQ(last.key, nullptr);
  const Refusal wrong = refuse({.key = "nonsense", .secure = false});
  EXPECT_EQ(right.body, wrong.body);
  EXPECT_EQ(right.headers, wrong.headers);
}

TEST_F(ProblemTest, TooManyWrongKeysFromOneAddress) {
  Policy policy = snapshot.policy();
  policy.wrong_keys = Rate{3, std::chrono::minutes(1), 0};
  snapshot = *snapshot.with(policy);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask({.key = make_secret("lks_live_").reveal()}).cause, Cause::unknown_key);
  const Refusal out = refuse({.key = make_secret("lks_live_").reveal()});
  EXPECT_EQ(out.status, 429);
  EXPECT_EQ(header(out, "Retry-After"), "60");
  EXPECT_TRUE(ask({.key = good}).allowed());
  policy.guessing_blocks_all = true;
  snapshot = *snapshot.with(policy);
  EXPECT_EQ(ask({.key = good}).cause, Cause::abuse_blocked);
  EXPECT_FALSE(ask({.key = good}).proven);
  EXPECT_TRUE(ask({.key = good, .client = "192.0.2.8"}).allowed());
}

TEST_F(ProblemTest, NoSecretIsInAnyAnswer) {
  for (const std::string& key : {good, test_key, good + "\n", "Bearer " + good, good + "x"}) {
    for (const char* method : {"PUT", ""}) {
      const Request asked = request({.method = method, .headers = {{"X-Other", key}}, .key = key});
      const Decision decision = decide(snapshot, asked, Instant(now), limits);
      std::string all = refusal(snapshot, asked, decision, "r", Instant(now)).body;
      for (const auto& [name, value] :
           refusal(snapshot, asked, decision, "r", Instant(now)).headers)
        all += value;
      for (const Step& step : trace(snapshot, asked, decision, Instant(now))) all += step.saw;
      EXPECT_EQ(all.find(key.substr(key.size() / 2, 12)), std::string::npos) << all;
    }
  }
}

TEST_F(ProblemTest, TheTraceTellsEveryCheck) {
  const Request asked = request({.method = "DELETE", .key = test_key});
  const Decision decision = decide(snapshot, asked, Instant(now), limits);
  const auto steps = trace(snapshot, asked, decision, Instant(now));
  ASSERT_EQ(steps.size(), check_count);
  EXPECT_EQ(name_of_check(steps[5].check), "environment");
  EXPECT_FALSE(steps[5].passed);
  EXPECT_TRUE(steps[6].made && steps[6].passed);
  EXPECT_EQ(steps[2].saw, "given by whoever asked");
  EXPECT_EQ(steps[6].saw, "active");
  EXPECT_EQ(steps[7].saw, "never expires");
  EXPECT_EQ(steps[9].saw, "192.0.2.7; the key is not restricted");
  EXPECT_EQ(steps[11].saw, "orders, /v1/orders/**");
  EXPECT_EQ(steps[13].saw, "The key lacks the scope orders:write; it has none.");
  EXPECT_EQ(steps[15].saw, "not limited");
  EXPECT_FALSE(steps[13].passed);
}

}  // namespace
}  // namespace locksmith::authority

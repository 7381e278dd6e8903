// The faces as proxies, APIs and holders of keys see them.
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "server/refusal.hpp"
#include "server/test_support.hpp"

namespace locksmith::server {
namespace {

TEST(ForwardAuth, AllowsAndSaysWhoseKeyItIs) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account);
  const auto reply = authority.forward(secret);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("X-Locksmith-Key"), id);
  EXPECT_EQ(reply.header("X-Locksmith-Account"), account);
  EXPECT_EQ(reply.header("X-Locksmith-Scopes"), "orders:read");
  EXPECT_EQ(reply.header("Cache-Control"), "no-store");
  EXPECT_TRUE(reply.header("X-Request-Id").starts_with("req_"));
}

TEST(ForwardAuth, RefusesWithTheCause) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account, "");
  const auto scope = authority.forward(secret);
  EXPECT_EQ(scope.status, 403);
  EXPECT_EQ(scope.text("/cause"), "missing-scope");
  EXPECT_EQ(authority.forward("").status, 401);
  EXPECT_NE(authority.forward("").header("WWW-Authenticate"), "<none>");
  EXPECT_EQ(authority.forward(secret, "DELETE").status, 404);
  const auto [test_id, test_key] = authority.make_key(account, "", "test");
  EXPECT_EQ(authority.forward(test_key).text("/cause"), "wrong-environment");
}

// A path that needs no key: what the client sends as X-Locksmith-Key must not reach the API.
TEST(ForwardAuth, SaysThatNobodyIsKnownWhereNoKeyIsNeeded) {
  TestAuthority authority;
  const auto reply = authority.forward("", "GET", "/health");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("X-Locksmith-Key"), "");
  EXPECT_EQ(reply.header("X-Locksmith-Scopes"), "");
}

// nginx empties a variable whose header is missing, and each header that is there costs it.
TEST(ForwardAuth, TellsNginxNothingThatIsEmpty) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account);
  const auto ask = [&](std::string_view uri) {
    return authority.ask("GET", "/v1/forward-auth?proxy=nginx",
                         {{"Authorization", "Bearer " + secret},
                          {"Host", "api.example.com"},
                          {"X-Original-Method", "GET"},
                          {"X-Original-URI", std::string(uri)},
                          {"X-Forwarded-For", "192.0.2.7"}});
  };
  const auto known = ask("/v1/orders/7");
  EXPECT_EQ(known.status, 204);
  EXPECT_EQ(known.header("X-Locksmith-Key"), id);
  EXPECT_EQ(known.header("X-Locksmith-Account"), account);
  EXPECT_EQ(known.header("X-Locksmith-Scopes"), "orders:read");
  EXPECT_EQ(known.header("Cache-Control"), "no-store");
  EXPECT_TRUE(known.header("X-Request-Id").starts_with("req_"));
  EXPECT_EQ(known.header("Content-Length"), "<none>");  // RFC 9110 section 8.6
  const auto open = ask("/health");
  EXPECT_EQ(open.status, 204);
  for (const auto* name : {"X-Locksmith-Key", "X-Locksmith-Account", "X-Locksmith-Scopes"})
    EXPECT_EQ(open.header(name), "<none>") << name;
}

TEST(ForwardAuth, BelievesOnlyDeclaredProxies) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(
      authority.make_account(), R"(,"scopes":["orders:read"],"addresses":["192.0.2.0/24"])");
  EXPECT_EQ(authority.forward(secret).status, 200);
  EXPECT_EQ(
      authority.forward(secret, "GET", "/v1/orders/7", "192.0.2.7, 198.51.100.1").text("/cause"),
      "ip-blocked");
  const TestAuthority::Headers headers{{"Authorization", "Bearer " + secret},
                                       {"X-Forwarded-Method", "GET"},
                                       {"X-Forwarded-Uri", "/v1/orders/7"},
                                       {"X-Forwarded-Host", "api.example.com"},
                                       {"X-Forwarded-For", "192.0.2.7"}};
  EXPECT_EQ(authority.ask("GET", "/v1/forward-auth", headers, "", "203.0.113.5").status, 500);
  EXPECT_EQ(authority.ask("GET", "/v1/forward-auth", headers, "", "").status, 200);
  EXPECT_EQ(authority.ask("GET", "/v1/forward-auth").status, 500);  // describes no request
}

// What a client adds behind its proxy's back makes it nobody, and is no leave to guess on.
TEST(ForwardAuth, AClientThatForgesTheOtherHeaderIsUnknownAndCountedAllTheSame) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(
      authority.make_account(), R"(,"scopes":["orders:read"],"addresses":["192.0.2.0/24"])");
  const auto forged = [&](const std::string& key, const std::string& forwarded) {
    return authority.ask("GET", "/v1/forward-auth",
                         {{"Authorization", "Bearer " + key},
                          {"X-Forwarded-Method", "GET"},
                          {"X-Forwarded-Uri", "/v1/orders/7"},
                          {"X-Forwarded-Host", "api.example.com"},
                          {"X-Forwarded-For", "203.0.113.5"},
                          {"Forwarded", forwarded}});
  };
  EXPECT_EQ(forged(secret, "for=192.0.2.7").text("/cause"), "ip-blocked");
  EXPECT_EQ(forged(secret, "for=203.0.113.5").text("/cause"), "ip-blocked");
  int limited = 0;
  for (int i = 0; i < 10; ++i)
    limited += forged("lks_live_wrong", "for=192.0.2." + std::to_string(i)).status == 429;
  EXPECT_EQ(limited, 5);
  EXPECT_EQ(authority.forward("lks_live_wrong").status, 401);  // others are not those
}

TEST(ForwardAuth, GivesNginxARefusalThatItCanHandBack) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account("small"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(authority.forward(secret).status, 200);
  const auto direct = authority.forward(secret);
  EXPECT_EQ(direct.status, 429);
  const auto packed = authority.ask("GET", "/v1/forward-auth?proxy=nginx",
                                    {{"Authorization", "Bearer " + secret},
                                     {"Host", "api.example.com"},
                                     {"X-Original-Method", "GET"},
                                     {"X-Original-URI", "/v1/orders/7"},
                                     {"X-Forwarded-For", "192.0.2.7"}});
  EXPECT_EQ(packed.status, 403);
  EXPECT_EQ(packed.header("X-Locksmith-Status"), "429");
  EXPECT_EQ(packed.body, "");
  const auto token = packed.header("X-Locksmith-Refusal");
  EXPECT_LT(token.size(), 3000u);  // with the rest in one buffer of nginx, 4096
  const auto relayed = authority.ask("GET", "/v1/refusal", {{"X-Locksmith-Refusal", token}});
  EXPECT_EQ(relayed.status, 429);
  EXPECT_EQ(relayed.text("/type"), direct.text("/type"));
  EXPECT_EQ(relayed.header("X-Request-Id"), packed.header("X-Request-Id"));
  EXPECT_EQ(relayed.text("/instance"), packed.header("X-Request-Id"));
  EXPECT_EQ(relayed.header("RateLimit-Policy"), direct.header("RateLimit-Policy"));
  EXPECT_NE(relayed.header("Retry-After"), "<none>");
  EXPECT_EQ(
      authority.ask("GET", "/v1/refusal", {{"X-Locksmith-Refusal", token}}, "", "192.0.2.1").status,
      403);
  EXPECT_EQ(authority.ask("GET", "/v1/refusal").status, 403);  // nginx' own refusal
}

TEST(ForwardAuth, CutsForNginxWhatIsTooLongForAHeader) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account());
  std::string reason;
  while (reason.size() < 4000) reason += "ä reason ";
  ASSERT_EQ(authority.admin("POST", "/v1/keys/" + id + "/revoke", R"({"reason":")" + reason + "\"}")
                .status,
            200);
  const auto packed = authority.ask("GET", "/v1/forward-auth?proxy=nginx",
                                    {{"Authorization", "Bearer " + secret},
                                     {"Host", "api.example.com"},
                                     {"X-Original-Method", "GET"},
                                     {"X-Original-URI", "/v1/orders/7"}});
  const auto token = packed.header("X-Locksmith-Refusal");
  EXPECT_LT(token.size(), 3000u);
  const auto relayed = authority.ask("GET", "/v1/refusal", {{"X-Locksmith-Refusal", token}});
  EXPECT_EQ(relayed.status, 401);
  EXPECT_EQ(relayed.text("/cause"), "revoked");
  EXPECT_TRUE(base::is_valid_utf8(relayed.body));
}

TEST(ForwardAuth, HandsBackOnlyWhatItCouldHaveSaid) {
  for (const char* text :
       {"", "x", "200\n\nhello", "302\nLocation: https://evil.example\n\n", "500\n\n",
        "403\nSet-Cookie: a=b\n\n", "403x\n\n", "403\nRetry-After\n\n"})
    EXPECT_FALSE(unpack(base::base64_encode(text))) << text;
  EXPECT_FALSE(unpack("not base64!"));
  const auto good = unpack(base::base64_encode("429\nRetry-After: 3\n\n{}"));
  ASSERT_TRUE(good);
  EXPECT_EQ(good->status, 429);
  EXPECT_EQ(good->body, "{}");
}

TEST(Verify, AnswersForAnApi) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account);
  const auto good = authority.verify(
      R"({"key":")" + secret +
      R"(","method":"GET","path":"/v1/orders/7","host":"api.example.com","ip":"192.0.2.1"})");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.text("/allowed"), "true") << good.body;
  EXPECT_EQ(good.text("/key/id"), id);
  EXPECT_EQ(good.text("/key/account"), account);
  const auto scope = authority.verify(R"({"key":")" + secret + R"(","scopes":["orders:write"]})");
  EXPECT_EQ(scope.text("/allowed"), "false");
  EXPECT_EQ(scope.text("/cause"), "missing-scope");
  EXPECT_EQ(scope.text("/status"), "403");
  EXPECT_EQ(scope.text("/problem/type"), "/causes/missing-scope");
  const auto wrong = authority.verify(R"({"key":"lks_live_nothing"})");
  EXPECT_EQ(wrong.text("/status"), "401");
  EXPECT_EQ(wrong.text("/also"), "[]");
  EXPECT_EQ(wrong.text("/key"), "<none>");
}

TEST(Verify, TellsAHolderAllThatFailed) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account, R"(,"addresses":["198.51.100.0/24"])");
  authority.admin("POST", "/v1/keys/" + id + "/revoke", R"({"reason":"left the company"})");
  const auto reply =
      authority.verify(R"({"key":")" + secret + R"(","ip":"192.0.2.1","scopes":["orders:read"]})");
  EXPECT_EQ(reply.text("/cause"), "revoked");
  EXPECT_EQ(reply.text("/also"), R"(["ip-blocked","missing-scope"])");
  EXPECT_NE(reply.text("/detail").find("left the company"), std::string::npos);
}

TEST(Verify, RefusesWhatItDoesNotUnderstand) {
  TestAuthority authority;
  EXPECT_EQ(authority.verify("").status, 400);
  EXPECT_EQ(authority.verify("[]").status, 400);
  EXPECT_EQ(authority.verify(R"({"key":1})").status, 400);
  EXPECT_EQ(authority.verify(R"({"key":"a","scope":"x"})").status, 400);
  EXPECT_EQ(authority.verify(R"({"key":"a","ip":"nowhere"})").status, 400);
  EXPECT_EQ(authority.verify(R"({"key":"a","method":"GET"})").status, 400);
  EXPECT_EQ(authority.verify(R"({"key":"a","ip":"192.0.2.1"})", "203.0.113.5").status, 403);
  EXPECT_EQ(authority.verify(R"({"key":"a"})", "203.0.113.5").status, 200);
  EXPECT_EQ(authority.ask("GET", "/v1/verify").status, 405);
  EXPECT_EQ(authority.ask("GET", "/v1/verify").header("Allow"), "POST");
}

TEST(Whoami, TellsTheHolder) {
  TestAuthority authority;
  const auto account = authority.make_account("small");
  const auto [id, secret] = authority.make_key(
      account, R"(,"name":"ci","expires":"2099-01-01T00:00:00Z","metadata":{"note":"internal"})");
  const auto reply = authority.ask("GET", "/v1/whoami", {{"Authorization", "Bearer " + secret}});
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.text("/id"), id);
  EXPECT_EQ(reply.text("/account/id"), account);
  EXPECT_EQ(reply.text("/expires"), "2099-01-01T00:00:00Z");
  EXPECT_EQ(reply.text("/ratelimit/limit"), "3");
  EXPECT_EQ(reply.body.find("internal"), std::string::npos);
  EXPECT_EQ(authority.ask("GET", "/v1/whoami").status, 401);
}

TEST(Whoami, TakesNothingFromTheLimits) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account("small"));
  const auto whoami = [&](const std::string& key) {
    return authority.ask("GET", "/v1/whoami", {{"Authorization", "Bearer " + key}});
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(whoami(secret).text("/ratelimit/remaining"), "3");
  EXPECT_EQ(authority.forward(secret).status, 200);
  EXPECT_EQ(whoami(secret).text("/ratelimit/remaining"), "2");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(authority.forward(secret).status, 200);
  const auto used_up = whoami(secret);  // the refusal that the key gets everywhere
  EXPECT_EQ(used_up.status, 429);
  EXPECT_NE(used_up.header("Retry-After"), "<none>");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(whoami("lks_live_wrong").status, 401);
  EXPECT_EQ(whoami("lks_live_wrong").text("/cause"), "abuse-blocked");
}

TEST(Guessing, IsLimitedWithoutTouchingRealKeys) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account());
  int limited = 0;
  for (int i = 0; i < 50; ++i) {
    const auto status = authority.forward("lks_live_wrong" + std::to_string(i)).status;
    EXPECT_TRUE(status == 401 || status == 429) << status;
    limited += status == 429;
  }
  EXPECT_GT(limited, 40);
  EXPECT_EQ(authority.forward(secret).status, 200);
}

TEST(Pages, AreHtmlForPeopleAndMarkdownForMachines) {
  TestAuthority authority;
  const auto machine = authority.ask("GET", "/causes/expired");
  EXPECT_EQ(machine.status, 200);
  EXPECT_TRUE(machine.has("text/markdown"));
  EXPECT_TRUE(machine.body.starts_with("# "));
  const auto person = authority.ask("GET", "/causes/expired",
                                    {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}});
  EXPECT_TRUE(person.has("text/html"));
  EXPECT_NE(person.body.find("<h1>"), std::string::npos);
  EXPECT_TRUE(
      authority.ask("GET", "/causes/expired", {{"Accept", "text/markdown, text/html;q=0.5"}})
          .has("text/markdown"));
  EXPECT_EQ(authority.ask("GET", "/causes/no-such").status, 404);
  EXPECT_EQ(authority.ask("GET", "/causes/").status, 200);
  // Where every refusal leads.
  for (std::size_t i = 1; i < authority::cause_count; ++i) {
    const auto slug = authority::slug(static_cast<authority::Cause>(i));
    EXPECT_EQ(authority.ask("GET", "/causes/" + std::string(slug)).status, 200) << slug;
  }
}

TEST(Service, SaysHowItIs) {
  TestAuthority authority;
  authority.forward("lks_live_wrong");
  EXPECT_EQ(authority.ask("GET", "/healthz").status, 200);
  EXPECT_EQ(authority.ask("GET", "/readyz").status, 200);
  const auto metrics = authority.ask("GET", "/metrics");
  EXPECT_NE(
      metrics.body.find("locksmith_decisions_total{face=\"forward-auth\",cause=\"malformed\"} 1"),
      std::string::npos)
      << metrics.body;
  EXPECT_EQ(authority.ask("GET", "/nothing").status, 404);
}

}  // namespace
}  // namespace locksmith::server

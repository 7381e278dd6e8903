// The administrators' routes: who may, what changes, when it holds, and what never shows.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <set>

#include "base/text.hpp"
#include "server/openapi.hpp"
#include "server/recording.hpp"
#include "server/signature.hpp"
#include "server/test_support.hpp"

namespace locksmith::server {
namespace {

TEST(Admin, NeedsAKeyOfTheRightAccountAndScope) {
  TestAuthority authority;
  EXPECT_EQ(authority.ask("GET", "/v1/keys").status, 401);
  EXPECT_NE(authority.ask("GET", "/v1/keys").header("WWW-Authenticate"), "<none>");
  EXPECT_EQ(authority.admin("GET", "/v1/keys").status, 200);
  // A customer's key does not open it, whatever it says it may do.
  const auto [id, secret] = authority.make_key(authority.make_account(), R"(,"scopes":["*"])");
  EXPECT_EQ(authority.ask("GET", "/v1/keys", {{"Authorization", "Bearer " + secret}}).status, 401);
  // An administrator's key is no key of the API.
  EXPECT_EQ(authority.forward(authority.admin_key).status, 401);
  EXPECT_EQ(authority.verify(R"({"key":")" + authority.admin_key + "\"}").text("/allowed"),
            "false");
}

TEST(Admin, ScopesAreWhatTheySay) {
  TestAuthority authority;
  const auto [reader_id, reader] =
      authority.make_key("acct_admin", R"(,"scopes":["admin:keys:read"])");
  const auto [writer_id, writer] =
      authority.make_key("acct_admin", R"(,"scopes":["admin:keys:write"])");
  const auto as = [&](const std::string& key, std::string_view method, std::string_view target,
                      std::string_view body = {}) {
    return authority.ask(method, target, {{"Authorization", "Bearer " + key}}, body);
  };
  EXPECT_EQ(as(reader, "GET", "/v1/keys").status, 200);
  EXPECT_EQ(as(reader, "GET", "/v1/accounts").status, 403);
  EXPECT_EQ(as(reader, "POST", "/v1/keys", "{}").status, 403);
  // Who may write keys must not make itself an administrator of everything.
  const std::string all = R"({"account":"acct_admin","environment":"live","scopes":["admin:*"]})";
  EXPECT_EQ(as(writer, "POST", "/v1/keys", all).status, 403);
  EXPECT_EQ(as(writer, "PATCH", "/v1/keys/" + writer_id, R"({"scopes":["admin:*"]})").status, 403);
  EXPECT_EQ(as(writer, "POST", "/v1/keys/" + reader_id + "/rotate").status, 403);
  EXPECT_EQ(as(writer, "POST", "/v1/keys/" + reader_id + "/revoke").status, 403);
  EXPECT_EQ(
      as(writer, "POST", "/v1/keys/import",
         R"({"keys":[{"account":"acct_admin","environment":"live","scopes":["admin:*"],"sha256":")" +
             base::hex(base::sha256("x")) + "\"}]}")
          .status,
      403);
  EXPECT_EQ(authority.admin("POST", "/v1/keys", all).status, 201);
}

TEST(Admin, AWriteHoldsForTheVeryNextDecision) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account);
  for (int i = 0; i < 20; ++i) {
    const auto [other, key] = authority.make_key(account);
    ASSERT_EQ(authority.forward(key).status, 200);
    ASSERT_EQ(authority.admin("POST", "/v1/keys/" + other + "/revoke").status, 200);
    ASSERT_EQ(authority.forward(key).text("/cause"), "revoked");
  }
  ASSERT_EQ(
      authority.admin("POST", "/v1/accounts/" + account + "/suspend", R"({"reason":"unpaid"})")
          .status,
      200);
  EXPECT_EQ(authority.forward(secret).text("/cause"), "account-suspended");
  ASSERT_EQ(authority.admin("POST", "/v1/accounts/" + account + "/resume").status, 200);
  EXPECT_EQ(authority.forward(secret).status, 200);
  EXPECT_EQ(authority.admin("PATCH", "/v1/keys/" + id, R"({"scopes":[]})").status, 200);
  EXPECT_EQ(authority.forward(secret).text("/cause"), "missing-scope");
}

TEST(Admin, RotatesWithAnOverlap) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account());
  const auto reply = authority.admin("POST", "/v1/keys/" + id + "/rotate", R"({"grace":"24h"})");
  ASSERT_EQ(reply.status, 201);
  EXPECT_EQ(authority.forward(reply.text("/secret")).status, 200);
  const auto old = authority.forward(secret);
  EXPECT_EQ(old.status, 200);
  EXPECT_NE(old.header("Sunset"), "<none>");
  EXPECT_NE(old.header("Deprecation"), "<none>");
  const auto uses = authority.admin("GET", "/v1/keys/" + id + "/uses");
  EXPECT_EQ(uses.text("/items/0/client"), "192.0.2.7");
  EXPECT_EQ(uses.text("/items/0/count"), "1");
  EXPECT_EQ(authority.admin("POST", "/v1/keys/" + id + "/rotate").status, 422);  // it is rotated
  EXPECT_EQ(authority.admin("POST", "/v1/keys/" + id + "/rotate", R"({"grace":"soon"})").status,
            422);
}

TEST(Admin, ListsInPagesWithFilters) {
  TestAuthority authority;
  const auto one = authority.make_account(), two = authority.make_account();
  std::set<std::string> made;
  for (int i = 0; i < 7; ++i) made.insert(authority.make_key(one).first);
  const auto revoked = *made.begin();
  authority.make_key(two);
  authority.admin("POST", "/v1/keys/" + revoked + "/revoke");
  std::set<std::string> seen;
  std::string after;
  for (int page = 0; page < 10; ++page) {
    const auto reply =
        authority.admin("GET", "/v1/keys?limit=3&account=" + one + "&after=" + after);
    ASSERT_EQ(reply.status, 200);
    const auto body = reply.json();
    for (const auto& item : body.at("items").as_array())
      EXPECT_TRUE(seen.insert(std::string(item.at("id").as_string())).second);
    after = reply.text("/next");
    if (after == "null") break;
  }
  EXPECT_EQ(seen, made);
  const auto states = authority.admin("GET", "/v1/keys?state=revoked");
  EXPECT_EQ(states.json().at("items").as_array().size(), 1u);
  EXPECT_EQ(states.text("/items/0/id"), revoked);
  EXPECT_EQ(authority.admin("GET", "/v1/keys?acount=" + one).status, 400);
  EXPECT_EQ(authority.admin("GET", "/v1/keys?limit=0").status, 400);
  EXPECT_EQ(authority.admin("GET", "/v1/keys?state=lost").status, 400);
  EXPECT_EQ(authority.admin("GET", "/v1/accounts").json().at("items").as_array().size(), 3u);
}

TEST(Admin, RefusesWhatCannotBeRight) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto create = [&](std::string_view more) {
    return authority.admin(
        "POST", "/v1/keys",
        R"({"account":")" + account + R"(","environment":"live")" + std::string(more) + "}");
  };
  EXPECT_EQ(create(R"(,"scope":["a"])").status, 400);  // a misspelled restriction is none
  EXPECT_EQ(create(R"(,"addresses":["192.0.2.1/24"])").status, 422);
  EXPECT_EQ(create(R"(,"expires":"tomorrow")").status, 422);
  EXPECT_EQ(create(R"(,"expires":"2001-01-01T00:00:00Z")").status, 422);
  EXPECT_EQ(create(R"(,"rate":{"requests":0})").status, 422);
  EXPECT_EQ(create(R"(,"rate":{"requests":5,"per":1})").status, 422);
  EXPECT_EQ(create(R"(,"metadata":"text")").status, 422);
  EXPECT_EQ(
      authority.admin("POST", "/v1/keys", R"({"account":"acct_none","environment":"live"})").status,
      422);
  EXPECT_EQ(authority.admin("POST", "/v1/keys", "not json").status, 400);
  EXPECT_EQ(authority.admin("GET", "/v1/keys/key_none").status, 404);
  EXPECT_EQ(authority.admin("POST", "/v1/keys/key_none/revoke").status, 404);
  EXPECT_EQ(authority.admin("GET", "/v1/accounts/acct_none").status, 404);
  EXPECT_EQ(authority.admin("POST", "/v1/accounts/acct_admin/suspend").status, 409);
  EXPECT_EQ(authority.admin("POST", "/v1/accounts", R"({"plan":"gold"})").status, 422);
}

TEST(Admin, ImportsHashes) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const std::string foreign = "theirs-" + std::string(24, 'q');
  const auto digest = base::sha256(foreign);
  const auto import = [&](const std::string& hash) {
    return authority.admin("POST", "/v1/keys/import",
                           R"({"keys":[{"sha256":")" + hash + R"(","account":")" + account +
                               R"(","environment":"live","scopes":["orders:read"]}]})");
  };
  EXPECT_EQ(import("abc").status, 422);
  EXPECT_EQ(import(base::hex(digest)).status, 201);
  EXPECT_EQ(import(base::base64_encode(digest)).status, 422);  // it is there already
  EXPECT_EQ(authority.forward(foreign).status, 200);
}

TEST(Admin, AFailingStoreStopsWritesAndNothingElse) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [id, secret] = authority.make_key(account);
  authority.store->broken = true;
  EXPECT_EQ(authority.admin("POST", "/v1/keys/" + id + "/revoke").status, 503);
  EXPECT_EQ(authority.forward(secret).status, 200);  // not half revoked
  const auto ready = authority.ask("GET", "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("the disk is gone"), std::string::npos);
  EXPECT_EQ(authority.ask("GET", "/healthz").status, 200);
  authority.store->broken = false;
  EXPECT_EQ(authority.admin("POST", "/v1/keys/" + id + "/revoke").status, 200);
  EXPECT_EQ(authority.ask("GET", "/readyz").status, 200);
}

TEST(Admin, ANewPolicyHoldsForTheVeryNextDecision) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account());
  EXPECT_EQ(authority.forward(secret, "GET", "/v1/other").status, 404);
  std::string text(test_policy);
  text.replace(text.find("refuse"), 6, "allow");
  ASSERT_TRUE(authority.service->reload(*authority::read_policy(text, "test.toml")));
  EXPECT_EQ(authority.forward(secret, "GET", "/v1/other").status, 200);
}

TEST(Decisions, AreFoundByIdKeyAndCause) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account(), "");
  const auto refused = authority.forward(secret);
  authority.forward("lks_live_wrong");
  const auto found = authority.admin("GET", "/v1/decisions/" + refused.header("X-Request-Id"));
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.text("/cause"), "missing-scope");
  EXPECT_EQ(found.text("/key"), id);
  EXPECT_EQ(found.text("/path"), "/v1/orders/7");
  EXPECT_EQ(found.text("/client"), "192.0.2.7");
  EXPECT_NE(found.text("/trace/single_change"), "");
  EXPECT_EQ(found.json().at("trace").at("checks").as_array().size(), authority::check_count);
  const auto count = [&](std::string_view query) {
    const auto reply = authority.admin("GET", "/v1/decisions?" + std::string(query));
    return reply.status == 200 ? reply.json().at("items").as_array().size() : 1000u;
  };
  EXPECT_EQ(count("key=" + id), 1u);
  EXPECT_EQ(count("cause=malformed"), 1u);
  EXPECT_EQ(count("cause=expired"), 0u);
  EXPECT_EQ(count("allowed=true"), 0u);
  EXPECT_EQ(count("from=2099-01-01T00:00:00Z"), 0u);
  EXPECT_EQ(count("allowed=maybe"), 1000u);
  EXPECT_EQ(authority.admin("GET", "/v1/decisions/req_none").status, 404);
}

// Wherever the client puts its key: only the answer that issues it may show it.
TEST(Secrets, AreNowhere) {
  TestAuthority authority;
  const auto [id, secret] = authority.make_key(authority.make_account(), "");
  authority.everything_sent.clear();
  const TestAuthority::Headers odd{{"Authorization", "Bearer " + secret},
                                   {"User-Agent", "agent/" + secret},
                                   {"Origin", "https://" + secret + ".example"},
                                   {"X-Forwarded-Method", "GET"},
                                   {"X-Forwarded-Uri", "/v1/" + secret + "?api_key=" + secret},
                                   {"X-Forwarded-Host", "api.example.com"},
                                   {"X-Forwarded-For", "192.0.2.7"}};
  authority.ask("GET", "/v1/forward-auth", odd);
  authority.forward(secret + "x");
  authority.forward(secret.substr(0, secret.size() - 1));
  authority.forward(" " + secret + "\t");
  authority.verify(R"({"key":")" + secret + R"( "})");
  authority.verify(R"({"key":")" + secret + R"(","path":")" + secret + "\"}");
  authority.ask("GET", "/" + secret);
  authority.ask("GET", "/v1/whoami", {{"Authorization", "Bearer " + secret}});
  authority.ask("GET", "/v1/keys", {{"Authorization", "Bearer " + secret}});
  authority.admin("GET", "/v1/keys/" + secret);
  authority.admin("GET", "/v1/keys?" + secret + "=1");
  authority.admin("GET", "/v1/decisions?limit=200");
  const auto decisions = authority.admin("GET", "/v1/decisions").json();
  for (const auto& item : decisions.at("items").as_array())
    authority.admin("GET", "/v1/decisions/" + std::string(item.at("id").as_string()));
  authority.admin("GET", "/v1/keys/" + id + "/uses");
  authority.ask("GET", "/metrics");
  const auto middle = secret.substr(12, 12);
  EXPECT_EQ(authority.everything_sent.find(middle), std::string::npos) << authority.everything_sent;
}

struct Signer {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  ~Signer() { EVP_PKEY_free(key); }
  std::string pem() const {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, key);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }
  std::string sign(std::string_view message) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    std::string signature(200, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size());
    EVP_MD_CTX_free(context);
    return base::base64_encode(signature.substr(0, size));
  }
};

TEST(Leaks, ARevokedKeySaysWhereItWasFound) {
  const Signer github, other;
  TestAuthority authority;
  auto& reporters = const_cast<ServiceSettings&>(authority.service->settings()).leak_reporters;
  reporters.push_back({"id1", github.pem()});
  const auto [id, secret] = authority.make_key(authority.make_account());
  const std::string url = "https://github.com/octocat/x/blob/1/a.txt";
  const std::string body = R"([{"token":")" + secret + R"(","type":"lks","url":")" + url +
                           R"(","source":"content"},{"token":"nobody's","type":"lks"}])";
  const auto report = [&](const std::string& identifier, const std::string& signature,
                          const std::string& text) {
    return authority.ask(
        "POST", "/v1/leaks/github",
        {{"GITHUB-PUBLIC-KEY-IDENTIFIER", identifier}, {"GITHUB-PUBLIC-KEY-SIGNATURE", signature}},
        text, "203.0.113.5");
  };
  EXPECT_EQ(report("id2", github.sign(body), body).status, 401);
  EXPECT_EQ(report("id1", other.sign(body), body).status, 401);
  EXPECT_EQ(report("id1", github.sign(body), body + " ").status, 401);
  EXPECT_EQ(report("id1", "", body).status, 401);
  EXPECT_EQ(report("id1", "!!", body).status, 401);
  EXPECT_EQ(report("id1", github.sign("{}"), "{}").status, 400);
  EXPECT_EQ(authority.forward(secret).status, 200);

  const auto believed = report("id1", github.sign(body), body);
  EXPECT_EQ(believed.status, 200) << believed.body;
  EXPECT_EQ(believed.text("/0/label"), "true_positive");
  EXPECT_EQ(believed.text("/0/token_hash"), base::hex(base::sha256(secret)));
  EXPECT_EQ(believed.text("/1/label"), "false_positive");
  const auto refused = authority.forward(secret);
  EXPECT_EQ(refused.text("/cause"), "leaked");
  EXPECT_NE(refused.body.find(url), std::string::npos) << refused.body;
  EXPECT_EQ(authority.admin("GET", "/v1/keys/" + id).text("/leak_url"), url);
  EXPECT_EQ(report("id1", github.sign(body), body).status, 200);  // once more changes nothing
  EXPECT_FALSE(is_signed_by("no pem", body, github.sign(body)));
}

// Both ways: no route that is not described, no description without a route.
TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  const auto document = boost::json::parse(openapi_text);
  std::set<std::string> described, served;
  for (const auto& [path, operations] : document.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object()) {
      std::string line = base::lower(method) + " " + std::string(path);
      if (const auto* security = operation.as_object().if_contains("security"))
        line += " " + std::string(security->at(0).at("admin").at(0).as_string());
      described.insert(line);
    }
  for (const auto& route : routes()) {
    std::string line = route.method.empty() ? "get" : base::lower(route.method);
    line += " " + std::string(route.pattern);
    if (!route.scope.empty()) line += " " + std::string(route.scope);
    served.insert(line);
  }
  EXPECT_EQ(described, served);
}

}  // namespace
}  // namespace locksmith::server

// The library as a program outside sees it: files in, verdicts out.
#include "locksmith/verify.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/keys_file.hpp"
#include "base/test_folder.hpp"

namespace locksmith {
namespace {

constexpr std::string_view policy = R"(
[[plan]]
name = "small"
quota = "3/month"
[[api]]
name = "orders"
unlisted = "refuse"
[[api.endpoint]]
path = "/v1/orders/{id}"
scopes = ["orders:read"]
)";

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    write("locksmith.toml", policy);
    secret_ = authority::make_secret("lks_live_").reveal();
    key_ = {.id = "key_1",
            .account = "acct_1",
            .environment = "live",
            .digest = authority::digest_of(secret_),
            .grant = {.scopes = {"orders:read"}}};
    save({});
  }

  void write(const std::string& name, std::string_view text) const { folder_.write(name, text); }
  void save(std::string_view before) const {
    write("keys.jsonl",
          std::string(before) +
              authority::to_line(authority::Account{.id = "acct_1", .plan = "small"}) +
              authority::to_line(key_));
  }
  Verifier open() const {
    return Verifier::open(folder_ / "locksmith.toml", folder_ / "keys.jsonl");
  }
  Verdict ask(const Verifier& verifier, std::string_view target = "/v1/orders/7") const {
    const std::string header = "Bearer " + secret_;
    Request request;
    request.method = "GET";
    request.target = target;
    request.headers = {{"Authorization", header}};
    request.id = "req_7";
    return verifier.verify(request);
  }

  base::TestFolder folder_;
  std::string secret_;
  authority::Key key_;
};

TEST_F(VerifyTest, AllowsAndRefuses) {
  const Verifier verifier = open();
  EXPECT_EQ(verifier.size(), 1u);
  const Verdict good = ask(verifier);
  EXPECT_TRUE(good.allowed);
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.key, "key_1");
  EXPECT_EQ(good.account, "acct_1");
  EXPECT_EQ(good.headers.at(0).first, "RateLimit-Policy");
  const Verdict bad = ask(verifier, "/v1/other");
  EXPECT_EQ(bad.status, 404);
  EXPECT_EQ(bad.cause, "wrong-endpoint");
  EXPECT_NE(bad.body.find("\"instance\":\"req_7\""), std::string::npos) << bad.body;
  const Verdict none = verifier.verify({});
  EXPECT_EQ(none.cause, "missing");
  EXPECT_EQ(none.key, "");
}

TEST_F(VerifyTest, ReloadingKeepsQuotasAlsoWhenTheOrderChanges) {
  Verifier verifier = open();
  EXPECT_TRUE(ask(verifier).allowed);
  EXPECT_TRUE(ask(verifier).allowed);
  save(authority::to_line(authority::Account{.id = "acct_0", .plan = "small"}));
  verifier.reload();
  EXPECT_TRUE(ask(verifier).allowed);
  EXPECT_EQ(ask(verifier).cause, "billing");
}

TEST_F(VerifyTest, ReloadingKeepsRatesAndGuessesToo) {
  write("locksmith.toml", std::string(policy) + "[guessing]\nrate = \"2/hour\"\n");
  key_.rate = authority::Rate{2, std::chrono::hours(1), 0};
  save({});
  Verifier verifier = open();
  const auto guess = [&] {
    Request request;
    request.key = "lks_live_wrong";
    request.client = "192.0.2.7";
    return verifier.verify(request).cause;
  };
  EXPECT_TRUE(ask(verifier).allowed);
  EXPECT_EQ(guess(), "malformed");
  // Another key comes first in the file, whose limit is its own.
  authority::Key other = key_;
  other.id = "key_0";
  other.digest = authority::digest_of("another");
  write("keys.jsonl", authority::to_line(authority::Account{.id = "acct_1", .plan = "small"}) +
                          authority::to_line(other) + authority::to_line(key_));
  verifier.reload();
  EXPECT_TRUE(ask(verifier).allowed);
  EXPECT_EQ(ask(verifier).cause, "rate-limited");
  EXPECT_EQ(guess(), "malformed");
  verifier.reload();
  EXPECT_EQ(ask(verifier).cause, "rate-limited");
  EXPECT_EQ(guess(), "abuse-blocked");
}

TEST_F(VerifyTest, AKeyThatIsGoneFromTheFileIsUnknown) {
  Verifier verifier = open();
  write("keys.jsonl", "");
  verifier.reload();
  EXPECT_EQ(ask(verifier).cause, "unknown-key");
}

TEST_F(VerifyTest, AFileThatCannotBeReadChangesNothing) {
  Verifier verifier = open();
  write("locksmith.toml", "disclosure = 3");
  EXPECT_THROW(verifier.reload(), OpenError);
  EXPECT_TRUE(ask(verifier).allowed);
  EXPECT_THROW(open(), OpenError);
  EXPECT_THROW(Verifier::open("/nowhere", "/nowhere"), OpenError);
}

}  // namespace
}  // namespace locksmith

#include "authority/keys_file.hpp"

#include <gtest/gtest.h>

#include "authority/digest.hpp"

namespace locksmith::authority {
namespace {

std::string fault_of(std::string_view text) {
  const auto read = read_keys_file(text, {[](Account) {}, [](Key) {}});
  return read ? "" : read.error().message;
}

// What is written is what is read, byte for byte.
std::string again(std::string_view line) {
  std::string out;
  const auto read = read_keys_file(line, {[&](const Account& account) { out += to_line(account); },
                                          [&](const Key& key) { out += to_line(key); }});
  return read ? out : read.error().message;
}

TEST(KeysFileTest, KeepsEveryField) {
  const base::Time t(std::chrono::seconds(1'700'000'000));
  Account account{.id = "acct_1", .name = "A \"b\"", .state = AccountState::suspended};
  account.reason = "unpaid";
  account.since = account.created = t;
  account.plan = "gold";
  account.rate = Rate{10, std::chrono::seconds(60), 5};
  account.quota = Quota{1000, Quota::Period::month};
  account.metadata = R"({"crm":7})";
  EXPECT_EQ(again(to_line(account)), to_line(account));

  Key key{.id = "key_1", .account = "acct_1", .name = "ci", .environment = "live"};
  key.digest = digest_of("x");
  key.hint = "lks_live_…7f2a";
  key.grant = {{"a:b"},
               {"GET /v1"},
               {"GET"},
               {*parse_cidr("10.0.0.0/8"), *parse_cidr("::1")},
               {"https://a.example.com"}};
  key.rate = Rate{1, std::chrono::seconds(2), 0};
  key.not_before = key.expires = key.since = key.grace_until = key.created = t;
  key.state = KeyState::rotated;
  key.reason = "r";
  key.successor = "key_2";
  key.finish_when_unused = std::chrono::hours(6);
  key.leak_url = "https://example.com";
  key.metadata = R"({"a":[1]})";
  EXPECT_EQ(again(to_line(key)), to_line(key));
  EXPECT_NE(to_line(key).find(R"("addresses":["10.0.0.0/8","::1"])"), std::string::npos);
}

// As `locksmith keys export` writes: no kind, null for what is not set.
TEST(KeysFileTest, ALineWithADigestIsAKey) {
  const std::string line = R"({"id":"k","account":"a","expires":null,"metadata":{},"sha256":")" +
                           std::string(64, 'a') + "\"}";
  EXPECT_NE(again(line).find(R"("kind":"key","id":"k","account":"a")"), std::string::npos);
  EXPECT_NE(again(R"({"id":"a","plan":""})").find(R"("kind":"account")"), std::string::npos);
}

TEST(KeysFileTest, RefusesWhatItDoesNotUnderstand) {
  const std::string digest(64, 'a');
  EXPECT_EQ(fault_of("\n  \n"), "");
  EXPECT_EQ(fault_of("{}"), "line 1: `id` cannot be read");
  EXPECT_EQ(fault_of(R"({"id":"a","kind":"x"})"),
            "line 1: `kind` is neither \"account\" nor \"key\"");
  EXPECT_EQ(fault_of("\n[1]"), "line 2: is not a JSON object");
  EXPECT_EQ(fault_of(R"({"kind":"account","id":"a","scope":1})"), "line 1: unknown field `scope`");
  EXPECT_EQ(fault_of(R"({"kind":"account","id":7})"), "line 1: `id` cannot be read");
  EXPECT_EQ(fault_of(R"({"kind":"key","id":"k"})"), "line 1: `sha256` cannot be read");
  const auto key = [&](std::string_view more) {
    return fault_of(R"({"kind":"key","id":"k","sha256":")" + digest + "\"," + std::string(more) +
                    "}");
  };
  EXPECT_EQ(key(R"("state":"activ")"), "line 1: `state` cannot be read");
  EXPECT_EQ(key(R"("addresses":["10.0.0.1/8"])"), "line 1: `addresses` cannot be read");
  EXPECT_EQ(key(R"("scopes":"a")"), "line 1: `scopes` cannot be read");
  EXPECT_EQ(key(R"("expires":"tomorrow")"), "line 1: `expires` cannot be read");
  EXPECT_EQ(key(R"("rate":{"requests":1})"), "line 1: `rate` cannot be read");
  EXPECT_EQ(key(R"("rate":{"requests":1,"period_seconds":1,"x":1})"), "line 1: unknown field `x`");
}

}  // namespace
}  // namespace locksmith::authority

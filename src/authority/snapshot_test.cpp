#include "authority/snapshot.hpp"

#include <gtest/gtest.h>

#include "authority/digest.hpp"
#include "authority/record.hpp"
#include "authority/sample_authority.hpp"

namespace locksmith::authority {
namespace {

Key key_of(int i) {
  const std::string number = std::to_string(i);
  return {.id = "key_" + std::string(6 - number.size(), '0') + number,
          .account = "acct_" + std::to_string(i % 3),
          .name = "key " + number,
          .environment = "live",
          .digest = digest_of("secret " + number),
          .grant = {.scopes = {i % 2 ? "a" : "b"}}};
}

std::vector<Account> three_accounts() {
  return {{.id = "acct_0", .name = "zero"}, {.id = "acct_1"}, {.id = "acct_2"}};
}

Snapshot of_keys(int count) {
  std::vector<Key> keys;
  for (int i = 0; i < count; ++i) keys.push_back(key_of(i));
  auto made = Snapshot::make({}, three_accounts(), std::move(keys));
  EXPECT_TRUE(made) << made.error().message;
  return made.value_or(Snapshot());
}

bool same(const Key& a, const Key& b) {
  return a.id == b.id && a.account == b.account && a.name == b.name &&
         a.environment == b.environment && a.digest == b.digest && a.hint == b.hint &&
         a.grant == b.grant && a.rate == b.rate && a.not_before == b.not_before &&
         a.expires == b.expires && a.state == b.state && a.reason == b.reason &&
         a.since == b.since && a.successor == b.successor && a.grace_until == b.grace_until &&
         a.finish_when_unused == b.finish_when_unused && a.leak_url == b.leak_url &&
         a.metadata == b.metadata && a.created == b.created;
}

// More than goes into huge pages at once, so that both ways to keep a shard are tried.
TEST(SnapshotTest, FindsEveryKeyBothWays) {
  for (const int count : {0, 1, 100, 12000}) {
    const Snapshot snapshot = of_keys(count);
    EXPECT_EQ(snapshot.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      const Key key = key_of(i);
      const KeyRecord* record = snapshot.find(key.digest);
      ASSERT_NE(record, nullptr) << i;
      EXPECT_EQ(record, snapshot.find_id(key.id));
      EXPECT_TRUE(same(snapshot.to_key(*record), key)) << i;
    }
    EXPECT_EQ(snapshot.find(digest_of("another")), nullptr);
    EXPECT_EQ(snapshot.find_id("key_x"), nullptr);
  }
}

TEST(SnapshotTest, KeepsEveryField) {
  const base::Time t(std::chrono::seconds(1'700'000'000));
  Key key = key_of(1);
  key.hint = "h";
  key.rate = Rate{3, std::chrono::seconds(9), 2};
  key.not_before = t;
  key.expires = t + std::chrono::hours(1);
  key.state = KeyState::rotated;
  key.reason = std::string(300, 'r');  // a length of two bytes
  key.since = t;
  key.successor = "key_2";
  key.grace_until = t;
  key.finish_when_unused = std::chrono::hours(6);
  key.leak_url = "https://example.com";
  key.metadata = "{\"a\":1}";
  key.created = t;
  const auto snapshot = Snapshot::make({}, three_accounts(), {key});
  EXPECT_TRUE(same(snapshot->to_key(*snapshot->find_id(key.id)), key));
}

TEST(SnapshotTest, AChangeLeavesTheOldOneAlone) {
  for (const int count : {50, 12000}) {
    const Snapshot before = of_keys(count);
    Key changed = key_of(7);
    changed.reason = "gone";
    changed.state = KeyState::revoked;
    const auto after = before.with({.accounts = {}, .keys = {changed, key_of(count)}});
    ASSERT_TRUE(after) << after.error().message;
    EXPECT_TRUE(same(before.to_key(*before.find_id(changed.id)), key_of(7)));
    EXPECT_EQ(before.find_id(key_of(count).id), nullptr);
    EXPECT_TRUE(same(after->to_key(*after->find_id(changed.id)), changed));
    EXPECT_EQ(after->find(changed.digest)->cell, before.find(changed.digest)->cell);
    EXPECT_TRUE(same(after->to_key(*after->find(key_of(count).digest)), key_of(count)));
    EXPECT_EQ(after->size(), before.size() + 1);
  }
}

TEST(SnapshotTest, ManyChangesOfOneKeyDoNotGrowItsShard) {
  Snapshot snapshot = of_keys(10);
  for (int i = 0; i < 2000; ++i) {
    Key key = key_of(3);
    key.name = std::string(static_cast<std::size_t>(i % 50), 'n');
    key.metadata = std::to_string(i);
    snapshot = *snapshot.with({.accounts = {}, .keys = {key}});
    ASSERT_TRUE(same(snapshot.to_key(*snapshot.find_id(key.id)), key));
  }
  for (int i = 0; i < 10; ++i) EXPECT_NE(snapshot.find_id(key_of(i).id), nullptr);
}

TEST(SnapshotTest, ListsInOrderOfId) {
  Snapshot snapshot = of_keys(20);
  snapshot = *snapshot.with({.accounts = {{.id = "acct_00"}}, .keys = {key_of(25), key_of(22)}});
  std::string after, all;
  for (auto page = snapshot.keys_after(after, 7); !page.empty();
       page = snapshot.keys_after(after, 7)) {
    for (const KeyRecord* record : page) {
      after = snapshot.texts(*record).id;
      all += after.substr(8) + " ";
    }
  }
  EXPECT_EQ(all, "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 22 25 ");
  const auto accounts = snapshot.accounts_after("acct_0", 2);
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts[0]->account->id, "acct_00");
}

// An import: more than the list of what came lately holds, in any order.
TEST(SnapshotTest, AChangeMayBringManyKeys) {
  const Snapshot before = of_keys(500);
  Change change;
  for (int i = 20'499; i >= 500; --i) change.keys.push_back(key_of(i));
  const auto after = before.with(change);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->size(), 20'500u);
  const auto listed = after->keys_after("", 30'000);
  ASSERT_EQ(listed.size(), 20'500u);
  for (int i = 0; i < 20'500; ++i) {
    EXPECT_EQ(after->texts(*listed[static_cast<std::size_t>(i)]).id, key_of(i).id);
    EXPECT_EQ(after->find_id(key_of(i).id), listed[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(before.find_id(key_of(500).id), nullptr);
  Key twin = key_of(20'501);
  twin.id = key_of(20'500).id;
  EXPECT_FALSE(after->with({.accounts = {}, .keys = {key_of(20'500), twin}}));
  EXPECT_FALSE(after->with({.accounts = {{.id = "acct_9"}, {.id = "acct_9"}}, .keys = {}}));
}

TEST(SnapshotTest, AnAccountsChangeIsSeenByItsKeys) {
  const Snapshot before = of_keys(10);
  const auto after =
      before.with({.accounts = {{.id = "acct_0", .state = AccountState::suspended}}, .keys = {}});
  EXPECT_FALSE(before.account_of(*before.find_id("key_000000")).suspended);
  EXPECT_TRUE(after->account_of(*after->find_id("key_000000")).suspended);
  EXPECT_EQ(after->account("acct_0")->index, before.account("acct_0")->index);
}

TEST(SnapshotTest, RefusesWhatCannotBeRight) {
  const auto message = [](const Result<Snapshot>& made) {
    return made ? std::string() : made.error().message;
  };
  Key same_id = key_of(2);
  same_id.id = key_of(1).id;
  EXPECT_EQ(message(Snapshot::make({}, three_accounts(), {key_of(1), same_id})),
            "two keys have the same id");
  Key same_secret = key_of(2);
  same_secret.digest = key_of(1).digest;
  EXPECT_EQ(message(Snapshot::make({}, three_accounts(), {key_of(1), same_secret})),
            "the secret of key_000002 is another key's, too");
  EXPECT_EQ(message(Snapshot::make({}, {}, {key_of(1)})),
            "key_000001 is a key of acct_1, which is not there");
  EXPECT_EQ(message(Snapshot::make({}, {{.id = "a"}, {.id = "a"}}, {})), "a is there twice");
  EXPECT_EQ(message(Snapshot::make({}, {{.id = "a", .plan = "gold"}}, {})),
            "a has the plan \"gold\", which the policy does not know");
  EXPECT_EQ(message(of_keys(3).with({.accounts = {}, .keys = {same_id}})),
            "key_000001 cannot get another secret");
  EXPECT_EQ(message(of_keys(2).with({.accounts = {}, .keys = {same_secret}})),
            "the secret of key_000002 is another key's, too");
  Key bad = key_of(1);
  bad.grant.endpoints = {"/v1/../x"};
  EXPECT_NE(message(Snapshot::make({}, three_accounts(), {bad})), "");
}

TEST(SnapshotTest, APolicyThatLacksAPlanInUseIsRefused) {
  Policy policy;
  policy.plans = {{"gold", {}, {}}};
  const auto snapshot = Snapshot::make(policy, {{.id = "a", .plan = "gold"}}, {});
  ASSERT_TRUE(snapshot);
  EXPECT_FALSE(snapshot->with(Policy{}));
  policy.realm = "other";
  EXPECT_EQ(snapshot->with(policy)->policy().realm, "other");
}

}  // namespace
}  // namespace locksmith::authority

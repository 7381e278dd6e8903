// What every store keeps: one suite, run for each implementation.
#include "store/store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/test_folder.hpp"
#include "contract/memory_store.hpp"
#include "contract/sample.hpp"

namespace locksmith::store {
namespace {

struct Kind {
  const char* name;
  Result<std::unique_ptr<Store>> (*open)(const std::string& path);
  bool durable;  // opened again at the same path, it has what it had
};

Result<std::unique_ptr<Store>> open_memory(const std::string&) {
  return std::make_unique<MemoryStore>();
}

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { open(); }

  void open() {
    store_.reset();
    auto opened = GetParam().open(folder_ / "store.db");
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  void apply(const authority::Change& change, std::int64_t at_us = 1) {
    const auto applied = store_->apply(change, at_us);
    ASSERT_TRUE(applied) << applied.error().message;
  }

  Everything load() {
    auto all = store_->load();
    EXPECT_TRUE(all);
    return all ? *all : Everything{};
  }

  std::vector<std::string> ids(const DecisionFilter& filter) {
    std::vector<std::string> found;
    const auto records = store_->decisions(filter);
    EXPECT_TRUE(records);
    for (const auto& record : *records) found.push_back(record.id);
    return found;
  }

  base::TestFolder folder_ = base::TestFolder::in_memory();
  std::unique_ptr<Store> store_;
};

authority::Change two_keys() {
  return {{sample::account("acct_1")},
          {sample::key("key_0001", "acct_1"), sample::key("key_0002", "acct_1")},
          "key_admin",
          "keys.create"};
}

DecisionRecord decision(std::string id, std::int64_t at_us, std::string cause, std::string key) {
  return {std::move(id), at_us,       std::move(cause),  std::move(key),
          "acct_1",      "GET",       "api.example.com", "/v1/orders",
          "192.0.2.7",   "curl/7.88", 0xFEDCBA98,        R"({"v":1})"};
}

TEST_P(StoreContract, StartsEmpty) {
  EXPECT_TRUE(load().accounts.empty());
  EXPECT_TRUE(load().keys.empty());
  EXPECT_TRUE(store_->counters()->empty());
  EXPECT_TRUE(ids({}).empty());
  EXPECT_TRUE(store_->healthy());
}

TEST_P(StoreContract, GivesBackEveryField) {
  apply(two_keys());
  if (GetParam().durable) open();
  const Everything all = load();
  ASSERT_EQ(all.accounts.size(), 1u);
  ASSERT_EQ(all.keys.size(), 2u);
  EXPECT_TRUE(sample::same(all.accounts[0], sample::account("acct_1")));
  EXPECT_TRUE(sample::same(all.keys[0], sample::key("key_0001", "acct_1")));
  EXPECT_TRUE(sample::same(all.keys[1], sample::key("key_0002", "acct_1")));
}

TEST_P(StoreContract, GivesBackEmptyFields) {
  authority::Account account;
  account.id = "acct_1";
  authority::Key key;
  key.id = "key_1";
  key.account = "acct_1";
  apply({{account}, {key}, "local", "keys.create"});
  if (GetParam().durable) open();
  EXPECT_TRUE(sample::same(load().accounts.at(0), account));
  EXPECT_TRUE(sample::same(load().keys.at(0), key));
}

TEST_P(StoreContract, ARecordReplacesTheOneOfTheSameId) {
  apply(two_keys());
  authority::Key changed = sample::key("key_0001", "acct_1");
  changed.state = authority::KeyState::revoked;
  changed.grant = {};
  changed.rate.reset();
  changed.expires.reset();
  authority::Account account = sample::account("acct_1");
  account.state = authority::AccountState::active;
  account.quota.reset();
  apply({{account}, {changed}, "local", "keys.revoke"});
  const Everything all = load();
  ASSERT_EQ(all.keys.size(), 2u);
  EXPECT_TRUE(sample::same(all.keys[0], changed));
  EXPECT_TRUE(sample::same(all.keys[1], sample::key("key_0002", "acct_1")));
  EXPECT_TRUE(sample::same(all.accounts.at(0), account));
}

TEST_P(StoreContract, AKeyOfNoAccountIsRefusedWithTheWholeChange) {
  const auto applied =
      store_->apply({{sample::account("acct_1")},
                     {sample::key("key_0001", "acct_1"), sample::key("key_0002", "acct_none")},
                     "local",
                     "keys.create"},
                    1);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, ErrorCode::usage);
  EXPECT_TRUE(load().accounts.empty());
  EXPECT_TRUE(load().keys.empty());
  EXPECT_TRUE(store_->audit("", 10)->empty());
}

TEST_P(StoreContract, ASecretBelongsToOneKey) {
  apply(two_keys());
  authority::Key twin = sample::key("key_0003", "acct_1");
  twin.digest = sample::key("key_0001", "acct_1").digest;
  EXPECT_FALSE(store_->apply({{}, {sample::key("key_0004", "acct_1"), twin}, "local", "x"}, 1));
  EXPECT_EQ(load().keys.size(), 2u);
}

TEST_P(StoreContract, TheAuditLogSaysWhoDidWhat) {
  apply(two_keys(), 100);
  authority::Key revoked = sample::key("key_0002", "acct_1");
  revoked.state = authority::KeyState::revoked;
  revoked.reason = "left the company";
  apply({{}, {revoked}, "local", "keys.revoke"}, 200);
  const auto all = store_->audit("", 10);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 4u);
  const auto of_key = store_->audit("key_0002", 10);
  ASSERT_EQ(of_key->size(), 2u);
  EXPECT_EQ(of_key->at(0).at_us, 200);
  EXPECT_EQ(of_key->at(0).actor, "local");
  EXPECT_EQ(of_key->at(0).action, "keys.revoke");
  EXPECT_EQ(of_key->at(0).state, "revoked");
  EXPECT_EQ(of_key->at(0).reason, "left the company");
  EXPECT_EQ(of_key->at(1).actor, "key_admin");
  EXPECT_EQ(store_->audit("key_0002", 1)->size(), 1u);
  EXPECT_EQ(store_->audit("acct_1", 9)->at(0).state, "suspended");
}

TEST_P(StoreContract, FindsADecisionById) {
  const DecisionRecord wanted = decision("req_1", 5, "expired", "key_0001");
  ASSERT_TRUE(store_->record(std::vector{wanted}, {}));
  const auto found = store_->decision("req_1");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->at_us, 5);
  EXPECT_EQ((*found)->cause, "expired");
  EXPECT_EQ((*found)->key, "key_0001");
  EXPECT_EQ((*found)->account, "acct_1");
  EXPECT_EQ((*found)->method, "GET");
  EXPECT_EQ((*found)->host, "api.example.com");
  EXPECT_EQ((*found)->path, "/v1/orders");
  EXPECT_EQ((*found)->client, "192.0.2.7");
  EXPECT_EQ((*found)->user_agent, "curl/7.88");
  EXPECT_EQ((*found)->policy, 0xFEDCBA98);
  EXPECT_EQ((*found)->trace, R"({"v":1})");
  EXPECT_FALSE(*store_->decision("req_2"));
}

TEST_P(StoreContract, AnIdThatComesTwiceCostsNothingElse) {
  ASSERT_TRUE(store_->record(std::vector{decision("a", 1, "expired", ""),
                                         decision("a", 2, "revoked", ""), decision("b", 3, "", "")},
                             {}));
  EXPECT_EQ(ids({}), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ((*store_->decision("a"))->cause, "expired");
}

TEST_P(StoreContract, FiltersDecisionsNewestFirst) {
  ASSERT_TRUE(store_->record(
      std::vector{decision("a", 10, "", "key_1"), decision("b", 20, "expired", "key_1"),
                  decision("c", 20, "unknown-key", ""), decision("d", 5, "expired", "key_2")},
      {}));
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids({}), (Ids{"c", "b", "a", "d"}));
  EXPECT_EQ(ids({.key = "key_1"}), (Ids{"b", "a"}));
  EXPECT_EQ(ids({.cause = "expired"}), (Ids{"b", "d"}));
  EXPECT_EQ(ids({.account = "acct_1", .cause = "expired"}), (Ids{"b", "d"}));
  EXPECT_EQ(ids({.account = "acct_2"}), Ids{});
  EXPECT_EQ(ids({.allowed = true}), Ids{"a"});
  EXPECT_EQ(ids({.allowed = false}), (Ids{"c", "b", "d"}));
  EXPECT_EQ(ids({.from_us = 10, .until_us = 20}), Ids{"a"});
}

TEST_P(StoreContract, PagesDecisionsWithoutLossAtTheSameTime) {
  std::vector<DecisionRecord> many;
  for (int i = 0; i < 10; ++i) many.push_back(decision(fmt::format("r{}", i), 7, "", ""));
  ASSERT_TRUE(store_->record(many, {}));
  std::vector<std::string> seen;
  DecisionFilter filter{.limit = 3};
  for (auto page = ids(filter); !page.empty(); page = ids(filter)) {
    seen.insert(seen.end(), page.begin(), page.end());
    filter.before = page.back();
  }
  EXPECT_EQ(seen, ids({}));
  EXPECT_EQ(seen.size(), 10u);
  filter.before = "req_forgotten";
  EXPECT_FALSE(store_->decisions(filter));
}

TEST_P(StoreContract, AddsUsesUp) {
  ASSERT_TRUE(store_->record({}, std::vector<Use>{{"key_1", "192.0.2.7", "curl", 2, 50},
                                                  {"key_1", "192.0.2.8", "curl", 1, 70}}));
  ASSERT_TRUE(store_->record({}, std::vector<Use>{{"key_1", "192.0.2.7", "curl", 3, 40},
                                                  {"key_2", "192.0.2.7", "curl", 9, 90}}));
  const auto uses = store_->uses("key_1");
  ASSERT_TRUE(uses);
  ASSERT_EQ(uses->size(), 2u);
  EXPECT_EQ(uses->at(0).client, "192.0.2.8");
  EXPECT_EQ(uses->at(1).count, 5u);
  EXPECT_EQ(uses->at(1).last_us, 50);  // what came late is not the last
}

TEST_P(StoreContract, ForgetsWhatIsOldButNotTheLastUse) {
  std::vector<DecisionRecord> many;
  for (int i = 0; i < 10; ++i) many.push_back(decision(fmt::format("r{}", i), i, "", ""));
  ASSERT_TRUE(store_->record(
      many, std::vector<Use>{
                {"key_1", "a", "", 1, 1}, {"key_1", "b", "", 1, 2}, {"key_2", "a", "", 1, 9}}));
  EXPECT_EQ(store_->forget(5, 3).value(), 3u);
  EXPECT_EQ(ids({}).size(), 7u);
  EXPECT_EQ(store_->forget(5, 100).value(), 3u);  // r3, r4, and the older use of key_1
  EXPECT_EQ(ids({}), (std::vector<std::string>{"r9", "r8", "r7", "r6", "r5"}));
  ASSERT_EQ(store_->uses("key_1")->size(), 1u);
  EXPECT_EQ(store_->uses("key_1")->at(0).client, "b");
  EXPECT_EQ(store_->uses("key_2")->size(), 1u);
}

TEST_P(StoreContract, KeepsTheDecisionsThatWereWrittenLast) {
  EXPECT_EQ(store_->forget_beyond(0, 10).value(), 0u);  // there is none yet
  std::vector<DecisionRecord> many;
  for (int i = 0; i < 10; ++i) many.push_back(decision(fmt::format("r{}", i), i, "", ""));
  ASSERT_TRUE(store_->record(many, {}));
  EXPECT_EQ(store_->forget_beyond(10, 100).value(), 0u);
  EXPECT_EQ(store_->forget_beyond(4, 5).value(), 5u);
  EXPECT_EQ(store_->forget_beyond(4, 5).value(), 1u);
  EXPECT_EQ(ids({}), (std::vector<std::string>{"r9", "r8", "r7", "r6"}));
}

TEST_P(StoreContract, KeepsCountersUntilTheirPeriodIsForgotten) {
  using Counter = Store::Counter;
  ASSERT_TRUE(store_->save_counters(std::vector<Counter>{
      {"key_1", "2026-10", 7}, {"key_1", "2026-11-20", 3}, {"key_1", "2026-11", 9}}));
  ASSERT_TRUE(store_->save_counters(std::vector<Counter>{{"key_1", "2026-11", 8}}));
  if (GetParam().durable) open();
  ASSERT_EQ(store_->counters()->size(), 3u);
  ASSERT_TRUE(store_->forget(1'795'219'200'000'000, 10));  // 2026-11-21
  const auto left = store_->counters();
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->at(0).period, "2026-11");
  EXPECT_EQ(left->at(0).used, 8u);
}

TEST_P(StoreContract, ManyThreadsAtOnce) {
  apply({{sample::account("acct_1")}, {}, "local", "accounts.create"});
  std::vector<std::jthread> threads;
  std::atomic<int> acknowledged = 0, refused = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        // Every fifth has no account: it must fail alone, whoever shares its transaction.
        const bool wrong = i % 5 == 4;
        const auto applied = store_->apply(
            {{},
             {sample::key(fmt::format("key_{}_{:04}", t, i), wrong ? "acct_none" : "acct_1")},
             "local",
             "keys.create"},
            1);
        ++(applied ? acknowledged : refused);
        if (i % 7 == 0) {
          EXPECT_TRUE(store_->load());
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(acknowledged, 8 * 16);
  EXPECT_EQ(refused, 8 * 4);
  EXPECT_EQ(load().keys.size(), 8u * 16);
}

TEST_P(StoreContract, ABackupOverwritesNothing) {
  apply(two_keys());
  ASSERT_TRUE(store_->backup(folder_ / "copy.db"));
  EXPECT_FALSE(store_->backup(folder_ / "copy.db"));
  EXPECT_FALSE(store_->backup(folder_ / "no/such/folder/copy.db") && GetParam().durable);
  EXPECT_EQ(load().keys.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(Kind{"Sqlite", &open_sqlite, true},
                                         Kind{"Memory", &open_memory, false}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace locksmith::store

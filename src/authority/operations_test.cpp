#include "authority/operations.hpp"

#include <gtest/gtest.h>

#include "authority/digest.hpp"
#include "authority/record.hpp"
#include "authority/sample_authority.hpp"

namespace locksmith::authority {
namespace {

using namespace std::chrono_literals;

class OperationsTest : public SampleAuthority, public testing::Test {
 protected:
  Key key(std::string_view id) { return snapshot.to_key(*snapshot.find_id(id)); }
  std::string wrong(Key draft) {
    const auto issued = create_key(snapshot, std::move(draft), now);
    return issued ? "" : issued.error().message;
  }
};

TEST_F(OperationsTest, CreatingKeepsOnlyTheDigest) {
  const auto issued =
      create_key(snapshot, {.account = "acct_free", .name = "ci", .environment = "test"}, now);
  ASSERT_TRUE(issued);
  const Key& made = issued->change.keys.at(0);
  EXPECT_TRUE(issued->secret.reveal().starts_with("lks_test_"));
  EXPECT_EQ(made.digest, digest_of(issued->secret.reveal()));
  EXPECT_EQ(made.created, now);
  EXPECT_EQ(issued->change.action, "keys.create");
  EXPECT_TRUE(made.hint.starts_with("lks_test_…"));
}

TEST_F(OperationsTest, RefusesWhatCannotBeRight) {
  EXPECT_EQ(wrong({.account = "acct_x", .environment = "live"}), "there is no account acct_x");
  EXPECT_EQ(wrong({.account = "acct_free", .environment = "prod"}),
            "there is no environment \"prod\"");
  const Key base{.account = "acct_free", .environment = "live"};
  Key key = base;
  key.expires = now;
  EXPECT_EQ(wrong(key), "the key would expire in the past");
  key = base;
  key.not_before = now + 2h;
  key.expires = now + 1h;
  EXPECT_EQ(wrong(key), "the key would expire before it is valid");
  key = base;
  key.name = "a\nb";
  EXPECT_EQ(wrong(key), "the name holds a control character or is not UTF-8");
  key = base;
  key.grant.endpoints = {"GET orders"};
  EXPECT_EQ(wrong(key), "the path pattern \"orders\" does not start with \"/\"");
  key = base;
  key.grant.methods = {"get"};
  EXPECT_EQ(wrong(key), "\"get\" is not a method");
  key = base;
  key.grant.origins = {"app.example.com"};
  EXPECT_EQ(wrong(key), "\"app.example.com\" is not an origin");
  key = base;
  key.grant.scopes = {"a b"};
  EXPECT_EQ(wrong(key), "\"a b\" cannot be a scope");
  key = base;
  key.rate = Rate{0, 1s, 0};
  EXPECT_NE(wrong(key), "");
}

TEST_F(OperationsTest, RotationOverlaps) {
  const auto rotated = rotate_key(snapshot, good_id, {.grace = 24h, .finish_when_unused = 6h}, now);
  ASSERT_TRUE(rotated);
  snapshot = *snapshot.with(rotated->change);
  const Key old = key(good_id), fresh = key(rotated->id);
  EXPECT_EQ(old.state, KeyState::rotated);
  EXPECT_EQ(old.successor, rotated->id);
  EXPECT_EQ(old.grace_until, now + 24h);
  EXPECT_EQ(fresh.grant, old.grant);
  EXPECT_TRUE(ask({.key = good}).allowed());
  EXPECT_TRUE(ask({.key = rotated->secret.reveal()}).allowed());
  EXPECT_FALSE(rotate_key(snapshot, good_id, {}, now));
  apply(finish_rotation(snapshot, good_id, now + 1h));
  EXPECT_TRUE(decide(snapshot, request({.key = good}), Instant(now) + 59min, limits).allowed());
  EXPECT_EQ(decide(snapshot, request({.key = good}), Instant(now) + 1h, limits).cause,
            Cause::revoked);
}

TEST_F(OperationsTest, RotationWithoutGraceEndsAtOnce) {
  const auto rotated = rotate_key(snapshot, good_id, {}, now);
  snapshot = *snapshot.with(rotated->change);
  EXPECT_EQ(ask({.key = good}).cause, Cause::revoked);
}

TEST_F(OperationsTest, ARotatedKeyLivesAsLongAsItsForerunner) {
  std::string id;
  issue({.account = "acct_free", .environment = "live", .expires = now + 100h}, &id);
  const auto rotated = rotate_key(snapshot, id, {}, now + 50h);
  EXPECT_EQ(rotated->change.keys.at(0).expires, now + 150h);
}

TEST_F(OperationsTest, RevokingTwiceIsAnError) {
  apply(revoke_key(snapshot, good_id, "left the company", now));
  EXPECT_EQ(ask({.key = good}).cause, Cause::revoked);
  EXPECT_FALSE(revoke_key(snapshot, good_id, "", now));
  EXPECT_EQ(key(good_id).reason, "left the company");
}

TEST_F(OperationsTest, ALeakEndsEvenARevokedKeysSilence) {
  apply(revoke_key(snapshot, good_id, "", now));
  apply(mark_leaked(snapshot, digest_of(good), "https://example.com/x", now));
  EXPECT_EQ(ask({.key = good}).cause, Cause::leaked);
  EXPECT_FALSE(mark_leaked(snapshot, digest_of("other"), "", now));
}

TEST_F(OperationsTest, ImportedKeysOfAnyForm) {
  Key foreign{.account = "acct_free", .environment = "live", .digest = digest_of("old key!")};
  apply(import_keys(snapshot, {foreign}, now));
  EXPECT_TRUE(ask({.method = "", .key = "old key!"}).allowed());
  EXPECT_EQ(import_keys(snapshot, {foreign}, now).error().message,
            "key 1: its secret is known already");
  foreign.digest = digest_of("another");
  EXPECT_EQ(import_keys(snapshot, {foreign, foreign}, now).error().message,
            "two of the keys have the same secret");
}

TEST_F(OperationsTest, Changing) {
  Key changed = key(good_id);
  changed.grant.scopes = {"orders:read"};
  changed.state = KeyState::revoked;  // is not changed this way
  apply(change_key(snapshot, changed, now));
  EXPECT_EQ(key(good_id).grant.scopes, std::vector<std::string>{"orders:read"});
  EXPECT_TRUE(ask({.key = good}).allowed());
}

TEST_F(OperationsTest, Accounts) {
  EXPECT_FALSE(put_account(snapshot, {.plan = "gold"}, now));
  EXPECT_TRUE(put_account(snapshot, {.name = "New"}, now)->accounts.at(0).id.starts_with("acct_"));
  apply(suspend_account(snapshot, "acct_free", "unpaid", now));
  EXPECT_FALSE(suspend_account(snapshot, "acct_free", "unpaid", now));
  EXPECT_EQ(ask({.key = good}).cause, Cause::account_suspended);
  apply(resume_account(snapshot, "acct_free", now));
  EXPECT_TRUE(ask({.key = good}).allowed());
}

}  // namespace
}  // namespace locksmith::authority

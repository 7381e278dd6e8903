// Grace periods that end because nobody uses the key, and quotas that outlive a restart.
#include "server/housekeeping.hpp"

#include "server/test_support.hpp"

namespace locksmith::server {
namespace {

using namespace std::chrono_literals;

TEST(Housekeeping, EndsTheGraceOfAKeyThatNobodyUses) {
  TestAuthority authority;
  const auto account = authority.make_account();
  const auto [used_id, used] = authority.make_key(account);
  const auto [idle_id, idle] = authority.make_key(account);
  const auto [kept_id, kept] = authority.make_key(account);
  for (const auto& id : {used_id, idle_id})
    authority.admin("POST", "/v1/keys/" + id + "/rotate",
                    R"({"grace":"24h","finish_when_unused":"6h"})");
  authority.admin("POST", "/v1/keys/" + kept_id + "/rotate", R"({"grace":"24h"})");
  EXPECT_EQ(finish_unused(*authority.service, current_instant()), 0u);
  const auto later = current_instant() + 5h;
  authority.service->recording().use({0, used_id}, {}, "agent", later.time_since_epoch().count());
  EXPECT_EQ(finish_unused(*authority.service, current_instant() + 7h), 1u);
  const auto state = [&](const std::string& id) {
    return authority.service->current().to_key(*authority.service->current().find_id(id));
  };
  EXPECT_GT(state(used_id).grace_until, state(idle_id).grace_until);
  EXPECT_EQ(finish_unused(*authority.service, current_instant() + 12h), 1u);
  EXPECT_EQ(finish_unused(*authority.service, current_instant() + 20h), 0u);
}

TEST(Housekeeping, KeepsWhatIsUsedOfAQuota) {
  TestAuthority authority;
  const auto account =
      authority.admin("POST", "/v1/accounts", R"({"quota":{"requests":3,"period":"month"}})")
          .text("/id");
  const auto [id, secret] = authority.make_key(account);
  EXPECT_EQ(authority.forward(secret).status, 200);
  EXPECT_EQ(authority.forward(secret).status, 200);
  SavedQuotas saved;
  const auto now = current_instant();
  ASSERT_TRUE(save_quotas(*authority.service, saved, now));
  const auto counters = *authority.store->counters();
  ASSERT_EQ(counters.size(), 1u);
  EXPECT_EQ(counters[0].used, 2u);

  // The same store and keys, nothing in memory: as after a restart.
  auto again = std::make_unique<BreakableStore>();
  ASSERT_TRUE(again->save_counters(counters));
  Service restarted({}, authority.service->current(), std::move(again));
  ASSERT_TRUE(restore_quotas(restarted, now));
  authority.handlers = handlers(restarted);
  EXPECT_EQ(authority.forward(secret).status, 200);
  EXPECT_EQ(authority.forward(secret).text("/cause"), "billing");
}

}  // namespace
}  // namespace locksmith::server

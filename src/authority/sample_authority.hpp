// A small authority for tests: an API with a few endpoints, two accounts, some keys.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "authority/decide.hpp"
#include "authority/key_format.hpp"
#include "authority/operations.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::authority {

inline constexpr std::string_view sample_policy = R"(
default_plan = "free"
[refusals]
realm = "orders"
[[environment]]
name = "live"
prefix = "lks_live_"
[[environment]]
name = "test"
prefix = "lks_test_"
[[placement]]
in = "header"
name = "Authorization"
scheme = "Bearer"
[[placement]]
in = "header"
name = "X-Api-Key"
[[placement]]
in = "query"
name = "api_key"
[[placement]]
in = "cookie"
name = "session"
[[placement]]
in = "basic-password"
[[plan]]
name = "free"
[[plan]]
name = "paid"
rate = "100/minute"
quota = "1000/month"
[[api]]
name = "orders"
hosts = ["api.example.com"]
environment = "live"
unlisted = "refuse"
[[api.endpoint]]
methods = ["GET"]
path = "/v1/orders/{id}"
scopes = ["orders:read"]
[[api.endpoint]]
methods = ["POST", "DELETE"]
path = "/v1/orders/**"
scopes = ["orders:write"]
[[api.endpoint]]
path = "/v1/reports"
plans = ["paid"]
[[api.endpoint]]
path = "/health"
open = true
)";

struct Question {
  std::string method = "GET";
  std::string host = "api.example.com";
  std::string target = "/v1/orders/7";
  std::vector<std::pair<std::string, std::string>> headers{};
  std::optional<std::string> key{};  // as the caller found it
  std::string client = "192.0.2.7";
  bool secure = true;
};

class SampleAuthority {
 public:
  SampleAuthority() {
    auto policy = read_policy(sample_policy, "sample.toml");
    EXPECT_TRUE(policy) << policy.error().message;
    if (policy) snapshot = *Snapshot::make(std::move(*policy), {}, {});
    apply(put_account(snapshot, {.id = "acct_free", .name = "Free"}, now));
    apply(put_account(snapshot, {.id = "acct_paid", .name = "Paid", .plan = "paid"}, now));
    good = issue({.account = "acct_free", .environment = "live", .grant = {.scopes = {"orders:*"}}},
                 &good_id);
    test_key = issue({.account = "acct_free", .environment = "test"}, nullptr);
  }

  void apply(Result<Change> change) {
    ASSERT_TRUE(change) << change.error().message;
    auto next = snapshot.with(*change);
    ASSERT_TRUE(next) << next.error().message;
    snapshot = std::move(*next);
  }

  // The secret of a new key.
  std::string issue(Key draft, std::string* id) {
    auto issued = create_key(snapshot, std::move(draft), now);
    EXPECT_TRUE(issued) << issued.error().message;
    if (!issued) return {};
    if (id) *id = issued->id;
    snapshot = *snapshot.with(issued->change);
    return issued->secret.reveal();
  }

  // The request's views point into the question, which is kept.
  Request request(Question question) {
    asked_ = std::move(question);
    fields_.clear();
    for (const auto& [name, value] : asked_.headers) fields_.push_back({name, value});
    Request out{.method = asked_.method,
                .host = asked_.host,
                .target = asked_.target,
                .headers = fields_,
                .client = parse_address(asked_.client).value_or(Address{}),
                .secure = asked_.secure};
    if (asked_.key) out.key = *asked_.key;
    return out;
  }
  Decision ask(Question question) {
    return decide(snapshot, request(std::move(question)), Instant(now), limits);
  }

  const base::Time now = *base::parse_rfc3339("2026-11-21T12:00:00Z");
  Snapshot snapshot;
  Limits limits;
  std::string good, good_id, test_key;

 private:
  Question asked_;
  std::vector<Field> fields_;
};

}  // namespace locksmith::authority

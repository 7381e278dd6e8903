// decide() against its documentation (decide_model.hpp), over random policies, keys and requests.
//   LOCKSMITH_CASES=5000000 authority_tests --gtest_filter='*Model*'    # millions
#include "authority/decide_model.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "authority/decide.hpp"
#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/snapshot.hpp"

namespace locksmith::authority {
namespace {

using model::Question;
using model::SamplePath;
using Strings = std::vector<std::string>;

constexpr std::int64_t start = 1'795'262'400;  // 2026-11-21T12:00:00Z

const std::vector<SamplePath> paths{
    {"/v1/orders", true, {"v1", "orders"}},
    {"/v1/orders/", true, {"v1", "orders"}},
    {"/v1/orders?x=1", true, {"v1", "orders"}},
    {"/v1/orders/7", true, {"v1", "orders", "7"}},
    {"/v1/orders/7/lines?a=/b", true, {"v1", "orders", "7", "lines"}},
    {"/v1/%6frders/7", true, {"v1", "orders", "7"}},
    {"/v1/reports", true, {"v1", "reports"}},
    {"/v2/orders", true, {"v2", "orders"}},
    {"/health", true, {"health"}},
    {"/", true, {}},
    {"/v1//orders", false, {}},
    {"/v1/../admin", false, {}},
    {"/v1/orders/%2e%2e", false, {}},
    {"/v1/orders%2f7", false, {}},
    {"/v1;x/orders", false, {}},
};
const Strings patterns{"/v1/orders", "/v1/orders/{id}",   "/v1/orders/**",
                       "/v1/**",     "/v1/{kind}/7",      "/health",
                       "/**",        "/{version}/orders", "/"};
const Strings methods{"GET", "POST", "DELETE", "HEAD"};
const Strings scopes{"orders:read", "orders:write", "reports:read"};
const Strings granted_scopes{"orders:read", "orders:write", "orders:*", "reports:read",
                             "*",           "orders"};
const Strings hosts{"a.example.com", "b.example.com", "c.example.com"};
const Strings origins{"https://app.example.com", "https://other.example.com"};
const Strings environments{"live", "test"};
const Strings plans{"free", "paid"};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[below(list.size())];
  }
  template <class T>
  std::vector<T> some(const std::vector<T>& list, std::size_t most) {
    std::vector<T> out;
    for (std::size_t n = below(most + 1); n > 0; --n) out.push_back(of(list));
    return out;
  }
  // Rates that take whole microseconds per request, as the model counts them.
  Rate rate() {
    return {static_cast<std::uint32_t>(std::vector{1, 2, 5, 10}[below(4)]),
            std::chrono::seconds(std::vector{1, 10, 60}[below(3)]),
            static_cast<std::uint32_t>(below(4))};
  }
  std::optional<base::Time> time() {
    if (!one_in(4)) return {};
    return base::Time(std::chrono::seconds(start - 300 + static_cast<std::int64_t>(below(600))));
  }

 private:
  std::mt19937_64 engine_;
};

Policy random_policy(Random& random) {
  Policy out;
  out.environments = {{"live", "lks_live_"}, {"test", "lks_test_"}};
  out.placements = {{Placement::Kind::header, "authorization", "Bearer"}};
  for (const std::string& name : plans) {
    Plan plan{name, {}, {}};
    if (random.one_in(3)) plan.rate = random.rate();
    if (random.one_in(3)) plan.quota = Quota{random.below(30), Quota::Period::day};
    out.plans.push_back(plan);
  }
  if (random.one_in(2)) out.default_plan = "free";
  out.require_tls = random.one_in(4);
  for (std::size_t n = random.below(4); n > 0; --n) {
    Api api{.name = "api" + std::to_string(n), .hosts = random.some(hosts, 2)};
    if (random.one_in(2)) api.environment = random.of(environments);
    api.unlisted_allowed = random.one_in(2);
    for (std::size_t rows = random.below(5); rows > 0; --rows) {
      Endpoint row{.methods = random.some(methods, 2), .path = random.of(patterns)};
      row.open = random.one_in(8);
      if (!row.open) row.scopes = random.some(scopes, 2);
      if (!row.open && random.one_in(4)) row.plans = {random.of(plans)};
      api.endpoints.push_back(row);
    }
    out.apis.push_back(api);
  }
  return out;
}

Account random_account(Random& random, std::size_t number) {
  Account out{.id = "acct_" + std::to_string(number), .name = "A"};
  if (random.one_in(5)) out.state = AccountState::suspended;
  if (random.one_in(2)) out.plan = random.of(plans);
  if (random.one_in(4)) out.rate = random.rate();
  if (random.one_in(4)) out.quota = Quota{random.below(30), Quota::Period::day};
  return out;
}

Grant random_grant(Random& random) {
  Grant out{.scopes = random.some(granted_scopes, 3)};
  if (random.one_in(4)) {
    for (const std::string& path : random.some(patterns, 2))
      out.endpoints.push_back(random.one_in(2) ? path : random.of(methods) + " " + path);
  }
  if (random.one_in(4)) out.methods = random.some(methods, 2);
  if (random.one_in(4)) {
    const unsigned bits = 24 + static_cast<unsigned>(random.below(9));
    const auto last = static_cast<unsigned>(random.below(256)) & (0xff00u >> (bits - 24)) & 0xffu;
    out.addresses.push_back(
        *parse_cidr("192.0.2." + std::to_string(last) + "/" + std::to_string(bits)));
  }
  if (random.one_in(4)) out.origins = random.some(origins, 1);
  return out;
}

Key random_key(Random& random, std::size_t number, const std::string& secret) {
  Key out{.id = "key_" + std::to_string(number),
          .account = "acct_" + std::to_string(random.below(3)),
          .environment = random.of(environments),
          .digest = digest_of(secret),
          .grant = random_grant(random)};
  if (random.one_in(4)) out.rate = random.rate();
  out.not_before = random.time();
  out.expires = random.time();
  if (random.one_in(3)) out.state = static_cast<KeyState>(random.below(4));
  if (out.state == KeyState::rotated) out.grace_until = random.time();
  return out;
}

struct Worlds {
  model::World model;
  Snapshot snapshot;
  Strings secrets;  // of keys, then one of each environment that no key has
};

Worlds random_world(Random& random) {
  Worlds out;
  out.model.policy = random_policy(random);
  std::vector<Account> accounts;
  std::vector<Key> keys;
  for (std::size_t i = 0; i < 3; ++i) {
    accounts.push_back(random_account(random, i));
    out.model.accounts[accounts.back().id] = accounts.back();
  }
  for (std::size_t i = 0; i < 10; ++i) {
    out.secrets.push_back(make_secret("lks_live_").reveal());
    keys.push_back(random_key(random, i, out.secrets.back()));
    out.model.keys[out.secrets.back()] = keys.back();
  }
  out.snapshot = Snapshot::make(out.model.policy, accounts, keys).value();
  for (const auto& [environment, prefix] : out.model.policy.environments)
    out.secrets.push_back(make_secret(prefix).reveal());
  return out;
}

Question random_question(Random& random, const Worlds& worlds, std::int64_t at) {
  Question out{.method = random.one_in(12) ? "" : random.of(methods),
               .host = random.of(hosts),
               .path = random.of(paths)};
  const std::size_t which = random.below(worlds.secrets.size() + 1);
  if (which < worlds.secrets.size()) {
    out.secret = worlds.secrets[which];
    out.secret_environment = which + 1 == worlds.secrets.size() ? "test" : "live";
  }
  if (!random.one_in(8)) out.client = static_cast<unsigned>(random.below(256));
  if (random.one_in(2)) out.origin = random.of(origins);
  if (random.one_in(4)) out.scopes = random.some(scopes, 2);
  out.secure = !random.one_in(6);
  out.at = at;
  return out;
}

Decision decide(const Worlds& worlds, const Question& question, bool in_header, Limits& limits) {
  const std::string header = "Bearer " + question.secret;
  std::vector<Field> fields;
  if (!question.origin.empty()) fields.push_back({"Origin", question.origin});
  if (in_header && !question.secret.empty()) fields.push_back({"Authorization", header});
  const std::vector<std::string_view> wanted(question.scopes.begin(), question.scopes.end());
  Request request{.method = question.method,
                  .host = question.host,
                  .target = question.path.sent,
                  .headers = fields,
                  .secure = question.secure,
                  .scopes = wanted};
  if (question.client)
    request.client = *parse_address("192.0.2." + std::to_string(*question.client));
  if (!in_header && !question.secret.empty()) request.key = question.secret;
  return decide(worlds.snapshot, request, Instant(std::chrono::microseconds(question.at)), limits);
}

std::string told(const std::string& cause, const Strings& failed, bool retiring) {
  std::string out = cause.empty() ? "allowed" : cause;
  for (const std::string& each : failed) out += " " + each;
  return out + (retiring ? " retiring" : "");
}

std::string told(const Decision& decision) {
  Strings failed;
  for (std::size_t i = 0; i < check_count; ++i) {
    if (decision.failed[i]) failed.emplace_back(slug(decision.causes[i]));
  }
  return told(std::string(slug(decision.cause)), failed, decision.retiring);
}

std::string shown(const Question& q) {
  return q.method + " " + q.host + q.path.sent + " from " + std::to_string(q.client.value_or(999)) +
         " at " + std::to_string(q.at);
}

TEST(DecideModelTest, AgreesWithTheDocumentation) {
  const char* wanted = std::getenv("LOCKSMITH_CASES");
  const long cases = wanted ? std::atol(wanted) : 30'000;
  constexpr int per_world = 400;
  std::map<std::string, long> seen;
  for (long world = 0; world < cases / per_world; ++world) {
    Random random(static_cast<std::uint64_t>(world));
    const Worlds worlds = random_world(random);
    model::Model model(worlds.model);
    Limits limits;
    std::int64_t at = (start - 300) * 1'000'000;
    for (int i = 0; i < per_world; ++i) {
      at += static_cast<std::int64_t>(random.below(random.one_in(10) ? 10'000'000 : 700'000));
      const Question question = random_question(random, worlds, at);
      const auto expected = model.answer(question);
      const Decision decision = decide(worlds, question, random.one_in(2), limits);
      ASSERT_EQ(told(decision), told(expected.cause, expected.failed, expected.retiring))
          << "world " << world << ", request " << i << ": " << shown(question);
      ++seen[expected.cause];
    }
  }
  // A generator that reaches no more than a few causes proves nothing.
  EXPECT_EQ(seen.size(), 18u);
  for (const auto& [cause, count] : seen) EXPECT_GT(count, cases / 20'000) << cause;
}

}  // namespace
}  // namespace locksmith::authority

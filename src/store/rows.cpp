#include "store/rows.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

namespace locksmith::store {
namespace {

namespace json = boost::json;
using authority::Account;
using authority::AccountState;
using authority::Cidr;
using authority::Key;
using authority::KeyState;
using authority::Quota;
using authority::Rate;

constexpr std::size_t remembered_lists = 10'000;

std::string to_json(const std::vector<std::string>& list) {
  if (list.empty()) return "";
  return json::serialize(json::value_from(list));
}

std::string to_json(const std::vector<Cidr>& blocks) {
  if (blocks.empty()) return "";
  json::array list;
  for (const Cidr& block : blocks) list.emplace_back(block.text());
  return json::serialize(list);
}

std::optional<std::int64_t> seconds(const std::optional<base::Time>& time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

std::optional<base::Time> time(const Statement& row, int column) {
  const auto number = row.optional_number(column);
  if (!number) return std::nullopt;
  return base::Time(std::chrono::seconds(*number));
}

void bind_rate(Statement& statement, const std::optional<Rate>& rate) {
  if (!rate) {
    statement.bind_null().bind_null().bind_null();
    return;
  }
  statement.bind(std::int64_t{rate->requests})
      .bind(std::int64_t{rate->period.count()})
      .bind(std::int64_t{rate->burst});
}

std::optional<Rate> rate(const Statement& row, int column) {
  const auto requests = row.optional_number(column);
  if (!requests) return std::nullopt;
  return Rate{static_cast<std::uint32_t>(*requests), std::chrono::seconds(row.number(column + 1)),
              static_cast<std::uint32_t>(row.number(column + 2))};
}

std::unexpected<Error> damaged(std::string_view id, std::string_view what) {
  return fail(ErrorCode::unreadable, fmt::format("the store's row of {} has {}", id, what),
              "put back a copy that `locksmith backup` made");
}

// All but `id` is replaced.
constexpr std::string_view put_account =
    "INSERT INTO accounts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
    "name = excluded.name, state = excluded.state, reason = excluded.reason, "
    "since = excluded.since, plan = excluded.plan, rate_requests = excluded.rate_requests, "
    "rate_period_s = excluded.rate_period_s, rate_burst = excluded.rate_burst, "
    "quota_requests = excluded.quota_requests, quota_period = excluded.quota_period, "
    "metadata = excluded.metadata, created = excluded.created";
constexpr std::string_view put_key =
    "INSERT INTO keys VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
    "ON CONFLICT (id) DO UPDATE SET "
    "account = excluded.account, name = excluded.name, environment = excluded.environment, "
    "sha256 = excluded.sha256, hint = excluded.hint, scopes = excluded.scopes, "
    "endpoints = excluded.endpoints, methods = excluded.methods, addresses = excluded.addresses, "
    "origins = excluded.origins, rate_requests = excluded.rate_requests, "
    "rate_period_s = excluded.rate_period_s, rate_burst = excluded.rate_burst, "
    "not_before = excluded.not_before, expires = excluded.expires, state = excluded.state, "
    "reason = excluded.reason, since = excluded.since, successor = excluded.successor, "
    "grace_until = excluded.grace_until, finish_when_unused_s = excluded.finish_when_unused_s, "
    "leak_url = excluded.leak_url, metadata = excluded.metadata, created = excluded.created";

std::optional<KeyState> key_state(std::string_view text) {
  for (const auto state :
       {KeyState::active, KeyState::revoked, KeyState::rotated, KeyState::leaked}) {
    if (word(state) == text) return state;
  }
  return std::nullopt;
}

}  // namespace

// The order is that of the tables, and of put_account and put_key.
const char* const select_accounts = "SELECT * FROM accounts ORDER BY rowid";
const char* const select_keys = "SELECT * FROM keys ORDER BY rowid";

std::string_view word(AccountState state) {
  return state == AccountState::active ? "active" : "suspended";
}

std::string_view word(KeyState state) {
  switch (state) {
    case KeyState::active:
      return "active";
    case KeyState::revoked:
      return "revoked";
    case KeyState::rotated:
      return "rotated";
    case KeyState::leaked:
      return "leaked";
  }
  return "active";
}

Result<void> write_account(Database& database, const Account& account) {
  auto put = database.prepare(put_account);
  if (!put) return std::unexpected(put.error());
  put->bind(account.id).bind(account.name).bind(word(account.state)).bind(account.reason);
  put->bind(seconds(account.since)).bind(account.plan);
  bind_rate(*put, account.rate);
  if (account.quota) {
    put->bind(static_cast<std::int64_t>(account.quota->requests));
    put->bind(account.quota->period == Quota::Period::day ? "day" : "month");
  } else {
    put->bind_null().bind_null();
  }
  put->bind(account.metadata).bind(seconds(account.created));
  return put->run();
}

Result<void> write_key(Database& database, const Key& key) {
  auto put = database.prepare(put_key);
  if (!put) return std::unexpected(put.error());
  const std::string scopes = to_json(key.grant.scopes), endpoints = to_json(key.grant.endpoints),
                    methods = to_json(key.grant.methods), addresses = to_json(key.grant.addresses),
                    origins = to_json(key.grant.origins);
  put->bind(key.id).bind(key.account).bind(key.name).bind(key.environment);
  put->bind_bytes(key.digest).bind(key.hint);
  put->bind(scopes).bind(endpoints).bind(methods).bind(addresses).bind(origins);
  bind_rate(*put, key.rate);
  put->bind(seconds(key.not_before)).bind(seconds(key.expires));
  put->bind(word(key.state)).bind(key.reason).bind(seconds(key.since)).bind(key.successor);
  put->bind(seconds(key.grace_until)).bind(std::int64_t{key.finish_when_unused.count()});
  put->bind(key.leak_url).bind(key.metadata).bind(seconds(key.created));
  return put->run();
}

Result<Account> RowReader::account(const Statement& row) {
  Account account;
  account.id = row.text(0);
  account.name = row.text(1);
  account.state = row.text(2) == "active" ? AccountState::active : AccountState::suspended;
  account.reason = row.text(3);
  account.since = time(row, 4);
  account.plan = row.text(5);
  account.rate = rate(row, 6);
  if (const auto requests = row.optional_number(9)) {
    account.quota = Quota{static_cast<std::uint64_t>(*requests),
                          row.text(10) == "day" ? Quota::Period::day : Quota::Period::month};
  }
  account.metadata = row.text(11);
  account.created = time(row, 12).value_or(base::Time{});
  return account;
}

Result<Key> RowReader::key(const Statement& row) {
  Key key;
  key.id = row.text(0);
  key.account = row.text(1);
  key.name = row.text(2);
  key.environment = row.text(3);
  const auto digest = row.bytes(4);
  if (digest.size() != key.digest.size()) return damaged(key.id, "a SHA-256 of another size");
  std::copy(digest.begin(), digest.end(), key.digest.begin());
  key.hint = row.text(5);
  std::array<std::vector<std::string>*, 3> lists{&key.grant.scopes, &key.grant.endpoints,
                                                 &key.grant.methods};
  for (int i = 0; i < 3; ++i) {
    const auto* read = list(row.text(6 + i));
    if (!read) return damaged(key.id, "a list that is not JSON");
    *lists[static_cast<std::size_t>(i)] = *read;
  }
  const auto* addresses = blocks(row.text(9));
  const auto* origins = list(row.text(10));
  // An empty list does not restrict: one that cannot be read must not be taken for it.
  if (!addresses) return damaged(key.id, "addresses that cannot be read");
  if (!origins) return damaged(key.id, "a list that is not JSON");
  key.grant.addresses = *addresses;
  key.grant.origins = *origins;
  key.rate = rate(row, 11);
  key.not_before = time(row, 14);
  key.expires = time(row, 15);
  const auto state = key_state(row.text(16));
  if (!state) return damaged(key.id, "an unknown state");
  key.state = *state;
  key.reason = row.text(17);
  key.since = time(row, 18);
  key.successor = row.text(19);
  key.grace_until = time(row, 20);
  key.finish_when_unused = std::chrono::seconds(row.number(21));
  key.leak_url = row.text(22);
  key.metadata = row.text(23);
  key.created = time(row, 24).value_or(base::Time{});
  return key;
}

const std::vector<std::string>* RowReader::list(std::string_view text) {
  const auto known = lists_.find(text);
  if (known != lists_.end()) return &known->second;
  std::vector<std::string> items;
  if (!text.empty()) {
    json::error_code error;
    const json::value parsed = json::parse({text.data(), text.size()}, error);
    if (error || !parsed.is_array()) return nullptr;
    for (const json::value& item : parsed.get_array()) {
      if (!item.is_string()) return nullptr;
      items.emplace_back(item.get_string());
    }
  }
  if (lists_.size() >= remembered_lists) lists_.clear();
  return &lists_.emplace(text, std::move(items)).first->second;
}

const std::vector<Cidr>* RowReader::blocks(std::string_view text) {
  const auto known = blocks_.find(text);
  if (known != blocks_.end()) return &known->second;
  const auto* items = list(text);
  if (!items) return nullptr;
  std::vector<Cidr> read;
  for (const std::string& item : *items) {
    const auto block = authority::parse_cidr(item);
    if (!block) return nullptr;
    read.push_back(*block);
  }
  if (blocks_.size() >= remembered_lists) blocks_.clear();
  return &blocks_.emplace(text, std::move(read)).first->second;
}

}  // namespace locksmith::store

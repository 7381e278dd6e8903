// What is recorded in batches: decisions, uses of keys, quota counters.
#include <fmt/format.h>

#include <algorithm>

#include "store/sqlite_store.hpp"

namespace locksmith::store {
namespace {

constexpr std::string_view decision_columns =
    "id, at_us, cause, key, account, method, host, path, client, user_agent, policy, trace";

// An id that is there already stays what it was: one that came twice must not cost the batch.
Result<void> write_decision(Database& database, const DecisionRecord& record) {
  auto put = database.prepare(
      "INSERT INTO decisions (id, at_us, cause, key, account, method, host, path, client, "
      "user_agent, policy, trace) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING");
  if (!put) return std::unexpected(put.error());
  put->bind(record.id).bind(record.at_us).bind(record.cause).bind(record.key);
  put->bind(record.account).bind(record.method).bind(record.host).bind(record.path);
  put->bind(record.client).bind(record.user_agent).bind(std::int64_t{record.policy});
  put->bind(record.trace);
  return put->run();
}

Result<void> write_use(Database& database, const Use& use) {
  auto put = database.prepare(
      "INSERT INTO uses VALUES (?,?,?,?,?) ON CONFLICT (key, client, user_agent) DO UPDATE SET "
      "count = count + excluded.count, last_us = max(last_us, excluded.last_us)");
  if (!put) return std::unexpected(put.error());
  put->bind(use.key).bind(use.client).bind(use.user_agent);
  put->bind(static_cast<std::int64_t>(use.count)).bind(use.last_us);
  return put->run();
}

DecisionRecord read_decision(const Statement& row) {
  DecisionRecord record;
  record.id = row.text(0);
  record.at_us = row.number(1);
  record.cause = row.text(2);
  record.key = row.text(3);
  record.account = row.text(4);
  record.method = row.text(5);
  record.host = row.text(6);
  record.path = row.text(7);
  record.client = row.text(8);
  record.user_agent = row.text(9);
  record.policy = static_cast<std::uint32_t>(row.number(10));
  record.trace = row.text(11);
  return record;
}

// Only the conditions that are asked for, so that each has its index; the texts are few.
std::string query(const DecisionFilter& filter) {
  std::string sql =
      fmt::format("SELECT {} FROM decisions WHERE at_us >= ? AND at_us < ?", decision_columns);
  if (!filter.key.empty()) sql += " AND key <> '' AND key = ?";
  if (!filter.account.empty()) sql += " AND account = ?";
  if (!filter.cause.empty()) sql += " AND cause <> '' AND cause = ?";
  if (filter.allowed) sql += *filter.allowed ? " AND cause = ''" : " AND cause <> ''";
  if (!filter.before.empty()) sql += " AND (at_us, number) < (?, ?)";
  return sql + " ORDER BY at_us DESC, number DESC LIMIT ?";
}

struct Place {
  std::int64_t at_us = 0;
  std::int64_t number = 0;
};
Result<Place> place_of(Database& database, std::string_view id) {
  auto row = database.prepare("SELECT at_us, number FROM decisions WHERE id = ?");
  if (!row) return std::unexpected(row.error());
  const auto found = row->bind(id).step();
  if (!found) return std::unexpected(found.error());
  if (*found) return Place{row->number(0), row->number(1)};
  return fail(ErrorCode::usage, fmt::format("there is no decision {} to go on from", id),
              "it may have been forgotten meanwhile: begin with the first page");
}

// The last use of a key stays, however old: "not used for a year" is worth knowing.
constexpr std::string_view forget_uses =
    "DELETE FROM uses WHERE (key, client, user_agent) IN (SELECT key, client, user_agent FROM uses "
    "AS old WHERE last_us < ? AND EXISTS (SELECT 1 FROM uses AS newer WHERE newer.key = old.key "
    "AND newer.last_us > old.last_us) LIMIT ?)";
constexpr std::string_view forget_decisions =
    "DELETE FROM decisions WHERE number IN "
    "(SELECT number FROM decisions WHERE at_us < ? ORDER BY at_us LIMIT ?)";
// By number, not by a count: that would read millions of rows each time. Gaps between numbers only
// make fewer stay.
constexpr std::string_view forget_most =
    "DELETE FROM decisions WHERE number IN (SELECT number FROM decisions WHERE "
    "number <= (SELECT max(number) FROM decisions) - ? ORDER BY number LIMIT ?)";
// Periods are "2026-11" or "2026-11-21".
constexpr std::string_view forget_counters =
    "DELETE FROM counters WHERE period < "
    "substr(strftime('%Y-%m-%d', ? / 1000000, 'unixepoch'), 1, length(period))";

Result<std::size_t> forget_some(Database& database, std::string_view sql, std::int64_t until_us,
                                std::size_t limit) {
  auto work = database.prepare(sql);
  if (!work) return std::unexpected(work.error());
  work->bind(until_us).bind(static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
  if (auto done = work->run(); !done) return std::unexpected(done.error());
  return database.changes();
}

}  // namespace

Result<void> SqliteStore::record(std::span<const DecisionRecord> decisions,
                                 std::span<const Use> uses) {
  if (decisions.empty() && uses.empty()) return {};
  return writer_.run([&](Database& database) -> Result<void> {
    for (const DecisionRecord& record : decisions) {
      if (auto done = write_decision(database, record); !done) return done;
    }
    for (const Use& use : uses) {
      if (auto done = write_use(database, use); !done) return done;
    }
    return {};
  });
}

Result<std::optional<DecisionRecord>> SqliteStore::decision(std::string_view id) {
  const std::lock_guard held(reading_);
  auto row =
      reader_->prepare(fmt::format("SELECT {} FROM decisions WHERE id = ?", decision_columns));
  if (!row) return std::unexpected(row.error());
  const auto found = row->bind(id).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return read_decision(*row);
}

Result<std::vector<DecisionRecord>> SqliteStore::decisions(const DecisionFilter& filter) {
  const std::lock_guard held(reading_);
  Place before;
  if (!filter.before.empty()) {
    const auto found = place_of(*reader_, filter.before);
    if (!found) return std::unexpected(found.error());
    before = *found;
  }
  auto rows = reader_->prepare(query(filter));
  if (!rows) return std::unexpected(rows.error());
  rows->bind(filter.from_us).bind(filter.until_us);
  for (const std::string* text : {&filter.key, &filter.account, &filter.cause}) {
    if (!text->empty()) rows->bind(*text);
  }
  if (!filter.before.empty()) rows->bind(before.at_us).bind(before.number);
  rows->bind(static_cast<std::int64_t>(std::min<std::size_t>(filter.limit, INT64_MAX)));
  std::vector<DecisionRecord> found;
  auto row = rows->step();
  for (; row && *row; row = rows->step()) found.push_back(read_decision(*rows));
  if (!row) return std::unexpected(row.error());
  return found;
}

Result<std::vector<Use>> SqliteStore::uses(std::string_view key) {
  const std::lock_guard held(reading_);
  auto rows = reader_->prepare(
      "SELECT key, client, user_agent, count, last_us FROM uses WHERE key = ? "
      "ORDER BY last_us DESC");
  if (!rows) return std::unexpected(rows.error());
  rows->bind(key);
  std::vector<Use> found;
  auto row = rows->step();
  for (; row && *row; row = rows->step()) {
    found.push_back({std::string(rows->text(0)), std::string(rows->text(1)),
                     std::string(rows->text(2)), static_cast<std::uint64_t>(rows->number(3)),
                     rows->number(4)});
  }
  if (!row) return std::unexpected(row.error());
  return found;
}

Result<std::size_t> SqliteStore::forget(std::int64_t until_us, std::size_t limit) {
  std::size_t forgotten = 0;
  auto done = writer_.run([&](Database& database) -> Result<void> {
    forgotten = 0;
    for (const std::string_view sql : {forget_decisions, forget_uses}) {
      const auto some = forget_some(database, sql, until_us, limit - forgotten);
      if (!some) return std::unexpected(some.error());
      forgotten += *some;
    }
    auto counters = database.prepare(forget_counters);
    if (!counters) return std::unexpected(counters.error());
    return counters->bind(until_us).run();
  });
  if (!done) return std::unexpected(done.error());
  return forgotten;
}

Result<std::size_t> SqliteStore::forget_beyond(std::size_t most, std::size_t limit) {
  std::size_t forgotten = 0;
  auto done = writer_.run([&](Database& database) -> Result<void> {
    const auto some = forget_some(database, forget_most, static_cast<std::int64_t>(most), limit);
    if (!some) return std::unexpected(some.error());
    forgotten = *some;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return forgotten;
}

Result<void> SqliteStore::save_counters(std::span<const Counter> counters) {
  if (counters.empty()) return {};
  return writer_.run([&](Database& database) -> Result<void> {
    for (const Counter& counter : counters) {
      auto put = database.prepare(
          "INSERT INTO counters VALUES (?,?,?) "
          "ON CONFLICT (id, period) DO UPDATE SET used = excluded.used");
      if (!put) return std::unexpected(put.error());
      put->bind(counter.id).bind(counter.period).bind(static_cast<std::int64_t>(counter.used));
      if (auto done = put->run(); !done) return done;
    }
    return {};
  });
}

Result<std::vector<Store::Counter>> SqliteStore::counters() {
  const std::lock_guard held(reading_);
  auto rows = reader_->prepare("SELECT id, period, used FROM counters");
  if (!rows) return std::unexpected(rows.error());
  std::vector<Counter> found;
  auto row = rows->step();
  for (; row && *row; row = rows->step()) {
    found.push_back({std::string(rows->text(0)), std::string(rows->text(1)),
                     static_cast<std::uint64_t>(rows->number(2))});
  }
  if (!row) return std::unexpected(row.error());
  return found;
}

}  // namespace locksmith::store

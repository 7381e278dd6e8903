#include "store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace locksmith::store {
namespace {

// A person with the sqlite3 shell may hold the file for a moment.
constexpr int busy_timeout_ms = 2000;

struct Words {
  std::string fact;
  std::string hint;
};

constexpr std::string_view still_answered = "keys that are loaded go on being checked from memory";

Words disk_words(const std::string& path, int extended, int system_error) {
  if ((extended & 0xff) == SQLITE_FULL || system_error == ENOSPC) {
    return {fmt::format("{} cannot grow: the disk is full; nothing of this was written", path),
            fmt::format("make room on that disk; {}", still_answered)};
  }
  return {fmt::format("{}: the disk reports: {}", path,
                      system_error ? std::strerror(system_error) : sqlite3_errstr(extended)),
          fmt::format("look at the disk and at its mount; {}", still_answered)};
}

Words constraint_words(int extended, const char* detail) {
  if (extended == SQLITE_CONSTRAINT_FOREIGNKEY) {
    return {"a key names an account that does not exist", "create the account first"};
  }
  const std::string_view text = detail;
  if (text.find("keys.sha256") != text.npos) {
    return {"another key has the same SHA-256", "each secret belongs to one key"};
  }
  return {fmt::format("the store refuses what would break its rules: {}", detail), ""};
}

Words words(const std::string& path, int extended, int system_error, const char* detail) {
  switch (extended & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return disk_words(path, extended, system_error);
    case SQLITE_CONSTRAINT:
      return constraint_words(extended, detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {fmt::format("{} is locked by another program", path),
              "a shell (sqlite3) with an open transaction, or a copy being made: end it"};
    case SQLITE_CORRUPT:
      return {fmt::format("{} is damaged: {}", path, detail),
              "put back a copy that `locksmith backup` made, or try: sqlite3 FILE .recover"};
    case SQLITE_NOTADB:
      return {fmt::format("{} is not a SQLite database", path),
              "name another file in locksmith.toml, or put back a backup"};
    case SQLITE_READONLY:
      return {fmt::format("{} may not be written", path),
              "its folder and the files beside it (-wal, -shm) must belong to the same user"};
    case SQLITE_CANTOPEN:
      return {fmt::format("cannot open {}: {}", path,
                          system_error ? std::strerror(system_error) : detail),
              "the folder must exist and be writable"};
    default:
      return {fmt::format("{}: {}", path, detail), ""};
  }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(other.statement_), bound_(other.bound_) {
  other.statement_ = nullptr;
}

Statement::~Statement() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Statement& Statement::bind(std::string_view text) {
  // Not a null pointer: that would be NULL, not the empty text.
  sqlite3_bind_text64(statement_, ++bound_, text.data() ? text.data() : "", text.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  sqlite3_bind_int64(statement_, ++bound_, number);
  return *this;
}

Statement& Statement::bind_bytes(std::span<const std::uint8_t> bytes) {
  sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null() {
  sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& number) {
  return number ? bind(*number) : bind_null();
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->failure(code);
}

Result<void> Statement::run() {
  const auto stepped = step();
  sqlite3_reset(statement_);
  bound_ = 0;
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (!text) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access) {
  // A path that begins with "file:" or ":" would mean something else to SQLite.
  const std::string name = path.starts_with('/') ? path : "./" + path;
  const int flags = access == Access::read_only    ? SQLITE_OPEN_READONLY
                    : access == Access::read_write ? SQLITE_OPEN_READWRITE
                                                   : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<Database> database(new Database(path, handle));
  if (code != SQLITE_OK) return database->failure(code);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  // Neither a file nor a statement that came from elsewhere may do more than hold data.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return Statement(*this, known->second);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(code);
  statements_.emplace(sql, statement);
  return Statement(*this, statement);
}

Result<std::int64_t> Database::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->number(0) : 0;
}

std::size_t Database::changes() const {
  return static_cast<std::size_t>(sqlite3_changes64(handle_));
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::unexpected<Error> Database::failure(int code) const {
  if (!handle_) return fail(ErrorCode::unreadable, "no memory for the store");
  const int extended = (code & 0xff) == code ? sqlite3_extended_errcode(handle_) : code;
  const Words said = words(path_, extended, sqlite3_system_errno(handle_), sqlite3_errmsg(handle_));
  const bool own_fault = (code & 0xff) == SQLITE_CONSTRAINT;
  return fail(own_fault ? ErrorCode::usage : ErrorCode::unreadable, said.fact, said.hint);
}

}  // namespace locksmith::store

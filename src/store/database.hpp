// SQLite's C interface with results instead of codes: what this store needs of it and no more.
// A connection is used by one thread at a time; whoever shares one holds a mutex.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace locksmith::store {

class Database;

// A prepared statement, bound from left to right and stepped. Reset when it goes out of scope, so
// that it holds no read transaction open.
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  Statement& bind(std::string_view text);  // must outlive the steps
  Statement& bind(std::int64_t number);
  Statement& bind_bytes(std::span<const std::uint8_t> bytes);  // must outlive the steps
  Statement& bind_null();
  Statement& bind(const std::optional<std::int64_t>& number);

  Result<bool> step();  // true: there is a row
  Result<void> run();   // for a statement without rows; may be bound anew afterwards

  std::string_view text(int column) const;  // until the next step
  std::int64_t number(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;
  std::span<const std::uint8_t> bytes(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* statement)
      : database_(&database), statement_(statement) {}

  Database* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

class Database {
 public:
  enum class Access { read_only, read_write, create };
  static Result<std::unique_ptr<Database>> open(const std::string& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // One or more statements without parameters.
  Result<void> execute(const char* sql);
  // Prepared once for each text, and kept.
  Result<Statement> prepare(std::string_view sql);
  // The only value of the only row.
  Result<std::int64_t> number(std::string_view sql);

  bool in_transaction() const;
  std::size_t changes() const;  // rows that the last statement changed
  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_; }
  // What went wrong last, in words.
  std::unexpected<Error> failure(int code) const;

 private:
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  sqlite3* handle_;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

}  // namespace locksmith::store

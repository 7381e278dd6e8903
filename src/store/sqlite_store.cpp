// Opening, accounts and keys, audit log, copies. What is recorded of decisions: sqlite_records.cpp.
#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/rows.hpp"
#include "store/schema.hpp"

namespace locksmith::store {
namespace {

// Asking costs a sync of the disk: who asks more often than this gets the last good answer.
constexpr std::chrono::seconds health_is_fresh{1};

// FULL: in WAL mode every commit is synced (https://www.sqlite.org/pragma.html#pragma_synchronous).
constexpr const char* settings_for_writing =
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864; "
    "PRAGMA cache_size = -16384";

// The indexes of so many new keys get new entries everywhere: without room for them in memory pages
// are written and read again and again.
constexpr std::size_t many_keys = 20'000;

// SQLite would create the file with the umask's permissions. Those beside it follow this one's.
Result<void> create_privately(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  if (file >= 0 || errno == EEXIST) return {};
  return fail(ErrorCode::unreadable,
              fmt::format("cannot create {}: {}", path, std::strerror(errno)),
              "the store's folder must exist and be writable");
}

Result<std::unique_ptr<Database>> open_for_writing(const std::string& path) {
  auto database = Database::open(path, Database::Access::read_write);
  if (!database) return database;
  Database& opened = **database;
  // Told apart before anything is changed: somebody else's file stays as it is.
  if (auto usable = check_version(opened, schema_steps()); !usable) {
    return std::unexpected(usable.error());
  }
  if (auto set = opened.execute("PRAGMA journal_mode = WAL"); !set) {
    return std::unexpected(set.error());
  }
  if (auto set = opened.execute(settings_for_writing); !set) return std::unexpected(set.error());
  if (auto migrated = migrate(opened, schema_steps()); !migrated) {
    return std::unexpected(migrated.error());
  }
  return database;
}

Result<void> write_audit(Database& database, const authority::Change& change, std::int64_t at_us,
                         std::string_view subject, std::string_view state,
                         std::string_view reason) {
  auto line = database.prepare(
      "INSERT INTO audit (at_us, actor, action, subject, state, reason) VALUES (?,?,?,?,?,?)");
  if (!line) return std::unexpected(line.error());
  line->bind(at_us).bind(change.actor).bind(change.action);
  line->bind(subject).bind(state).bind(reason);
  return line->run();
}

Result<void> write_change(Database& database, const authority::Change& change, std::int64_t at_us) {
  for (const authority::Account& account : change.accounts) {
    if (auto done = write_account(database, account); !done) return done;
    auto noted =
        write_audit(database, change, at_us, account.id, word(account.state), account.reason);
    if (!noted) return noted;
  }
  for (const authority::Key& key : change.keys) {
    if (auto done = write_key(database, key); !done) return done;
    auto noted = write_audit(database, change, at_us, key.id, word(key.state), key.reason);
    if (!noted) return noted;
  }
  return {};
}

// Both tables as of one moment.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& database) : database_(database) {}
  ~ReadTransaction() {
    if (database_.in_transaction()) (void)database_.execute("COMMIT");
  }
  ReadTransaction(const ReadTransaction&) = delete;
  Result<void> begin() { return database_.execute("BEGIN"); }

 private:
  Database& database_;
};

Result<void> read_accounts(Database& database, RowReader& reader, const Store::Sink& sink) {
  auto rows = database.prepare(select_accounts);
  if (!rows) return std::unexpected(rows.error());
  auto row = rows->step();
  for (; row && *row; row = rows->step()) {
    auto account = reader.account(*rows);
    if (!account) return std::unexpected(account.error());
    sink.account(std::move(*account));
  }
  if (!row) return std::unexpected(row.error());
  return {};
}

Result<void> read_keys(Database& database, RowReader& reader, const Store::Sink& sink) {
  auto rows = database.prepare(select_keys);
  if (!rows) return std::unexpected(rows.error());
  auto row = rows->step();
  for (; row && *row; row = rows->step()) {
    auto key = reader.key(*rows);
    if (!key) return std::unexpected(key.error());
    sink.key(std::move(*key));
  }
  if (!row) return std::unexpected(row.error());
  return {};
}

}  // namespace

SqliteStore::SqliteStore(LockFile lock, std::unique_ptr<Database> writing,
                         std::unique_ptr<Database> reading, FileIdentity identity)
    : path_(writing->path()),
      identity_(identity),
      lock_(std::move(lock)),
      writer_(std::move(writing)),
      reader_(std::move(reading)) {}

SqliteStore::FileIdentity SqliteStore::identity_of(const std::string& path) {
  // Never by opening it: closing any descriptor of the file drops the locks that SQLite holds
  // (https://www.sqlite.org/howtocorrupt.html, section 2.2).
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  return {facts.st_dev, facts.st_ino};
}

Result<std::unique_ptr<Store>> SqliteStore::open(const std::string& path) {
  auto lock = LockFile::take(path);
  if (!lock) return std::unexpected(lock.error());
  if (auto created = create_privately(path); !created) return std::unexpected(created.error());
  auto writing = open_for_writing(path);
  if (!writing) return std::unexpected(writing.error());
  auto reading = Database::open(path, Database::Access::read_only);
  if (!reading) return std::unexpected(reading.error());
  return std::unique_ptr<Store>(new SqliteStore(std::move(*lock), std::move(*writing),
                                                std::move(*reading), identity_of(path)));
}

Result<void> SqliteStore::each(const Sink& sink) {
  const std::lock_guard held(reading_);
  ReadTransaction transaction(*reader_);
  if (auto begun = transaction.begin(); !begun) return begun;
  RowReader reader;
  if (auto read = read_accounts(*reader_, reader, sink); !read) return read;
  return read_keys(*reader_, reader, sink);
}

Result<Everything> Store::load() {
  Everything all;
  const Sink sink{[&](authority::Account account) { all.accounts.push_back(std::move(account)); },
                  [&](authority::Key key) { all.keys.push_back(std::move(key)); }};
  if (auto read = each(sink); !read) return std::unexpected(read.error());
  return all;
}

Result<void> SqliteStore::apply(const authority::Change& change, std::int64_t at_us) {
  return writer_.run([&](Database& database) -> Result<void> {
    if (change.keys.size() < many_keys) return write_change(database, change, at_us);
    if (auto set = database.execute("PRAGMA cache_size = -262144"); !set) return set;
    auto done = write_change(database, change, at_us);
    if (auto set = database.execute("PRAGMA cache_size = -16384"); !set && done) return set;
    return done;
  });
}

Result<std::vector<AuditEntry>> SqliteStore::audit(std::string_view subject, std::size_t limit) {
  const std::lock_guard held(reading_);
  auto rows = reader_->prepare(
      subject.empty() ? "SELECT at_us, actor, action, subject, state, reason FROM audit "
                        "WHERE '' = ? ORDER BY number DESC LIMIT ?"
                      : "SELECT at_us, actor, action, subject, state, reason FROM audit "
                        "WHERE subject = ? ORDER BY number DESC LIMIT ?");
  if (!rows) return std::unexpected(rows.error());
  rows->bind(subject).bind(static_cast<std::int64_t>(limit));
  std::vector<AuditEntry> entries;
  auto row = rows->step();
  for (; row && *row; row = rows->step()) {
    entries.push_back({rows->number(0), std::string(rows->text(1)), std::string(rows->text(2)),
                       std::string(rows->text(3)), std::string(rows->text(4)),
                       std::string(rows->text(5))});
  }
  if (!row) return std::unexpected(row.error());
  return entries;
}

// Its own connection: a copy of a large store takes a while, and others want to read.
Result<void> SqliteStore::backup(const std::string& path) { return backup_sqlite(path_, path); }

Result<void> SqliteStore::healthy() {
  const std::lock_guard held(health_);
  // Writes to a file that has lost its name would be lost with it.
  if (identity_of(path_) != identity_) {
    return fail(ErrorCode::unreadable,
                fmt::format("{} was removed or replaced while it was open", path_),
                "start the server anew");
  }
  const auto now = std::chrono::steady_clock::now();
  if (now < healthy_until_) return {};
  auto written = writer_.run(
      [](Database& database) { return database.execute("UPDATE health SET writes = writes + 1"); });
  if (written) healthy_until_ = now + health_is_fresh;
  return written;
}

Result<void> backup_sqlite(const std::string& path, const std::string& copy) {
  auto source = Database::open(path, Database::Access::read_only);
  if (!source) return std::unexpected(source.error());
  if (auto usable = check_version(**source, schema_steps()); !usable) return usable;
  return copy_database(**source, copy);
}

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path) {
  return SqliteStore::open(path);
}

}  // namespace locksmith::store

#include "store/schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace locksmith::store {
namespace {

constexpr std::int64_t application_id = 0x4C4B534D;  // "LKSM"; `file` and we tell ours by it

// Plain columns, so that people can look with the sqlite3 shell. Times are Unix seconds, at_us and
// last_us microseconds. Lists are JSON arrays, '' when empty. Secrets: only their SHA-256.
constexpr const char* version_1 = R"(
CREATE TABLE accounts (
  id             TEXT PRIMARY KEY NOT NULL,
  name           TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
  reason         TEXT NOT NULL,
  since          INTEGER,
  plan           TEXT NOT NULL,
  rate_requests  INTEGER, rate_period_s INTEGER, rate_burst INTEGER,
  quota_requests INTEGER, quota_period  TEXT CHECK (quota_period IN ('day', 'month')),
  metadata       TEXT NOT NULL,
  created        INTEGER NOT NULL
) STRICT;
CREATE TABLE keys (
  id             TEXT PRIMARY KEY NOT NULL,
  account        TEXT NOT NULL REFERENCES accounts (id),
  name           TEXT NOT NULL,
  environment    TEXT NOT NULL,
  sha256         BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  hint           TEXT NOT NULL,
  scopes         TEXT NOT NULL,
  endpoints      TEXT NOT NULL,
  methods        TEXT NOT NULL,
  addresses      TEXT NOT NULL,
  origins        TEXT NOT NULL,
  rate_requests  INTEGER, rate_period_s INTEGER, rate_burst INTEGER,
  not_before     INTEGER,
  expires        INTEGER,
  state          TEXT NOT NULL CHECK (state IN ('active', 'revoked', 'rotated', 'leaked')),
  reason         TEXT NOT NULL,
  since          INTEGER,
  successor      TEXT NOT NULL,
  grace_until    INTEGER,
  finish_when_unused_s INTEGER NOT NULL,
  leak_url       TEXT NOT NULL,
  metadata       TEXT NOT NULL,
  created        INTEGER NOT NULL
) STRICT;
CREATE INDEX keys_account ON keys (account);
CREATE TABLE audit (
  number  INTEGER PRIMARY KEY,
  at_us   INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT NOT NULL,
  state   TEXT NOT NULL,
  reason  TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject);
CREATE TABLE decisions (
  number     INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  at_us      INTEGER NOT NULL,
  cause      TEXT NOT NULL,
  key        TEXT NOT NULL,
  account    TEXT NOT NULL,
  method     TEXT NOT NULL,
  host       TEXT NOT NULL,
  path       TEXT NOT NULL,
  client     TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  policy     INTEGER NOT NULL,
  trace      TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_at ON decisions (at_us);
CREATE INDEX decisions_key ON decisions (key, at_us) WHERE key <> '';
CREATE INDEX decisions_cause ON decisions (cause, at_us) WHERE cause <> '';
CREATE TABLE uses (
  key        TEXT NOT NULL,
  client     TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  count      INTEGER NOT NULL,
  last_us    INTEGER NOT NULL,
  PRIMARY KEY (key, client, user_agent)
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
  id     TEXT NOT NULL,
  period TEXT NOT NULL,
  used   INTEGER NOT NULL,
  PRIMARY KEY (id, period)
) STRICT, WITHOUT ROWID;
-- What healthy() writes, because only a write shows that one is possible.
CREATE TABLE health (writes INTEGER NOT NULL) STRICT;
INSERT INTO health VALUES (0);
)";

constexpr std::array steps_of_this_program{version_1};

std::unexpected<Error> cannot_copy(const std::string& path, int error) {
  return fail(ErrorCode::unreadable, fmt::format("cannot write {}: {}", path, std::strerror(error)),
              error == EEXIST ? "name a file that does not exist yet" : "");
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

// link does not replace what has come to be there meanwhile; some file systems do not have it.
bool place(const std::string& part, const std::string& path) {
  if (::link(part.c_str(), path.c_str()) == 0) return true;
  if (errno != EPERM && errno != EOPNOTSUPP) return false;
  return ::rename(part.c_str(), path.c_str()) == 0;
}

Result<void> copy_pages(Database& from, const std::string& path) {
  auto to = Database::open(path, Database::Access::read_write);
  if (!to) return std::unexpected(to.error());
  sqlite3_backup* work = sqlite3_backup_init((*to)->handle(), "main", from.handle(), "main");
  if (!work) return (*to)->failure(sqlite3_extended_errcode((*to)->handle()));
  int code = SQLITE_OK;
  // All pages in one step: they are read in one transaction, so that writing may go on.
  do code = sqlite3_backup_step(work, -1);
  while (code == SQLITE_OK);
  sqlite3_backup_finish(work);
  // Which of the two files failed is not told apart by the code; a damaged one is the source.
  if (code == SQLITE_DONE) return {};
  return (code & 0xff) == SQLITE_CORRUPT ? from.failure(code) : (*to)->failure(code);
}

Result<std::int64_t> version_of(Database& database, std::int64_t newest) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version;
  const auto mark = database.number("PRAGMA application_id");
  if (!mark) return mark;
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables;
  const bool fresh = *version == 0 && *mark == 0 && *tables == 0;
  if (!fresh && *mark != application_id) {
    return fail(ErrorCode::unreadable,
                fmt::format("{} is a database of some other program", database.path()),
                "name another file in locksmith.toml");
  }
  if (*version > newest) {
    return fail(ErrorCode::unreadable,
                fmt::format("{} has version {}, and this program knows versions up to {}",
                            database.path(), *version, newest),
                "install the newer Locksmith that wrote it");
  }
  return version;
}

// FILE.before-v2; a copy that is there from an earlier time stays.
Result<void> copy_before(Database& database, std::int64_t newest) {
  const std::string name = fmt::format("{}.before-v{}", database.path(), newest);
  std::string path = name;
  for (int n = 2; ::access(path.c_str(), F_OK) == 0; ++n) path = fmt::format("{}.{}", name, n);
  return copy_database(database, path);
}

Result<void> take_steps(Database& database, std::span<const char* const> steps,
                        std::int64_t version) {
  for (; version < static_cast<std::int64_t>(steps.size()); ++version) {
    if (auto done = database.execute(steps[static_cast<std::size_t>(version)]); !done) return done;
  }
  const std::string marks = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                        application_id, steps.size());
  if (auto done = database.execute(marks.c_str()); !done) return done;
  return database.execute("COMMIT");
}

}  // namespace

std::span<const char* const> schema_steps() { return steps_of_this_program; }

Result<void> copy_database(Database& from, const std::string& path) {
  // Made under another name first: whoever finds the file under its own may trust it.
  const std::string part = path + ".part";
  if (::access(path.c_str(), F_OK) == 0) return cannot_copy(path, EEXIST);
  ::unlink(part.c_str());
  const Descriptor file{::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.number < 0) return cannot_copy(path, errno);
  if (auto copied = copy_pages(from, part); !copied) {
    ::unlink(part.c_str());
    return copied;
  }
  const bool placed = ::fsync(file.number) == 0 && place(part, path);
  const int error = errno;
  ::unlink(part.c_str());
  if (!placed) return cannot_copy(path, error);
  return {};
}

Result<void> check_version(Database& database, std::span<const char* const> steps) {
  const auto version = version_of(database, static_cast<std::int64_t>(steps.size()));
  if (!version) return std::unexpected(version.error());
  return {};
}

Result<void> migrate(Database& database, std::span<const char* const> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto version = version_of(database, newest);
  if (!version) return std::unexpected(version.error());
  if (*version == newest) return {};
  if (*version > 0) {
    if (auto copied = copy_before(database, newest); !copied) return copied;
  }
  if (auto begun = database.execute("BEGIN EXCLUSIVE"); !begun) return begun;
  auto taken = take_steps(database, steps, *version);
  if (!taken && database.in_transaction()) (void)database.execute("ROLLBACK");
  return taken;
}

}  // namespace locksmith::store

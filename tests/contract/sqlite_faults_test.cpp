// What the SQLite store does when the disk, the file or a second process is against it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <thread>

#include "base/test_folder.hpp"
#include "contract/faulty_disk.hpp"
#include "contract/sample.hpp"
#include "store/database.hpp"
#include "store/schema.hpp"
#include "store/store.hpp"

namespace locksmith::store {
namespace {

std::unique_ptr<Store> must_open(const std::string& path) {
  auto opened = open_sqlite(path);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

Error error_of(const std::string& path) {
  const auto opened = open_sqlite(path);
  return opened ? Error{} : opened.error();
}

authority::Change change(std::string_view account, int keys) {
  authority::Change made{{sample::account(account)}, {}, "local", "keys.create"};
  for (int i = 0; i < keys; ++i) {
    made.keys.push_back(sample::key(fmt::format("key_{}_{:04}", account, i), account));
  }
  return made;
}

unsigned mode(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777u : 0;
}

std::size_t keys_of(const Everything& all, std::string_view account) {
  return static_cast<std::size_t>(std::ranges::count(all.keys, account, &authority::Key::account));
}

class SqliteFaults : public testing::Test {
 protected:
  base::TestFolder folder_ = base::TestFolder::in_memory();
  std::string path_ = folder_ / "store.db";
};

TEST_F(SqliteFaults, FilesAreForTheirOwnerAlone) {
  const mode_t before = ::umask(0);
  const auto store = must_open(path_);
  ASSERT_TRUE(store->apply(change("a", 1), 1));
  ASSERT_TRUE(store->backup(folder_ / "copy.db"));
  ::umask(before);
  for (const char* name :
       {"store.db", "store.db-wal", "store.db-shm", "store.db.lock", "copy.db"}) {
    EXPECT_EQ(mode(folder_ / name), 0600u) << name;
  }
}

TEST_F(SqliteFaults, ASecondProcessIsToldWhoHasIt) {
  const auto store = must_open(path_);
  std::filesystem::create_symlink(path_, folder_ / "alias.db");
  for (const char* name : {"store.db", "alias.db"}) {
    const Error error = error_of(folder_ / name);
    EXPECT_NE(error.message.find(fmt::format("another locksmithd (process {}) has", ::getpid())),
              std::string::npos)
        << error.message;
  }
}

TEST_F(SqliteFaults, ABackupIsAWholeStore) {
  must_open(path_)->apply(change("a", 100), 1).value();
  const auto store = must_open(path_);
  ASSERT_TRUE(store->backup(folder_ / "copy.db"));
  ASSERT_TRUE(store->apply(change("b", 1), 1));  // after the copy
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy.db.part"));
  const auto copy = must_open(folder_ / "copy.db");
  EXPECT_EQ(copy->load()->keys.size(), 100u);
  EXPECT_EQ(copy->audit("", 1000)->size(), 101u);
}

TEST_F(SqliteFaults, ForeignNewerAndDamagedFilesAreRefusedUnchanged) {
  const auto foreign = Database::open(path_, Database::Access::create);
  ASSERT_TRUE((*foreign)->execute("CREATE TABLE theirs (x)"));
  EXPECT_NE(error_of(path_).message.find("some other program"), std::string::npos);
  EXPECT_EQ((*foreign)->number("SELECT count(*) FROM sqlite_schema"), 1);

  const std::string newer = folder_ / "newer.db";
  must_open(newer).reset();
  ASSERT_TRUE((*Database::open(newer, Database::Access::read_write))
                  ->execute("PRAGMA user_version = 1000"));
  EXPECT_NE(error_of(newer).message.find("has version 1000"), std::string::npos);

  const std::string text = folder_ / "text.db";
  std::ofstream(text) << std::string(5000, 'x');
  EXPECT_NE(error_of(text).message.find("not a SQLite database"), std::string::npos);

  EXPECT_NE(error_of(folder_ / "no/store.db").message.find("No such file"), std::string::npos);
}

TEST_F(SqliteFaults, ADamagedFileIsNamedSo) {
  must_open(path_)->apply(change("a", 500), 1).value();
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(0, std::ios::end);
    const auto size = static_cast<std::size_t>(file.tellg());
    ASSERT_GT(size, 65536u);
    file.seekp(16384);
    file << std::string(size - 16384, '\x5A');
  }
  const auto opened = open_sqlite(path_);
  const auto loaded = opened ? (*opened)->load() : std::unexpected(opened.error());
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("is damaged"), std::string::npos) << loaded.error().message;
  EXPECT_NE(loaded.error().hint.find("backup"), std::string::npos);
}

TEST_F(SqliteFaults, ALockOfSomebodyElseIsNamedAndPasses) {
  const auto store = must_open(path_);
  auto other = Database::open(path_, Database::Access::read_write);
  ASSERT_TRUE((*other)->execute("BEGIN IMMEDIATE"));
  const auto applied = store->apply(change("a", 1), 1);
  ASSERT_FALSE(applied);
  EXPECT_NE(applied.error().message.find("locked by another program"), std::string::npos);
  EXPECT_FALSE(store->healthy());
  EXPECT_TRUE(store->load());
  ASSERT_TRUE((*other)->execute("ROLLBACK"));
  EXPECT_TRUE(store->apply(change("a", 1), 1));
  EXPECT_TRUE(store->healthy());
}

TEST_F(SqliteFaults, AFileThatWasReplacedIsNotHealthy) {
  const auto store = must_open(path_);
  ASSERT_TRUE(store->healthy());
  std::filesystem::rename(path_, folder_ / "moved.db");
  const auto health = store->healthy();
  ASSERT_FALSE(health);
  EXPECT_NE(health.error().message.find("removed or replaced"), std::string::npos);
}

struct DiskFault {
  int code;
  bool of_syncs;
  const char* message;
};
class SqliteDisk : public SqliteFaults, public testing::WithParamInterface<DiskFault> {};

// The disk fails at each write in turn, from the first to the one that the change never makes.
TEST_P(SqliteDisk, NothingIsHalfApplied) {
  FaultyDisk disk;
  bool succeeded = false;
  int failures = 0;
  for (int n = 0; !succeeded && n < 500; ++n) {
    const std::string path = folder_ / fmt::format("{}.db", n);
    auto store = must_open(path);
    ASSERT_TRUE(store->apply(change("before", 3), 1));
    if (GetParam().of_syncs) {
      disk.fail_syncs_after(n, GetParam().code);
    } else {
      disk.fail_writes_after(n, GetParam().code);
    }
    const auto applied = store->apply(change("tried", 40), 1);
    succeeded = applied.has_value();
    if (!succeeded) {
      ++failures;
      EXPECT_NE(applied.error().message.find(GetParam().message), std::string::npos)
          << applied.error().message;
      EXPECT_FALSE(store->healthy());
    }
    const auto during = store->load();  // reads go on
    ASSERT_TRUE(during) << during.error().message;
    EXPECT_EQ(keys_of(*during, "before"), 3u);
    EXPECT_EQ(keys_of(*during, "tried"), succeeded ? 40u : 0u);
    disk.recover();
    const bool go_on = n % 2 == 0;
    if (go_on) {
      EXPECT_TRUE(store->apply(change("after", 2), 1));
    }
    store.reset();
    store = must_open(path);
    const auto again = store->load();
    ASSERT_TRUE(again);
    EXPECT_EQ(keys_of(*again, "before"), 3u);
    EXPECT_EQ(keys_of(*again, "after"), go_on ? 2u : 0u);
    const std::size_t tried = keys_of(*again, "tried");
    EXPECT_TRUE(tried == 0 || tried == 40) << tried;
    if (succeeded) {
      EXPECT_EQ(tried, 40u);
    }
  }
  EXPECT_TRUE(succeeded);
  EXPECT_GT(failures, 0);
}

INSTANTIATE_TEST_SUITE_P(Disk, SqliteDisk,
                         testing::Values(DiskFault{SQLITE_FULL, false, "the disk is full"},
                                         DiskFault{SQLITE_IOERR_WRITE, false, "the disk reports"},
                                         DiskFault{SQLITE_IOERR_FSYNC, true, "the disk reports"}),
                         [](const auto& fault) {
                           return std::string(fault.param.of_syncs              ? "Sync"
                                              : fault.param.code == SQLITE_FULL ? "Full"
                                                                                : "Write");
                         });

// As the kernel says it, not the shim: a child whose files may not grow.
TEST_F(SqliteFaults, AFileThatMayNotGrow) {
  must_open(path_)->apply(change("before", 3), 1).value();
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{400'000, 400'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto store = open_sqlite(path_);
    if (!store) ::_exit(2);
    for (int i = 0; i < 100; ++i) {
      const auto applied = (*store)->apply(change(fmt::format("a{}", i), 20), 1);
      if (applied) continue;
      const auto all = (*store)->load();
      const bool whole = all && keys_of(*all, fmt::format("a{}", i)) == 0 &&
                         keys_of(*all, fmt::format("a{}", i - 1)) == 20;
      const bool clear =
          applied.error().message.find("store.db: the disk reports") != std::string::npos;
      ::_exit(whole && clear ? 0 : 3);
    }
    ::_exit(4);  // it never failed
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const auto again = must_open(path_)->load();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->keys.size() % 20, 3u);
}

TEST_F(SqliteFaults, AnAcknowledgedWriteIsSynced) {
  FaultyDisk disk;
  const auto store = must_open(path_);
  for (int i = 0; i < 5; ++i) {
    const int before = disk.syncs();
    ASSERT_TRUE(store->apply(change(fmt::format("a{}", i), 1), 1));
    EXPECT_GT(disk.syncs(), before);
  }
}

TEST_F(SqliteFaults, WritesThatComeAtOnceShareASync) {
  FaultyDisk disk;
  const auto store = must_open(path_);
  disk.slow_syncs_by(5);
  const int before = disk.syncs();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) {
          EXPECT_TRUE(store->apply(change(fmt::format("{}x{}", t, i), 1), 1));
        }
      });
    }
  }
  EXPECT_LT(disk.syncs() - before, 160 / 2);
}

// Migration, with steps of the test's own.
TEST_F(SqliteFaults, AnOlderFileIsCopiedAndMigrated) {
  const std::array<const char*, 1> old_steps{"CREATE TABLE t (a); INSERT INTO t VALUES (1)"};
  const std::array<const char*, 2> steps{old_steps[0], "ALTER TABLE t ADD COLUMN b DEFAULT 7"};
  const auto database = Database::open(path_, Database::Access::create);
  ASSERT_TRUE(migrate(**database, old_steps));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".before-v1"));  // it was new
  ASSERT_TRUE(migrate(**database, steps));
  EXPECT_EQ((*database)->number("SELECT b FROM t"), 7);
  EXPECT_EQ((*database)->number("PRAGMA user_version"), 2);
  const auto copy = Database::open(path_ + ".before-v2", Database::Access::read_only);
  ASSERT_TRUE(copy);
  EXPECT_EQ((*copy)->number("PRAGMA user_version"), 1);
  EXPECT_EQ((*copy)->number("SELECT a FROM t"), 1);
}

TEST_F(SqliteFaults, AMigrationThatFailsChangesNothing) {
  const std::array<const char*, 1> old_steps{"CREATE TABLE t (a)"};
  const std::array<const char*, 3> steps{old_steps[0], "ALTER TABLE t ADD COLUMN b", "not SQL"};
  const auto database = Database::open(path_, Database::Access::create);
  ASSERT_TRUE(migrate(**database, old_steps));
  EXPECT_FALSE(migrate(**database, steps));
  EXPECT_FALSE((*database)->in_transaction());
  EXPECT_EQ((*database)->number("PRAGMA user_version"), 1);
  EXPECT_EQ((*database)->number("SELECT count(*) FROM pragma_table_info('t')"), 1);
  EXPECT_FALSE(migrate(**database, steps));  // the copy of the first attempt is not in the way
  EXPECT_TRUE(std::filesystem::exists(path_ + ".before-v3.2"));
}

}  // namespace
}  // namespace locksmith::store

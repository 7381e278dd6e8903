// kill -9 at random moments under load: what was acknowledged is there, and nothing is half there.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>
#include <thread>

#include "base/test_folder.hpp"
#include "contract/sample.hpp"
#include "store/store.hpp"

namespace locksmith::store {
namespace {

constexpr int writers = 4;
constexpr int rounds = 25;
constexpr int batch = 10;

struct Acknowledged {
  std::int32_t writer = 0;
  std::int32_t number = 0;
};

// Three records that carry the same number: a half of it shows.
authority::Change numbered(int writer, int number) {
  authority::Change change;
  change.actor = "local";
  change.accounts.push_back(sample::account(fmt::format("acct_{}", writer)));
  for (const char* suffix : {"first", "last"}) {
    change.keys.push_back(
        sample::key(fmt::format("key_{}_{}", writer, suffix), change.accounts[0].id));
    change.keys.back().name = std::to_string(number);
  }
  change.accounts[0].name = std::to_string(number);
  return change;
}

[[noreturn]] void write_until_killed(const std::string& path, int pipe, int start) {
  const auto store = open_sqlite(path);
  if (!store) ::_exit(2);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      for (int number = start;; ++number) {
        if (!(*store)->apply(numbered(writer, number), number)) ::_exit(3);
        const Acknowledged done{writer, number};
        if (::write(pipe, &done, sizeof done) != sizeof done) ::_exit(4);
      }
    });
  }
  threads.emplace_back([&] {
    for (int number = start;; ++number) {
      std::vector<DecisionRecord> records(batch);
      for (int i = 0; i < batch; ++i) {
        records[static_cast<std::size_t>(i)].id = fmt::format("req_{}_{}", number, i);
      }
      if (!(*store)->record(records, {})) ::_exit(5);
    }
  });
  for (;;) ::pause();
}

// Everything that came through the pipe, until the child was killed after `moment`.
std::array<int, writers> kill_after(pid_t child, int pipe, std::chrono::microseconds moment) {
  std::array<int, writers> last;
  last.fill(-1);
  Acknowledged done;
  bool killed = false;
  while (::read(pipe, &done, sizeof done) == sizeof done) {
    if (!killed) {
      std::this_thread::sleep_for(moment);
      ::kill(child, SIGKILL);
      killed = true;
    }
    last[static_cast<std::size_t>(done.writer)] = done.number;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return last;
}

void check(Store& store, const std::array<int, writers>& acknowledged) {
  const auto all = store.load();
  ASSERT_TRUE(all) << all.error().message;
  for (int writer = 0; writer < writers; ++writer) {
    const int last = acknowledged[static_cast<std::size_t>(writer)];
    std::vector<int> found;
    for (const auto& account : all->accounts) {
      if (account.id == fmt::format("acct_{}", writer)) found.push_back(std::stoi(account.name));
    }
    for (const auto& key : all->keys) {
      if (key.account == fmt::format("acct_{}", writer)) found.push_back(std::stoi(key.name));
    }
    if (last < 0 && found.empty()) continue;
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[0], found[1]) << "half applied";
    EXPECT_EQ(found[0], found[2]) << "half applied";
    EXPECT_GE(found[0], last) << "an acknowledged write is lost";
  }
  const auto decisions = store.decisions({.limit = 1'000'000});
  ASSERT_TRUE(decisions);
  EXPECT_EQ(decisions->size() % batch, 0u) << "a batch is half there";
}

TEST(SqliteCrash, KilledAtRandomMoments) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "store.db";
  std::mt19937 random(std::random_device{}());
  int acknowledged = 0;
  for (int round = 0; round < rounds; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      write_until_killed(path, pipe[1], round * 1'000'000);
    }
    ::close(pipe[1]);
    const auto last = kill_after(child, pipe[0], std::chrono::microseconds(random() % 60'000));
    ::close(pipe[0]);
    for (const int number : last) acknowledged += number >= 0;
    const auto store = open_sqlite(path);
    ASSERT_TRUE(store) << store.error().message;
    check(**store, last);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(acknowledged, rounds);
}

}  // namespace
}  // namespace locksmith::store

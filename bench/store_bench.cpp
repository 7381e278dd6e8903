// How long a start takes: a million keys from the store into memory; and what a write costs.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.hpp"
#include "store/store.hpp"

namespace locksmith::store {
namespace {

authority::Key key(std::int64_t number) {
  authority::Key made;
  made.id = fmt::format("key_{:016}", number);
  made.account = fmt::format("acct_{:016}", number % 1000);
  made.name = fmt::format("server {}", number);
  made.environment = "live";
  const std::string digest = base::sha256(made.id);
  std::copy(digest.begin(), digest.end(), made.digest.begin());
  made.hint = "lks_live_…" + made.id.substr(16);
  made.grant.scopes = {"orders:read", fmt::format("team{}:*", number % 50)};
  return made;
}

// A store with so many keys, made once and kept for the run.
std::string store_of(std::int64_t keys) {
  const auto folder = std::filesystem::temp_directory_path();
  const std::string path = (folder / fmt::format("locksmith-bench-{}-{}.db", ::getpid(), keys));
  if (std::filesystem::exists(path)) return path;
  auto store = open_sqlite(path).value();
  authority::Change change{{}, {}, "local", "keys.import"};
  for (int i = 0; i < 1000; ++i) {
    authority::Account account;
    account.id = fmt::format("acct_{:016}", i);
    change.accounts.push_back(account);
  }
  for (std::int64_t i = 0; i < keys; ++i) change.keys.push_back(key(i));
  store->apply(change, 0).value();
  return path;
}

void remove_store(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + suffix);
}

void load(benchmark::State& state) {
  const std::string path = store_of(state.range(0));
  for (auto _ : state) {
    const auto store = open_sqlite(path).value();
    std::size_t keys = 0;
    store->each({[](authority::Account) {}, [&](authority::Key) { ++keys; }}).value();
    if (keys != static_cast<std::size_t>(state.range(0))) state.SkipWithError("keys are missing");
  }
  remove_store(path);
}
BENCHMARK(load)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();

// One durable change at a time, from as many threads as asked for: they share syncs.
void write(benchmark::State& state) {
  static std::string path;
  static std::unique_ptr<Store> store;
  if (state.thread_index() == 0) {
    path = store_of(1000);
    store = open_sqlite(path).value();
  }
  std::int64_t number = 1'000'000 * (state.thread_index() + 1);
  for (auto _ : state) store->apply({{}, {key(++number)}, "local", "keys.create"}, 0).value();
  if (state.thread_index() == 0) {
    store.reset();
    remove_store(path);
  }
}
BENCHMARK(write)->Threads(1)->Threads(32)->UseRealTime();

}  // namespace
}  // namespace locksmith::store

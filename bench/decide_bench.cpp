// The authority's inside: one decision, next to hash, look-up and compare alone; a change; the
// start; and what a key takes of memory. Keys are asked for at random, as customers do.
//   decide_bench --benchmark_filter=/1000000
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "authority/decide.hpp"
#include "authority/digest.hpp"
#include "authority/key_format.hpp"
#include "authority/operations.hpp"
#include "authority/problem.hpp"
#include "authority/record.hpp"

namespace locksmith::authority {
namespace {

constexpr std::string_view policy_text = R"(
default_plan = "free"
[[environment]]
name = "live"
prefix = "lks_live_"
[[placement]]
in = "header"
name = "Authorization"
scheme = "Bearer"
[[plan]]
name = "free"
rate = "1000000/s"
quota = "1000000000/month"
[[api]]
name = "orders"
hosts = ["api.example.com"]
environment = "live"
[[api.endpoint]]
methods = ["GET"]
path = "/v1/orders/{id}"
scopes = ["orders:read"]
[[api.endpoint]]
methods = ["POST", "DELETE"]
path = "/v1/orders/{id}"
scopes = ["orders:write"]
[[api.endpoint]]
path = "/v1/customers/**"
scopes = ["customers:read"]
)";

const Instant now{std::chrono::seconds(1795262400)};

// The secret of key i: no list of them is needed, and none of them is ever printed.
void write_secret(std::uint64_t i, char* out) {
  std::mt19937_64 random(i);
  constexpr std::string_view digits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (int at = 0; at < 38; ++at) out[at] = digits[random() % 62];
}

std::size_t resident() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, pages = 0;
  file >> all >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

struct World {
  explicit World(std::size_t keys);

  std::size_t size;
  double bytes_per_key = 0, seconds_to_make = 0;
  Snapshot snapshot;
  std::vector<std::string> headers;  // "Bearer lks_live_…" of a random sample, sent in turn
};

Key key_of(std::size_t i, std::size_t accounts) {
  std::string secret = "lks_live_" + std::string(38, '0');
  write_secret(i, secret.data() + 9);
  Key key{.id = {},
          .account = "acct_" + std::to_string(i % accounts),
          .name = "service " + std::to_string(i),
          .environment = "live",
          .digest = digest_of(secret),
          .hint = "lks_live_…" + secret.substr(secret.size() - 4)};
  char id[21];
  std::snprintf(id, sizeof id, "key_%016llx", i * 0x9e3779b97f4a7c15ull);
  key.id = id;
  key.grant.scopes = {i % 2 ? "orders:*" : "orders:read", "customers:read"};
  return key;
}

World::World(std::size_t keys) : size(keys) {
  malloc_trim(0);
  const std::size_t before = resident();
  const auto start = std::chrono::steady_clock::now();
  const std::size_t accounts = keys / 10;
  SnapshotBuilder builder(*read_policy(policy_text, "bench"), keys);
  for (std::size_t i = 0; i < accounts; ++i) {
    const std::string id = std::to_string(i);
    builder.add(Account{.id = "acct_" + id, .name = "Customer " + id});
  }
  for (std::size_t i = 0; i < keys; ++i) builder.add(key_of(i, accounts));
  auto made = builder.finish();
  if (!made) {
    std::fprintf(stderr, "%s\n", made.error().message.c_str());
    std::abort();
  }
  snapshot = std::move(*made);
  seconds_to_make = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  malloc_trim(0);
  bytes_per_key = static_cast<double>(resident() - before) / static_cast<double>(keys);

  std::mt19937_64 random(7);
  for (std::size_t i = 0; i < std::min<std::size_t>(keys, 1 << 18); ++i) {
    std::string header = "Bearer lks_live_" + std::string(38, '0');
    write_secret(random() % keys, header.data() + 16);
    headers.push_back(std::move(header));
  }
}

const World& world(std::size_t keys) {
  static std::map<std::size_t, World> worlds;
  const auto known = worlds.find(keys);
  if (known != worlds.end()) return known->second;
  worlds.clear();  // one at a time: ten million take gigabytes
  return worlds.try_emplace(keys, keys).first->second;
}

// Whether the next key is far away in memory is what a decision's time hangs on.
void decision(benchmark::State& state) {
  const World& w = world(static_cast<std::size_t>(state.range(0)));
  Limits limits;
  Field fields[] = {{"Host", "api.example.com"},
                    {"User-Agent", "curl/8.5.0"},
                    {"Accept", "*/*"},
                    {"Authorization", ""}};
  Request request{.method = "GET",
                  .host = "api.example.com",
                  .target = "/v1/orders/12345?expand=lines",
                  .headers = fields,
                  .client = *parse_address("192.0.2.7")};
  std::size_t i = 0, refused = 0;
  Instant at = now;
  for (auto _ : state) {
    fields[3].value = w.headers[i++ % w.headers.size()];
    at += std::chrono::microseconds(1);
    const Decision decision = decide(w.snapshot, request, at, limits);
    refused += !decision.allowed();
  }
  if (refused) state.SkipWithError("a good key was refused");
  state.counters["B/key"] = w.bytes_per_key;
  state.counters["make_s"] = w.seconds_to_make;
}

// The floor: SHA-256, look-up and constant-time compare, and nothing else.
void look_up(benchmark::State& state) {
  const World& w = world(static_cast<std::size_t>(state.range(0)));
  std::size_t i = 0;
  for (auto _ : state) {
    const std::string_view header = w.headers[i++ % w.headers.size()];
    const KeyRecord* key = w.snapshot.find(digest_of(header.substr(7)));
    benchmark::DoNotOptimize(key);
    if (!key) state.SkipWithError("not found");
  }
}

void hash(benchmark::State& state) {
  const std::string key = "lks_live_" + std::string(38, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(digest_of(key));
}

// A wrong secret, with everything that is told offline.
void unknown_key(benchmark::State& state) {
  const World& w = world(static_cast<std::size_t>(state.range(0)));
  Limits limits;
  const std::string key = make_secret("lks_live_").reveal();
  const Request request{.key = key};
  for (auto _ : state) benchmark::DoNotOptimize(decide(w.snapshot, request, now, limits));
}

void refusal_body(benchmark::State& state) {
  const World& w = world(static_cast<std::size_t>(state.range(0)));
  Limits limits;
  const Field fields[] = {{"Authorization", w.headers[0]}};
  const Request request{.method = "DELETE",
                        .host = "api.example.com",
                        .target = "/v1/orders/12345",
                        .headers = fields,
                        .scopes = {}};
  const std::string_view scopes[] = {"admin:write"};
  Request wanting = request;
  wanting.scopes = scopes;
  const Decision decision = decide(w.snapshot, wanting, now, limits);
  for (auto _ : state)
    benchmark::DoNotOptimize(refusal(w.snapshot, wanting, decision, "req_0", now));
}

// A new snapshot after one key was revoked.
void change(benchmark::State& state) {
  const World& w = world(static_cast<std::size_t>(state.range(0)));
  const auto keys = w.snapshot.keys_after("", 1000);
  std::size_t i = 0;
  const base::Time at(std::chrono::seconds(1795262400));
  for (auto _ : state) {
    const std::string id(w.snapshot.texts(*keys[i++ % keys.size()]).id);
    const auto change = revoke_key(w.snapshot, id, "bench", at);
    benchmark::DoNotOptimize(w.snapshot.with(*change));
  }
}

BENCHMARK(hash);
BENCHMARK(look_up)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(decision)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(decision)->Arg(1'000'000)->Threads(2)->Name("decision_2_threads");
BENCHMARK(unknown_key)->Arg(1'000'000);
BENCHMARK(refusal_body)->Arg(1'000'000);
BENCHMARK(change)->Arg(1'000'000);
BENCHMARK(decision)->Arg(10'000'000)->Name("decision_large");

}  // namespace
}  // namespace locksmith::authority

// A thread's uses are a hash table behind a mutex that only the writer contends for, once a minute
// and for a few entries at a time. Entries stay and are counted on: making them costs more than the
// rest of a decision.
#include "server/recording.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <unordered_map>
#include <utility>

#include "authority/problem.hpp"
#include "authority/record.hpp"
#include "server/call.hpp"
#include "server/trace.hpp"

namespace locksmith::server {
namespace {

std::atomic<std::uint64_t> instances{0};

// Numbers only: nothing of it lies elsewhere in memory.
struct UseKey {
  std::uint32_t key = 0;  // its cell
  authority::Address client;
  std::uint64_t agent = 0;  // hash
  friend bool operator==(const UseKey&, const UseKey&) = default;
};
// That it does not throw keeps the table from storing each hash: what a look-up reads of an entry
// is one line of the cache.
struct UseHash {
  std::size_t operator()(const UseKey& use) const noexcept {
    const std::string_view client(reinterpret_cast<const char*>(use.client.bytes.data()), 16);
    return (std::hash<std::string_view>{}(client) ^ use.agent) + use.key * 0x9e3779b97f4a7c15u;
  }
};
struct UseCount {
  std::uint64_t count = 0;
  std::int64_t last_us = 0;
  std::string key, user_agent;
};

// What a client says of itself is cut: it is kept for as long as the key.
constexpr std::size_t most_agent = 200;

}  // namespace

struct Recording::Uses {
  using Table = std::unordered_map<UseKey, UseCount, UseHash>;
  std::mutex mutex;
  Table counts;
  // Nearly always a key comes again from where it came last: then there is nothing to hash.
  std::vector<Table::value_type*> latest;

  explicit Uses(std::size_t most) : latest(std::bit_ceil(most)) {}

  // Makes the entry; null when there are `most` already.
  UseCount* of(const UseKey& use, std::string_view id, std::string_view user_agent,
               std::size_t most) {
    auto& last = latest[use.key % latest.size()];
    if (last && last->first == use) return &last->second;
    auto found = counts.find(use);
    if (found == counts.end()) {
      if (counts.size() >= most) return nullptr;
      found = counts.emplace(use, UseCount{0, 0, std::string(id), std::string(user_agent)}).first;
    }
    last = &*found;
    return &last->second;
  }

  // Takes what was counted, a part of the table at a time: no answer waits for all of it. When the
  // table grows meanwhile its parts are others, and it begins anew; what was taken is zero by then.
  void collect(std::vector<store::Use>& out) {
    constexpr std::size_t at_once = 512;
    std::size_t buckets = 0;
    for (std::size_t next = 0;; next += at_once) {
      const std::lock_guard lock(mutex);
      if (std::exchange(buckets, counts.bucket_count()) != counts.bucket_count()) next = 0;
      for (auto bucket = next; bucket < std::min(next + at_once, buckets); ++bucket) {
        for (auto use = counts.begin(bucket); use != counts.end(bucket); ++use) {
          take(*use, out);
        }
      }
      if (next + at_once >= buckets) return;
    }
  }

  // A table that is nearly full begins anew; it is taken down where nobody waits for it.
  void make_room(std::size_t most, std::vector<store::Use>& out) {
    Table old;
    {
      const std::lock_guard lock(mutex);
      if (counts.size() < most / 4 * 3) return;
      old.swap(counts);
      std::ranges::fill(latest, nullptr);
    }
    for (auto& use : old) take(use, out);  // what was counted since it was collected
  }

  static void take(std::pair<const UseKey, UseCount>& use, std::vector<store::Use>& out) {
    const auto& client = use.first.client;
    auto& [total, last_us, key, user_agent] = use.second;
    const auto count = std::exchange(total, 0);
    if (count > 0)
      out.push_back(
          {key, client.known() ? client.text() : std::string(), user_agent, count, last_us});
  }
};

Recording::Recording(store::Store& store, Settings settings)
    : store_(store),
      settings_(settings),
      identity_(++instances),
      strangers_(static_cast<double>(settings.strangers_at_once)),
      thread_([this] { run(); }) {}

Recording::~Recording() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_one();
  thread_.join();
  write(true);
}

Recording::Uses& Recording::mine() {
  thread_local std::uint64_t of = 0;
  thread_local Uses* uses = nullptr;
  if (of != identity_) {
    const std::lock_guard lock(mutex_);
    uses = all_uses_.emplace_back(std::make_unique<Uses>(settings_.most_uses)).get();
    of = identity_;
  }
  return *uses;
}

bool Recording::wants(const authority::Decision& decision) {
  if (decision.allowed()) return settings_.allowed;
  if (decision.proven) return true;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> passed = now - counted_;
  counted_ = now;
  strangers_ =
      std::min(static_cast<double>(settings_.strangers_at_once),
               strangers_ + passed.count() * static_cast<double>(settings_.strangers_per_second));
  if (strangers_ >= 1) return strangers_ -= 1, true;
  dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void Recording::decision(store::DecisionRecord record) {
  const std::lock_guard lock(mutex_);
  if (decisions_.size() >= settings_.most_decisions) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
  } else {
    decisions_.push_back(std::move(record));
  }
}

void Recording::use(UsedKey key, const authority::Address& client, std::string_view user_agent,
                    std::int64_t at_us) {
  user_agent = user_agent.substr(0, most_agent);
  const UseKey use{key.cell, client, std::hash<std::string_view>{}(user_agent)};
  auto& uses = mine();
  const std::lock_guard lock(uses.mutex);
  auto* count = uses.of(use, key.id, user_agent, settings_.most_uses);
  if (!count) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  ++count->count;
  count->last_us = at_us;
}

std::vector<store::Use> Recording::collect_uses() {
  std::vector<Uses*> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& uses : all_uses_) all.push_back(uses.get());
  }
  std::vector<store::Use> collected;
  for (auto* uses : all) {
    uses->collect(collected);
    uses->make_room(settings_.most_uses, collected);
  }
  return collected;
}

void Recording::write(bool with_uses) {
  const std::lock_guard writing(write_mutex_);
  std::vector<store::DecisionRecord> decisions;
  {
    const std::lock_guard lock(mutex_);
    decisions.swap(decisions_);
  }
  const auto uses = with_uses ? collect_uses() : std::vector<store::Use>{};
  if (decisions.empty() && uses.empty()) return;
  if (!store_.record(decisions, uses)) failures_.fetch_add(1, std::memory_order_relaxed);
}

void Recording::flush() { write(true); }

// A part at a time, so that what is written meanwhile does not wait for all of it.
void Recording::forget() {
  constexpr std::size_t at_once = 5000;
  const auto until = std::chrono::system_clock::now() - settings_.keep;
  const auto until_us =
      std::chrono::duration_cast<std::chrono::microseconds>(until.time_since_epoch()).count();
  for (auto gone = store_.forget(until_us, at_once); gone && *gone == at_once;)
    gone = store_.forget(until_us, at_once);
  for (auto gone = store_.forget_beyond(settings_.keep_most, at_once); gone && *gone == at_once;)
    gone = store_.forget_beyond(settings_.keep_most, at_once);
}

void Recording::run() {
  const auto every =
      settings_.uses_every / std::max(settings_.decisions_every, std::chrono::seconds(1));
  for (long round = 1;; ++round) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, settings_.decisions_every, [this] { return over_; })) return;
    }
    write(round % every == 0);
    if (round % 60 == 0) forget();
  }
}

namespace {

// Cheap, unlike without_keys(): this is asked of every request.
bool may_hold_key(std::string_view text, const authority::Policy& policy, std::string_view key) {
  return (!key.empty() && text.find(key) != text.npos) ||
         std::ranges::any_of(policy.environments, [&](const auto& environment) {
           return !environment.prefix.empty() && text.find(environment.prefix) != text.npos;
         });
}

store::DecisionRecord record_of(const Call& call, const authority::Request& request,
                                const authority::Decision& decision, Face face) {
  const auto& policy = call.snapshot.policy();
  const auto clean = [&](std::string_view text) {
    return without_keys(text.substr(0, 1000), policy, decision.presented.key);
  };
  store::DecisionRecord record;
  record.id = call.id;
  record.at_us = call.now.time_since_epoch().count();
  record.cause = authority::slug(decision.cause);
  if (decision.key) {
    record.key = call.snapshot.id_of(*decision.key);
    record.account = call.snapshot.account_of(*decision.key).account->id;
  }
  record.method = clean(request.method);
  record.host = clean(request.host);
  record.path = clean(request.target.substr(0, request.target.find('?')));
  if (request.client.known()) record.client = request.client.text();
  record.user_agent = clean(call.request.first("User-Agent"));
  record.policy = policy.revision;
  record.trace = trace_json(call.snapshot, request, decision, call.now, to_string(face));
  return record;
}

}  // namespace

void remember(Call& call, const authority::Request& request, const authority::Decision& decision,
              Face face) {
  auto& recording = call.service.recording();
  if (decision.key) {
    const auto agent = call.request.first("User-Agent");
    const auto& policy = call.snapshot.policy();
    const auto at = call.now.time_since_epoch().count();
    const UsedKey used{decision.key->cell, call.snapshot.id_of(*decision.key)};
    if (may_hold_key(agent, policy, decision.presented.key)) {
      recording.use(used, request.client, without_keys(agent, policy, decision.presented.key), at);
    } else {
      recording.use(used, request.client, agent, at);
    }
  }
  if (recording.wants(decision)) recording.decision(record_of(call, request, decision, face));
}

}  // namespace locksmith::server

// Goes through all accounts and keys by pages, on a thread of its own: never in the way of an
// answer.
#include "server/housekeeping.hpp"

#include <algorithm>
#include <vector>

#include "authority/compiled.hpp"
#include "authority/operations.hpp"
#include "authority/record.hpp"

namespace locksmith::server {
namespace {

using authority::AccountRecord;
using authority::Snapshot;

constexpr int rounds_between_scans = 6;

std::optional<authority::Quota> quota_of(const Snapshot& snapshot, const AccountRecord& record) {
  if (record.own_limits && record.account->quota) return record.account->quota;
  const auto* plan = snapshot.compiled().plan(record.plan);
  return plan ? plan->quota : std::nullopt;
}

// Ids of rotated keys that shall end when nobody uses them, and for how long.
std::vector<std::pair<std::string, std::chrono::seconds>> retiring(const Snapshot& snapshot,
                                                                   authority::Instant now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::vector<std::pair<std::string, std::chrono::seconds>> found;
  snapshot.each_key([&](const authority::KeyRecord& record) {
    if (record.state == authority::KeyState::rotated && record.finish_when_unused > 0 &&
        record.grace_until > seconds)
      found.emplace_back(snapshot.id_of(record), std::chrono::seconds(record.finish_when_unused));
  });
  return found;
}

// When it was used last, or rotated: the time of grace begins with that.
authority::Instant last_use(Service& service, const Snapshot& snapshot, const std::string& id) {
  std::int64_t last = 0;
  if (const auto* record = snapshot.find_id(id)) last = record->since * 1'000'000;
  const auto uses = service.store().uses(id);
  if (!uses) return authority::Instant::max();  // not known: it does not end
  for (const auto& use : *uses) last = std::max(last, use.last_us);
  return authority::Instant(std::chrono::microseconds(last));
}

}  // namespace

Result<void> restore_quotas(Service& service, authority::Instant now) {
  const auto counters = service.store().counters();
  if (!counters) return std::unexpected(counters.error());
  const auto snapshot = service.current();
  for (const auto& counter : *counters) {
    const auto* record = snapshot.account(counter.id);
    const auto quota = record ? quota_of(snapshot, *record) : std::nullopt;
    if (quota && counter.period == authority::period_name(quota->period, now))
      service.limits().restore({record->index, true}, *quota, counter.used, now);
  }
  return {};
}

Result<void> save_quotas(Service& service, SavedQuotas& saved, authority::Instant now) {
  const auto snapshot = service.current();
  std::vector<store::Store::Counter> counters;
  snapshot.each_account([&](const AccountRecord& record) {
    const auto quota = quota_of(snapshot, record);
    if (!quota) return;
    const auto used = service.limits().peek({record.index, true}, *quota, now).used;
    auto& before = saved[record.account->id];
    if (used == before) return;
    before = used;
    counters.push_back({record.account->id, authority::period_name(quota->period, now), used});
  });
  return counters.empty() ? Result<void>{} : service.store().save_counters(counters);
}

std::size_t finish_unused(Service& service, authority::Instant now) {
  const auto snapshot = service.current();
  const auto keys = retiring(snapshot, now);
  if (!keys.empty()) service.recording().flush();
  std::size_t ended = 0;
  for (const auto& [id, unused] : keys) {
    if (now - last_use(service, snapshot, id) < unused) continue;
    const auto done = service.change("local", "keys.finish", [&](const Snapshot& newest) {
      auto change =
          authority::finish_rotation(newest, id, std::chrono::floor<std::chrono::seconds>(now));
      return change ? Outcome<authority::Change>(std::move(*change))
                    : std::unexpected(Refused{409, change.error().message});
    });
    ended += done.has_value();
  }
  return ended;
}

Housekeeping::Housekeeping(Service& service, std::chrono::seconds every)
    : service_(service), every_(every), thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_one();
  thread_.join();
  (void)save_quotas(service_, saved_, current_instant());
}

void Housekeeping::run() {
  for (int round = 1;; ++round) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, every_, [this] { return over_; })) return;
    }
    (void)save_quotas(service_, saved_, current_instant());
    if (round % rounds_between_scans == 0) finish_unused(service_, current_instant());
  }
}

}  // namespace locksmith::server

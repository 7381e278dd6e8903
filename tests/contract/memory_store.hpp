// A store without a disk: the simplest thing that keeps the contract. For tests.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <ranges>
#include <set>

#include "store/store.hpp"

namespace locksmith::store {

class MemoryStore final : public Store {
 public:
  Result<void> each(const Sink& sink) override {
    const std::lock_guard held(mutex_);
    for (const auto& account : all_.accounts) sink.account(account);
    for (const auto& key : all_.keys) sink.key(key);
    return {};
  }

  Result<void> apply(const authority::Change& change, std::int64_t at_us) override {
    const std::lock_guard held(mutex_);
    Everything next = all_;
    for (const auto& account : change.accounts) put(next.accounts, account);
    for (const auto& key : change.keys) put(next.keys, key);
    if (auto right = check(next); !right) return right;
    all_ = std::move(next);
    for (const auto& account : change.accounts) {
      const bool active = account.state == authority::AccountState::active;
      audit_.push_back({at_us, change.actor, change.action, account.id,
                        active ? "active" : "suspended", account.reason});
    }
    for (const auto& key : change.keys) {
      constexpr std::array words{"active", "revoked", "rotated", "leaked"};
      audit_.push_back({at_us, change.actor, change.action, key.id,
                        words[static_cast<std::size_t>(key.state)], key.reason});
    }
    return {};
  }

  Result<std::vector<AuditEntry>> audit(std::string_view subject, std::size_t limit) override {
    const std::lock_guard held(mutex_);
    std::vector<AuditEntry> found;
    for (const AuditEntry& entry : audit_ | std::views::reverse) {
      if (found.size() == limit) break;
      if (subject.empty() || entry.subject == subject) found.push_back(entry);
    }
    return found;
  }

  Result<void> record(std::span<const DecisionRecord> decisions,
                      std::span<const Use> uses) override {
    const std::lock_guard held(mutex_);
    for (const DecisionRecord& record : decisions) {
      const auto same = [&](const DecisionRecord& known) { return known.id == record.id; };
      if (std::ranges::none_of(decisions_, same)) decisions_.push_back(record);
    }
    for (const Use& use : uses) {
      Use& sum = uses_[{use.key, use.client, use.user_agent}];
      sum = {use.key, use.client, use.user_agent, sum.count + use.count,
             std::max(sum.last_us, use.last_us)};
    }
    return {};
  }

  Result<std::optional<DecisionRecord>> decision(std::string_view id) override {
    const std::lock_guard held(mutex_);
    for (const DecisionRecord& record : decisions_) {
      if (record.id == id) return record;
    }
    return std::nullopt;
  }

  Result<std::vector<DecisionRecord>> decisions(const DecisionFilter& filter) override {
    const std::lock_guard held(mutex_);
    std::vector<DecisionRecord> sorted = decisions_;
    std::ranges::reverse(sorted);
    std::ranges::stable_sort(sorted, std::greater{}, &DecisionRecord::at_us);
    auto from = sorted.begin();
    if (!filter.before.empty()) {
      from = std::ranges::find(sorted, filter.before, &DecisionRecord::id);
      if (from == sorted.end()) return fail(ErrorCode::usage, "no such decision");
      ++from;
    }
    std::vector<DecisionRecord> found;
    for (; from != sorted.end() && found.size() < filter.limit; ++from) {
      if (fits(filter, *from)) found.push_back(*from);
    }
    return found;
  }

  Result<std::vector<Use>> uses(std::string_view key) override {
    const std::lock_guard held(mutex_);
    std::vector<Use> found;
    for (const auto& [id, use] : uses_) {
      if (use.key == key) found.push_back(use);
    }
    std::ranges::sort(found, std::greater{}, &Use::last_us);
    return found;
  }

  Result<std::size_t> forget_beyond(std::size_t most, std::size_t limit) override {
    const std::lock_guard held(mutex_);
    if (decisions_.size() <= most) return 0u;
    const auto gone = std::min(decisions_.size() - most, limit);
    decisions_.erase(decisions_.begin(), decisions_.begin() + static_cast<std::ptrdiff_t>(gone));
    return gone;
  }

  Result<std::size_t> forget(std::int64_t until_us, std::size_t limit) override {
    const std::lock_guard held(mutex_);
    std::ranges::stable_sort(decisions_, std::less{}, &DecisionRecord::at_us);
    std::size_t forgotten = 0;
    while (forgotten < limit && !decisions_.empty() && decisions_.front().at_us < until_us) {
      decisions_.erase(decisions_.begin());
      ++forgotten;
    }
    std::map<std::string, std::int64_t> newest;
    for (const auto& [id, use] : uses_) newest[use.key] = std::max(newest[use.key], use.last_us);
    std::erase_if(uses_, [&](const auto& entry) {
      const Use& use = entry.second;
      const bool old = use.last_us < until_us && use.last_us < newest[use.key];
      return old && forgotten < limit && ++forgotten;
    });
    const auto day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(until_us)));
    const std::chrono::year_month_day date{day};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    std::erase_if(counters_, [&](const auto& entry) {
      const std::string& period = entry.first.second;
      return period < std::string(text).substr(0, period.size());
    });
    return forgotten;
  }

  Result<void> save_counters(std::span<const Counter> counters) override {
    const std::lock_guard held(mutex_);
    for (const Counter& counter : counters) counters_[{counter.id, counter.period}] = counter.used;
    return {};
  }

  Result<std::vector<Counter>> counters() override {
    const std::lock_guard held(mutex_);
    std::vector<Counter> found;
    for (const auto& [id, used] : counters_) found.push_back({id.first, id.second, used});
    return found;
  }

  Result<void> backup(const std::string& path) override {
    if (std::ifstream(path)) return fail(ErrorCode::unreadable, "exists");
    std::ofstream(path) << "a copy\n";
    return {};
  }
  Result<void> healthy() override { return {}; }

 private:
  template <class Record>
  static void put(std::vector<Record>& records, const Record& record) {
    const auto known = std::ranges::find(records, record.id, &Record::id);
    if (known == records.end()) {
      records.push_back(record);
    } else {
      *known = record;
    }
  }

  static Result<void> check(const Everything& all) {
    std::set<authority::Digest> digests;
    for (const auto& key : all.keys) {
      if (!digests.insert(key.digest).second) return fail(ErrorCode::usage, "same SHA-256");
      if (std::ranges::find(all.accounts, key.account, &authority::Account::id) ==
          all.accounts.end()) {
        return fail(ErrorCode::usage, "no such account");
      }
    }
    return {};
  }

  static bool fits(const DecisionFilter& filter, const DecisionRecord& record) {
    return (filter.key.empty() || filter.key == record.key) &&
           (filter.account.empty() || filter.account == record.account) &&
           (filter.cause.empty() || filter.cause == record.cause) &&
           (!filter.allowed || *filter.allowed == record.cause.empty()) &&
           record.at_us >= filter.from_us && record.at_us < filter.until_us;
  }

  std::mutex mutex_;
  Everything all_;
  std::vector<AuditEntry> audit_;
  std::vector<DecisionRecord> decisions_;
  std::map<std::tuple<std::string, std::string, std::string>, Use> uses_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counters_;
};

}  // namespace locksmith::store

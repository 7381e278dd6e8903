#include "authority/limits.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <random>

namespace locksmith::authority {
namespace {

using Nanoseconds = std::int64_t;

Nanoseconds nanoseconds(Instant now) { return now.time_since_epoch().count() * 1000; }

// The generic cell rate algorithm (ITU-T I.371): one number per cell, the time at which it would be
// full again ("theoretical arrival time"). Each request moves it on by `interval`; it may run ahead
// of now by at most `window`.
struct Gcra {
  static constexpr Nanoseconds longest = 315'360'000'000'000'000;  // ten years
  Nanoseconds interval, window = 0;
  std::uint32_t limit;

  explicit Gcra(const Rate& rate)
      : interval(std::max<Nanoseconds>(
            1, std::chrono::nanoseconds(rate.period).count() / std::max(1u, rate.requests))),
        limit(rate.requests) {
    const std::int64_t burst = rate.burst ? rate.burst : std::max(1u, rate.requests);
    window = burst > longest / interval ? std::max(longest, interval) : interval * burst;
  }

  // From where the next request counts. Further ahead than `window` it can only be because the
  // clock went back, or the limit was lowered: then as if all of it were used up just now.
  Nanoseconds start(Nanoseconds tat, Nanoseconds now) const {
    return std::clamp(tat, now, now + window);
  }
  bool passes(Nanoseconds start, Nanoseconds now) const { return start + interval <= now + window; }

  RateStatus status(const Rate& rate, Nanoseconds start, Nanoseconds now, bool passed) const {
    RateStatus out{.limited = true, .passed = passed, .limit = limit, .period = rate.period};
    out.remaining = static_cast<std::uint32_t>((now + window - start) / interval);
    out.reset = std::chrono::microseconds((start - now + 999) / 1000);
    if (!passed)
      out.retry = std::chrono::microseconds((start + interval - now - window + 999) / 1000);
    return out;
  }
};

// The cell's time, mended when it lies further ahead than it can: were it left there, whoever is
// refused now would be refused until the clock is there again.
Nanoseconds mended(std::atomic<Nanoseconds>& cell, const Gcra& gcra, Nanoseconds now) {
  Nanoseconds tat = cell.load(std::memory_order_relaxed);
  while (tat > now + gcra.window) {
    if (cell.compare_exchange_weak(tat, now + gcra.window, std::memory_order_relaxed))
      return now + gcra.window;
  }
  return tat;
}

RateStatus take_rate(std::atomic<Nanoseconds>& cell, const Rate& rate, Nanoseconds now) {
  const Gcra gcra(rate);
  Nanoseconds tat = mended(cell, gcra, now);
  while (true) {
    const Nanoseconds start = gcra.start(tat, now);
    if (!gcra.passes(start, now)) return gcra.status(rate, start, now, false);
    const Nanoseconds next = start + gcra.interval;
    if (cell.compare_exchange_weak(tat, next, std::memory_order_relaxed))
      return gcra.status(rate, next, now, true);
  }
}

RateStatus peek_rate(Nanoseconds tat, const Rate& rate, Nanoseconds now) {
  const Gcra gcra(rate);
  const Nanoseconds start = gcra.start(tat, now);
  return gcra.status(rate, start, now, gcra.passes(start, now));
}

// A calendar period as one number, and when it ends.
struct Calendar {
  std::uint64_t number;
  std::chrono::seconds left;
};

Calendar calendar(Quota::Period period, Instant now) {
  using namespace std::chrono;
  const auto day = floor<days>(now);
  if (period == Quota::Period::day) {
    return {static_cast<std::uint64_t>(day.time_since_epoch().count()),
            ceil<seconds>(day + days(1) - now)};
  }
  // Months are long: each thread remembers the one that it computed last.
  struct Month {
    sys_days first{days(1)}, next{days(0)};  // none
    std::uint64_t number = 0;
  };
  thread_local Month month;
  if (day < month.first || day >= month.next) {
    const year_month_day date(day);
    month.first = sys_days(date.year() / date.month() / 1);
    month.next = sys_days((date.year() / date.month() + months(1)) / 1);
    month.number = static_cast<std::uint64_t>(static_cast<int>(date.year()) * 12) +
                   static_cast<unsigned>(date.month());
  }
  return {month.number, ceil<seconds>(month.next - now)};
}

// Count, number of the calendar period and its kind in one word, so that they change together.
constexpr unsigned count_bits = 43, number_bits = 20;
constexpr std::uint64_t count_mask = (std::uint64_t{1} << count_bits) - 1;

std::uint64_t number_in(std::uint64_t word) {
  return word >> count_bits & ((1u << number_bits) - 1);
}

std::uint64_t quota_word(Quota::Period period, std::uint64_t number, std::uint64_t count) {
  const std::uint64_t kind = period == Quota::Period::month ? 1 : 0;
  return kind << 63 | (number & ((1u << number_bits) - 1)) << count_bits |
         std::min(count, count_mask);
}

// How much of `period` is used. A period that lies ahead is there because the clock went back: what
// was used in it counts now, so that nobody gets a fresh one.
std::uint64_t used(std::uint64_t word, Quota::Period period, std::uint64_t number) {
  const bool same_kind = (word >> 63 == 1) == (period == Quota::Period::month);
  return same_kind && number_in(word) >= number ? word & count_mask : 0;
}

// One more used. After a small step back over the end of a period the count stays with the period
// that had begun, or going forth and back would give a fresh one each time.
std::uint64_t one_more(std::uint64_t word, Quota::Period period, std::uint64_t number) {
  const std::uint64_t count = used(word, period, number);
  const bool stepped_back = count > 0 && number_in(word) == number + 1;
  return quota_word(period, stepped_back ? number + 1 : number, count + 1);
}

// As for a rate: a count of a period far ahead counts for the current one, and ends with it.
std::uint64_t mended(std::atomic<std::uint64_t>& cell, Quota::Period period, std::uint64_t number) {
  std::uint64_t word = cell.load(std::memory_order_relaxed);
  const std::uint64_t count = used(word, period, number);
  if (count == 0 || number_in(word) <= number + 1) return word;
  const std::uint64_t better = quota_word(period, number, count);
  return cell.compare_exchange_strong(word, better, std::memory_order_relaxed) ? better : word;
}

QuotaStatus quota_status(const Quota& quota, std::uint64_t used, bool passed, const Calendar& at) {
  return {
      .limited = true, .passed = passed, .limit = quota.requests, .used = used, .reset = at.left};
}

struct Cell {
  std::atomic<Nanoseconds> tat{0};
  std::atomic<std::uint64_t> quota{0};
};

// Cells in pages that are made when they are first used: a key without a limit costs nothing.
class Cells {
 public:
  static constexpr std::size_t page_size = 1 << 14, pages = 1 << 14;

  Cells() : pages_(new std::atomic<Cell*>[pages] {}) {}
  ~Cells() {
    for (std::size_t i = 0; i < pages; ++i) std::free(pages_[i].load());
  }
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;

  Cell& at(std::uint32_t index) {
    std::atomic<Cell*>& slot = pages_[index / page_size % pages];
    Cell* page = slot.load(std::memory_order_acquire);
    if (!page) page = make(slot);
    return page[index % page_size];
  }
  const Cell* peek(std::uint32_t index) const {
    const Cell* page = pages_[index / page_size % pages].load(std::memory_order_acquire);
    return page ? page + index % page_size : nullptr;
  }

 private:
  // calloc, so that the system gives memory only for cells that are written to.
  static Cell* make(std::atomic<Cell*>& slot) {
    static_assert(std::atomic<Nanoseconds>::is_always_lock_free && sizeof(Cell) == 16);
    auto* fresh = static_cast<Cell*>(std::calloc(page_size, sizeof(Cell)));
    if (!fresh) std::abort();
    Cell* expected = nullptr;
    if (slot.compare_exchange_strong(expected, fresh, std::memory_order_acq_rel)) return fresh;
    std::free(fresh);
    return expected;
  }

  std::unique_ptr<std::atomic<Cell*>[]> pages_;
};

// Wrong keys per address: a table of fixed size. In each set of 8 the entry that would be let in
// soonest makes room, so that nobody gets rid of a penalty by coming from many addresses.
class Guesses {
 public:
  Guesses() : sets_(new Set[sets]{}), seed_(std::random_device{}()) {
    seed_ = seed_ << 32 | std::random_device{}();
  }

  Nanoseconds tat(const Address& client) const {
    const std::uint64_t tag = tag_of(client);
    for (const Entry& entry : sets_[tag % sets].entries) {
      if (entry.tag.load(std::memory_order_relaxed) == tag) return entry.tat.load();
    }
    return 0;
  }
  std::atomic<Nanoseconds>& cell(const Address& client) {
    const std::uint64_t tag = tag_of(client);
    auto& entries = sets_[tag % sets].entries;
    Entry* oldest = entries.data();
    for (Entry& entry : entries) {
      if (entry.tag.load(std::memory_order_relaxed) == tag) return entry.tat;
      if (entry.tat.load() < oldest->tat.load()) oldest = &entry;
    }
    oldest->tat.store(0);
    oldest->tag.store(tag, std::memory_order_relaxed);
    return oldest->tat;
  }

 private:
  struct Entry {
    std::atomic<std::uint64_t> tag{0};
    std::atomic<Nanoseconds> tat{0};
  };
  struct Set {
    std::array<Entry, 8> entries;
  };
  static constexpr std::size_t sets = 1 << 13;

  // Of an IPv6 address only the network: a /64 is what one customer has (RFC 6177). Seeded, so that
  // nobody can choose addresses that share a set.
  std::uint64_t tag_of(const Address& client) const {
    const bool ipv4 = parse_network(client);
    std::uint64_t hash = seed_;
    const std::size_t from = ipv4 ? 12 : 0, to = ipv4 ? 16 : 8;
    for (std::size_t i = from; i < to; ++i) {
      hash = (hash ^ client.bytes[i]) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 29;
    }
    hash = (hash ^ (ipv4 ? 4u : 6u)) * 0xbf58476d1ce4e5b9u;
    return (hash ^ hash >> 32) | 1u << 31;  // never 0, which is a free entry's
  }
  static bool parse_network(const Address& client) {
    static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(mapped.begin(), mapped.end(), client.bytes.begin());
  }

  std::unique_ptr<Set[]> sets_;
  std::uint64_t seed_;
};

}  // namespace

struct Limits::Impl {
  Cells keys, accounts;
  std::shared_ptr<Guesses> guesses = std::make_shared<Guesses>();

  Cells& of(CellId cell) { return cell.of_account ? accounts : keys; }
};

Limits::Limits() : impl_(std::make_unique<Impl>()) {}
Limits::~Limits() = default;

RateStatus Limits::take(CellId cell, const Rate& rate, Instant now) {
  RateStatus out = take_rate(impl_->of(cell).at(cell.index).tat, rate, nanoseconds(now));
  out.of_account = cell.of_account;
  return out;
}

RateStatus Limits::peek(CellId cell, const Rate& rate, Instant now) const {
  const Cell* at = impl_->of(cell).peek(cell.index);
  RateStatus out =
      peek_rate(at ? at->tat.load(std::memory_order_relaxed) : 0, rate, nanoseconds(now));
  out.of_account = cell.of_account;
  return out;
}

void Limits::prefetch(CellId cell) const { __builtin_prefetch(impl_->of(cell).peek(cell.index)); }

bool Limits::passes(CellId cell, const Rate& rate, Instant now) {
  const Gcra gcra(rate);
  const Nanoseconds time = nanoseconds(now);
  return gcra.passes(gcra.start(mended(impl_->of(cell).at(cell.index).tat, gcra, time), time),
                     time);
}

bool Limits::passes(CellId cell, const Quota& quota, Instant now) {
  const Calendar at = calendar(quota.period, now);
  return used(mended(impl_->of(cell).at(cell.index).quota, quota.period, at.number), quota.period,
              at.number) < quota.requests;
}

QuotaStatus Limits::take(CellId cell, const Quota& quota, Instant now) {
  const Calendar at = calendar(quota.period, now);
  std::atomic<std::uint64_t>& word = impl_->of(cell).at(cell.index).quota;
  std::uint64_t old = mended(word, quota.period, at.number);
  QuotaStatus out;
  while (true) {
    const std::uint64_t count = used(old, quota.period, at.number);
    if (count >= quota.requests) {
      out = quota_status(quota, count, false, at);
      break;
    }
    if (word.compare_exchange_weak(old, one_more(old, quota.period, at.number),
                                   std::memory_order_relaxed)) {
      out = quota_status(quota, count + 1, true, at);
      break;
    }
  }
  out.of_account = cell.of_account;
  return out;
}

QuotaStatus Limits::peek(CellId cell, const Quota& quota, Instant now) const {
  const Calendar at = calendar(quota.period, now);
  const Cell* found = impl_->of(cell).peek(cell.index);
  const std::uint64_t count =
      found ? used(found->quota.load(std::memory_order_relaxed), quota.period, at.number) : 0;
  QuotaStatus out = quota_status(quota, count, count < quota.requests, at);
  out.of_account = cell.of_account;
  return out;
}

void Limits::restore(CellId cell, const Quota& quota, std::uint64_t count, Instant now) {
  const Calendar at = calendar(quota.period, now);
  impl_->of(cell).at(cell.index).quota.store(quota_word(quota.period, at.number, count));
}

void Limits::carry_over(const Limits& from, CellId theirs, CellId mine) {
  const Cell* old = from.impl_->of(theirs).peek(theirs.index);
  const auto tat = old ? old->tat.load(std::memory_order_relaxed) : 0;
  const auto quota = old ? old->quota.load(std::memory_order_relaxed) : 0;
  if (tat == 0 && quota == 0) return;
  Cell& cell = impl_->of(mine).at(mine.index);
  cell.tat.store(tat, std::memory_order_relaxed);
  cell.quota.store(quota, std::memory_order_relaxed);
}

void Limits::share_guesses(const Limits& other) { impl_->guesses = other.impl_->guesses; }

RateStatus Limits::guesses(const Address& client, const Rate& rate, Instant now) const {
  return peek_rate(impl_->guesses->tat(client), rate, nanoseconds(now));
}

void Limits::wrong_key(const Address& client, const Rate& rate, Instant now) {
  take_rate(impl_->guesses->cell(client), rate, nanoseconds(now));
}

std::string period_name(Quota::Period period, Instant now) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(now));
  std::string out = std::to_string(static_cast<int>(date.year()));
  const auto two = [](unsigned n) { return (n < 10 ? "-0" : "-") + std::to_string(n); };
  out += two(static_cast<unsigned>(date.month()));
  return period == Quota::Period::month ? out : out + two(static_cast<unsigned>(date.day()));
}

}  // namespace locksmith::authority

// Rate limits by GCRA and quotas by calendar period: the only thing that a decision changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "authority/address.hpp"
#include "authority/key.hpp"

namespace locksmith::authority {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

struct RateStatus {
  bool limited = false;  // a limit applies
  bool passed = true;
  std::uint32_t limit = 0;  // requests per `period`
  std::uint32_t remaining = 0;
  std::chrono::seconds period{0};
  std::chrono::microseconds reset{0};  // until `remaining` is full again
  std::chrono::microseconds retry{0};  // until one more request would pass; 0 when passed
  bool of_account = false;             // for all keys of the account together
};

struct QuotaStatus {
  bool limited = false;
  bool passed = true;
  std::uint64_t limit = 0;
  std::uint64_t used = 0;
  std::chrono::seconds reset{0};  // until the period ends
  bool of_account = false;
};

// Whose budget it is: the index of a key or of an account (snapshot.hpp).
struct CellId {
  std::uint32_t index = 0;
  bool of_account = false;
};

// "2026-11" or "2026-11-21": names a quota's period, for counters that are kept (store.hpp).
std::string period_name(Quota::Period period, Instant now);

// Safe for use by all threads at once. A clock that goes back gives nobody a burst and blocks
// nobody for longer than the limit's own period.
class Limits {
 public:
  Limits();
  ~Limits();

  // Takes one request from the cell, if there is one left.
  RateStatus take(CellId cell, const Rate& rate, Instant now);
  QuotaStatus take(CellId cell, const Quota& quota, Instant now);
  // As `take` would answer, without taking.
  RateStatus peek(CellId cell, const Rate& rate, Instant now) const;
  QuotaStatus peek(CellId cell, const Quota& quota, Instant now) const;

  // Only whether it would pass.
  bool passes(CellId cell, const Rate& rate, Instant now);
  bool passes(CellId cell, const Quota& quota, Instant now);
  void prefetch(CellId cell) const;  // will be asked for soon

  // After a restart: what the store says was used up of the period that `now` lies in.
  void restore(CellId cell, const Quota& quota, std::uint64_t used, Instant now);

  // What was used up of another's cell, rates and quotas. It may be in use meanwhile.
  void carry_over(const Limits& from, CellId theirs, CellId mine);
  // From now on wrong keys count for both. Before anybody uses this one.
  void share_guesses(const Limits& other);

  // Wrong keys per address (IPv6: per /64): whether one more may be tried, and that one was wrong.
  RateStatus guesses(const Address& client, const Rate& rate, Instant now) const;
  void wrong_key(const Address& client, const Rate& rate, Instant now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace locksmith::authority

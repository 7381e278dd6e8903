// Rate limits by GCRA and quotas by calendar period: the only thing that a decision changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
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
  bool of_account = false;             // the account's limit, not the key's or plan's
};

struct QuotaStatus {
  bool limited = false;
  bool passed = true;
  std::uint64_t limit = 0;
  std::uint64_t used = 0;
  std::chrono::seconds reset{0};  // until the period ends
  bool of_account = false;
};

// Safe for use by all threads at once. A clock that goes back gives nobody a burst and blocks
// nobody for longer than the limit's own period.
class Limits {
 public:
  Limits();
  ~Limits();

  // Takes one request from the cell; `cell` is the index of a key or an account (snapshot.hpp).
  RateStatus take(std::uint32_t cell, const Rate& rate, Instant now);
  QuotaStatus take(std::uint32_t cell, const Quota& quota, Instant now);
  // As `take` would answer, without taking.
  RateStatus peek(std::uint32_t cell, const Rate& rate, Instant now) const;
  QuotaStatus peek(std::uint32_t cell, const Quota& quota, Instant now) const;

  // Wrong keys per address (IPv6: per /64): whether one more may be tried, and that one was wrong.
  RateStatus guesses(const Address& client, const Rate& rate, Instant now) const;
  void wrong_key(const Address& client, const Rate& rate, Instant now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace locksmith::authority

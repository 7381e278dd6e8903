// A key as decisions see it: what every decision looks at in the first 64 bytes, one line of the
// cache; what some look at in the next; its texts beside them in the shard (shard.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "authority/compiled.hpp"
#include "authority/key.hpp"

namespace locksmith::authority {

struct alignas(64) KeyRecord {
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();

  Digest digest{};
  const CompiledGrant* grant = nullptr;
  std::int64_t expires = never;  // seconds since 1970
  std::int64_t not_before = always;
  std::uint32_t account = 0;      // index
  std::uint16_t environment = 0;  // index of a name (Names)
  KeyState state = KeyState::active;
  bool limited = false;  // has a rate of its own

  std::int64_t grace_until = always;  // of a rotated key
  std::int64_t since = always;
  std::int64_t created = 0;
  std::uint32_t cell = 0;  // of Limits
  std::uint32_t requests = 0, period = 0, burst = 0;
  std::uint32_t finish_when_unused = 0;
  std::uint32_t text = 0;  // offset into the shard's texts

  Rate rate() const { return {requests, std::chrono::seconds(period), burst}; }
};
static_assert(sizeof(KeyRecord) == 128);

}  // namespace locksmith::authority

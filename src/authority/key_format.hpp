// What our own keys look like, and what is wrong with one that does not: told from the text alone,
// so that telling it gives nothing away.
//
//   lks_live_ RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR CCCCCC
//   prefix    32 base62 characters, 190 bits   CRC-32 of them in base62, as GitHub's tokens have it
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "authority/cause.hpp"
#include "authority/policy.hpp"
#include "base/secret.hpp"

namespace locksmith::authority {

inline constexpr std::size_t random_size = 32;
inline constexpr std::size_t checksum_size = 6;
// A longer key, ours or imported, is never looked up.
inline constexpr std::size_t max_key_size = 512;

// From the system's generator; aborts when that gives nothing.
base::Secret make_secret(std::string_view prefix);
std::string make_id(std::string_view prefix);  // "key_" or "acct_" and 16 base62 characters
// What tells people which key it is: prefix and last four characters, "lks_live_…7f2a".
std::string hint_of(std::string_view key, std::span<const Environment> environments);

struct FormFault {
  Cause cause = Cause::malformed;
  std::size_t at = 0;  // offset of what is wrong
  std::string what;    // "it ends 4 characters early"; shows no part of the key
  std::string fix;     // what the sender does about it; may be empty
};
// What is wrong with a key that is not known, for an API that takes keys of `wanted` (empty: any).
// A key of a form that is not ours may have been imported: only evident defects count there.
std::optional<FormFault> examine(std::string_view key, std::span<const Environment> environments,
                                 std::string_view wanted = {});

}  // namespace locksmith::authority

// SHA-256 (FIPS 180-4) of a few bytes: the fingerprint of every key, and the path of every decision.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace locksmith::base {

using Sha256 = std::array<std::uint8_t, 32>;
Sha256 sha256_of(std::string_view bytes);

}  // namespace locksmith::base

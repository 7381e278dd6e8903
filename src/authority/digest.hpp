// SHA-256 of a key, on the path of every decision.
#pragma once

#include <string_view>

#include "authority/key.hpp"

namespace locksmith::authority {

Digest digest_of(std::string_view secret);
// In constant time: how far two digests agree is told to nobody.
bool same_digest(const Digest& a, const Digest& b);

}  // namespace locksmith::authority

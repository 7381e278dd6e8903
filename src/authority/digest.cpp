#include "authority/digest.hpp"

#include <cstdint>
#include <cstring>

#include "base/sha256.hpp"

namespace locksmith::authority {

Digest digest_of(std::string_view secret) { return base::sha256_of(secret); }

bool same_digest(const Digest& a, const Digest& b) {
  // As CRYPTO_memcmp, which goes byte by byte: no branch until all of it has been looked at.
  std::uint64_t x[4], y[4];
  std::memcpy(x, a.data(), sizeof x);
  std::memcpy(y, b.data(), sizeof y);
  return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3])) == 0;
}

}  // namespace locksmith::authority

// SHA256() and its parts are deprecated since OpenSSL 3 in favour of EVP, whose setting up costs as
// much again as the hash of a key: a fifth of a whole decision.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "authority/digest.hpp"

#include <openssl/sha.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace locksmith::authority {

Digest digest_of(std::string_view secret) {
  SHA256_CTX context;
  Digest digest;
  if (SHA256_Init(&context) != 1 || SHA256_Update(&context, secret.data(), secret.size()) != 1 ||
      SHA256_Final(digest.data(), &context) != 1) {
    std::abort();
  }
  return digest;
}

bool same_digest(const Digest& a, const Digest& b) {
  // As CRYPTO_memcmp, which goes byte by byte: no branch until all of it has been looked at.
  std::uint64_t x[4], y[4];
  std::memcpy(x, a.data(), sizeof x);
  std::memcpy(y, b.data(), sizeof y);
  return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3])) == 0;
}

}  // namespace locksmith::authority

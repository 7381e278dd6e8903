// SHA256_Init() and its sisters are deprecated since OpenSSL 3 in favour of EVP. That one sets up the
// whole library at its first call, which is a millisecond of a program that is over in six, and costs
// as much again as the hash of a key at every other.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.hpp"

#include <openssl/sha.h>

#include <cstdlib>

namespace locksmith::base {

Sha256 sha256_of(std::string_view bytes) {
  SHA256_CTX context;
  Sha256 digest;
  if (SHA256_Init(&context) != 1 || SHA256_Update(&context, bytes.data(), bytes.size()) != 1 ||
      SHA256_Final(digest.data(), &context) != 1) {
    std::abort();
  }
  return digest;
}

}  // namespace locksmith::base

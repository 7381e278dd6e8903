// Eight characters of time, fourteen of a generator that the system seeds per thread: 83 bits, so
// that nobody finds another's decision by trying.
#include "server/request_id.hpp"

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace locksmith::server {
namespace {

constexpr char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t random_characters = 14;

// Bytes of the system's generator, many at a time.
class Randomness {
 public:
  std::uint8_t byte() {
    if (next_ == bytes_.size()) {
      if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1) std::abort();
      next_ = 0;
    }
    return bytes_[next_++];
  }
  // Even: bytes that would favour the first letters are thrown away.
  char letter() {
    std::uint8_t one = byte();
    while (one >= 248) one = byte();
    return alphabet[one % 62];
  }

 private:
  std::array<std::uint8_t, 4096> bytes_;
  std::size_t next_ = bytes_.size();
};

}  // namespace

std::string_view next_request_id(authority::Instant now) {
  thread_local Randomness randomness;
  thread_local std::array<char, 26> text{'r', 'e', 'q', '_'};
  auto time = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
  for (std::size_t i = 8; i-- > 0; time /= 62) text[4 + i] = alphabet[time % 62];
  for (std::size_t i = 0; i < random_characters; ++i) text[12 + i] = randomness.letter();
  return {text.data(), text.size()};
}

}  // namespace locksmith::server

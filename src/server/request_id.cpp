// Eight characters of time, fourteen of a generator that the system seeds per thread: 83 bits, so
// that nobody finds another's decision by trying.
#include "server/request_id.hpp"

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace locksmith::server {
namespace {

constexpr char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t at_once = 7;      // of the letters that one random number makes
constexpr std::uint64_t numbers = [] {  // as many texts of so many letters there are
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < at_once; ++i) count *= 62;
  return count;
}();

// Bytes of the system's generator, many at a time.
class Randomness {
 public:
  // Below `numbers`. Even: what would favour the first texts is thrown away.
  std::uint64_t number() {
    auto one = word();
    while (one >= UINT64_MAX / numbers * numbers) one = word();
    return one % numbers;
  }

 private:
  std::uint64_t word() {
    if (next_ == words_.size()) {
      if (RAND_bytes(reinterpret_cast<unsigned char*>(words_.data()), sizeof words_) != 1)
        std::abort();
      next_ = 0;
    }
    return words_[next_++];
  }

  std::array<std::uint64_t, 512> words_;
  std::size_t next_ = words_.size();
};

void write_letters(std::uint64_t number, std::span<char> out) {
  for (auto at = out.size(); at-- > 0; number /= 62) out[at] = alphabet[number % 62];
}

}  // namespace

std::string_view next_request_id(authority::Instant now) {
  thread_local Randomness randomness;
  thread_local std::array<char, 26> text{'r', 'e', 'q', '_'};
  const std::span<char> letters = std::span(text).subspan(4);
  write_letters(static_cast<std::uint64_t>(
                    std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count()),
                letters.first(8));
  write_letters(randomness.number(), letters.subspan(8, at_once));
  write_letters(randomness.number(), letters.subspan(8 + at_once, at_once));
  return {text.data(), text.size()};
}

}  // namespace locksmith::server

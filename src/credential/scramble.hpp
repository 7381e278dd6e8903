// Letter by letter replacement within a character class. Internal to surrogates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace locksmith::credential {

// Random numbers drawn from SHA-256 of seed and secret: the same for the same two, and not to be
// traced back to the secret without the seed.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view secret);
  std::uint32_t below(std::uint32_t n);

 private:
  std::string key_, block_;
  std::size_t at_ = 0;
  unsigned counter_ = 0;
};

// `text` with each letter and digit replaced by another of its class.
std::string scramble(std::string_view text, Dice& dice);

}  // namespace locksmith::credential

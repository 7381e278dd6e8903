// Keys for tests, made at run time so that none stands in the source.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace locksmith::credential {

inline constexpr std::uint64_t kSeed = 7;

inline std::string random_text(
    std::size_t size, std::uint32_t seed,
    std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  std::mt19937 random(seed);
  std::string out;
  while (out.size() < size) out += alphabet[random() % alphabet.size()];
  return out;
}

inline std::string checksum_of(std::string_view text) {
  constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string out(6, '0');
  std::uint32_t crc = base::crc32(text);
  for (std::size_t i = 6; i-- > 0; crc /= 62) out[i] = kDigits[crc % 62];
  return out;
}

inline std::string github_key(std::uint32_t seed) {
  const std::string random = random_text(30, seed);
  return "ghp_" + random + checksum_of(random);
}

inline char class_of(char c) {
  return c >= '0' && c <= '9' ? '0' : c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : c;
}
inline std::string classes(std::string text) {
  for (char& c : text) c = class_of(c);
  return text;
}

}  // namespace locksmith::credential

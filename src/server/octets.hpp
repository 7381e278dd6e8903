// Kinds of bytes that HTTP tells apart, and the searches that a request's head is read with: one
// look at a table, or 64 bytes at a time.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "http/token.hpp"

namespace locksmith::server {

inline bool is_space(char c) { return c == ' ' || c == '\t'; }  // OWS, BWS: RFC 9110 section 5.6.3
inline bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Bit n: the n-th of the 64 bytes at `at` is a control character.
inline std::uint64_t plain_controls_of_64(const char* at) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 64; ++i) bits |= std::uint64_t{is_control(at[i])} << i;
  return bits;
}

#ifdef __SSE2__  // every x86-64 has it; without it a head costs twice as much
inline std::uint64_t controls_of_16(const char* at) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i below = _mm_cmpeq_epi8(_mm_min_epu8(octets, _mm_set1_epi8(0x1f)), octets);
  const __m128i found = _mm_or_si128(below, _mm_cmpeq_epi8(octets, _mm_set1_epi8(0x7f)));
  return static_cast<unsigned>(_mm_movemask_epi8(found));
}
inline std::uint64_t controls_of_64(const char* at) {
  return controls_of_16(at) | controls_of_16(at + 16) << 16 | controls_of_16(at + 32) << 32 |
         controls_of_16(at + 48) << 48;
}
// How many of the 16 bytes at `at` are letters or '-', before one that is not.
inline int plain_name_of_16(const char* at) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i rank = _mm_sub_epi8(_mm_or_si128(octets, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
  const __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(rank, _mm_set1_epi8(25)), rank);
  const __m128i found = _mm_or_si128(letters, _mm_cmpeq_epi8(octets, _mm_set1_epi8('-')));
  return std::countr_one(static_cast<std::uint32_t>(_mm_movemask_epi8(found)));
}
#else
inline std::uint64_t controls_of_64(const char* at) { return plain_controls_of_64(at); }
inline int plain_name_of_16(const char*) { return 0; }
#endif

// Behind the token at `at`. A byte that ends it must be known to follow, as CR does in a line; up
// to `end` may be read.
inline const char* skip_token(const char* at, const char* end) {
  if (end - at >= 16) at += plain_name_of_16(at);
  while (http::is_token_octet(*at)) ++at;
  return at;
}

// The same of the bytes of `text` from `at` on, 64 or as many as there are.
inline std::uint64_t controls_from(const char* at, std::string_view text) {
  const char* const end = text.data() + text.size();
  const auto rest = static_cast<std::size_t>(end - at);
  if (rest >= 64) return controls_of_64(at);
  if (text.size() >= 64) return controls_of_64(end - 64) >> (64 - rest);
  char copy[64];
  std::memset(copy, ' ', sizeof copy);
  std::memcpy(copy, at, rest);
  return controls_of_64(copy);
}

}  // namespace locksmith::server

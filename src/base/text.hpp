// The few operations on text that neither the standard library nor Abseil has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace locksmith::base {

bool equals_ignoring_case(std::string_view a, std::string_view b);
// Position of `needle` in `text`, ASCII case ignored; npos when it does not occur.
std::size_t find_ignoring_case(std::string_view text, std::string_view needle);
bool contains_ignoring_case(std::string_view text, std::string_view needle);
std::string lower(std::string_view text);
std::string_view trim(std::string_view text);  // ASCII white space on both ends

// %XX decoded, everything else kept, also a stray '%'. `plus_is_space`: as in a form or a query.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
// What is not unreserved (RFC 3986 section 2.3) becomes %XX.
std::string percent_encode(std::string_view text);

// Standard alphabet, padding optional. Anything outside the alphabet, a line break too, is nullopt.
std::optional<std::string> base64_decode(std::string_view text);
std::optional<std::string> base64url_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

std::string hex(std::string_view bytes);
std::string sha256(std::string_view bytes);   // 32 raw bytes
std::uint32_t crc32(std::string_view bytes);  // ISO-HDLC, as in zlib

// One code point of a UTF-8 text. An invalid byte is a code point of size 1 with `valid` false.
struct CodePoint {
  char32_t value = 0;
  std::size_t offset = 0;  // in bytes
  std::size_t size = 1;    // in bytes
  bool valid = true;
};
CodePoint code_point_at(std::string_view text, std::size_t offset);
bool is_valid_utf8(std::string_view text);

// Safe to show on a terminal: control characters, invalid UTF-8, bidirectional and zero-width
// characters become \n, \x1b, <U+200B>.
std::string printable(std::string_view text);

// "1 request", "2 requests".
std::string count_of(std::size_t n, std::string_view singular, std::string_view plural = {});

// Names a secret without showing it: a short prefix, the length and eight hex digits of its
// SHA-256, e.g. `ghp_… (40 characters, sha256 1f0c22ab)`. Two copies can be compared by it.
std::string fingerprint(std::string_view secret);

}  // namespace locksmith::base

// Key shapes: what a kind of key looks like, as data. The language is the part of regular
// expressions that vendors and secret scanners need, small enough that besides matching we can say
// how far off a value is and make examples of it:
//
//   literal characters, \-escapes, classes [A-Za-z0-9_-] \d \w, groups (a|b|c) or (?:a|b|c), and
//   {n} {n,m} {n,} ? * + behind any of them. A shape always matches a whole value; `^` and `$` at
//   its ends say nothing more.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace locksmith::credential {

enum class Checksum {
  none,
  crc32_base62,  // the last 6 characters are the CRC-32 of what stands between prefix and them, in
                 // base62:
                 // https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
};

class Shape {
 public:
  static Result<Shape> parse(std::string_view pattern);

  bool matches(std::string_view value) const;
  std::size_t min_length() const { return min_length_; }
  std::size_t max_length() const { return max_length_; }  // npos: unlimited
  std::string_view literal_prefix() const { return prefix_; }

  // Why a value does not match, for a value that starts with the literal prefix.
  struct Mismatch {
    std::size_t matched = 0;     // how many bytes fit the shape
    long missing = 0;            // > 0: characters too short; < 0: too long; 0: length is possible
    bool bad_character = false;  // the byte at `matched` is outside the alphabet of that place
  };
  Mismatch mismatch(std::string_view value) const;

  // A value of this shape, always the same for the same seed. Repeated parts take their minimum;
  // unlimited ones at least 24 characters.
  std::string generate(std::uint64_t seed) const;

  struct Element;  // internal to shape.cpp

 private:
  // A nondeterministic automaton, run over all its live states at once: no value, however hostile,
  // takes more than size × states steps (Thompson, CACM 11(6), 1968).
  std::vector<Element> elements_;
  std::vector<std::bitset<256>> classes_;
  std::uint32_t start_ = 0;
  std::string pattern_;
  std::string prefix_;
  std::size_t min_length_ = 0, max_length_ = 0;

 public:
  Shape();
  ~Shape();
  Shape(const Shape&);
  Shape(Shape&&) noexcept;
  Shape& operator=(const Shape&);
  Shape& operator=(Shape&&) noexcept;
};

// The literal characters that every value of the shape starts with.
std::string literal_prefix(std::string_view pattern);

bool checksum_holds(Checksum checksum, std::string_view value);
// `value` with its checksum part replaced by the right (or, for `valid` false, a wrong) one.
std::string with_checksum(Checksum checksum, std::string value, bool valid = true);

}  // namespace locksmith::credential

// The character classes that a surrogate keeps: digits, the two cases, hexadecimal words, and the
// letters of other alphabets.
#include "credential/scramble.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_lower(c) || is_upper(c) || is_digit(c); }

// A hexadecimal key stays hexadecimal; a number keeps a first digit that is not 0.
char other_of_class(char c, bool hex, Dice& dice) {
  if (is_digit(c)) return static_cast<char>('1' + dice.below(9));
  if (is_lower(c)) return static_cast<char>('a' + dice.below(hex ? 6 : 26));
  if (is_upper(c)) return static_cast<char>('A' + dice.below(hex ? 6 : 26));
  return c;
}

bool is_hex_word(std::string_view text) {
  const auto is_hex = [](char c) {
    return !is_alnum(c) || is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return std::ranges::all_of(text, is_hex) && std::ranges::any_of(text, is_digit);
}

// Letters of alphabets that a password may be written in, each as large as its range; Unicode
// blocks Latin-1, Greek, Cyrillic, Hebrew, Arabic, Hiragana, CJK, Hangul.
constexpr std::array<std::pair<char32_t, char32_t>, 9> kAlphabets{{{0xe0, 0xf6},
                                                                   {0x3b1, 0x3c9},
                                                                   {0x410, 0x42f},
                                                                   {0x430, 0x44f},
                                                                   {0x5d0, 0x5ea},
                                                                   {0x627, 0x63a},
                                                                   {0x3042, 0x3093},
                                                                   {0x4e00, 0x9fa5},
                                                                   {0xac00, 0xd7a3}}};

void scramble_code_point(std::string& text, const base::CodePoint& point, Dice& dice) {
  for (const auto& [first, last] : kAlphabets) {
    if (point.value < first || point.value > last) continue;
    const char32_t other = first + dice.below(static_cast<std::uint32_t>(last - first + 1));
    for (std::size_t i = 0; i < point.size; ++i) {  // each range needs one length in UTF-8
      const std::size_t shift = 6 * (point.size - 1 - i);
      const unsigned char lead = point.size == 2 ? 0xc0 : 0xe0;
      text[point.offset + i] =
          static_cast<char>(i == 0 ? lead | (other >> shift) : 0x80 | ((other >> shift) & 0x3f));
    }
  }
}

// A foreign letter or two in a key are a defect, and kept; a password may consist of them.
bool is_written_in_foreign_letters(std::string_view text) {
  std::size_t foreign = 0;
  for (std::size_t i = 0; i < text.size();) {
    const base::CodePoint point = base::code_point_at(text, i);
    foreign += point.valid && point.size > 1;
    i += point.size;
  }
  return foreign > static_cast<std::size_t>(std::ranges::count_if(text, is_alnum));
}

}  // namespace

Dice::Dice(std::uint64_t seed, std::string_view secret)
    : key_(reinterpret_cast<const char*>(&seed), sizeof seed) {
  key_ = base::sha256(key_ + std::string(secret));
}

std::uint32_t Dice::below(std::uint32_t n) {
  if (at_ + 4 > block_.size()) {
    block_ = base::sha256(key_ + std::to_string(counter_++));
    at_ = 0;
  }
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(block_[at_++]);
  return number % n;
}

std::string scramble(std::string_view text, Dice& dice) {
  std::string out(text);
  const bool hex = is_hex_word(text), foreign = is_written_in_foreign_letters(text);
  for (std::size_t i = 0; i < out.size();) {
    const base::CodePoint point = base::code_point_at(text, i);
    if (point.size == 1) {
      out[i] = other_of_class(out[i], hex, dice);
    } else if (foreign && point.valid) {
      scramble_code_point(out, point, dice);
    }
    i += point.size;
  }
  return out;
}

}  // namespace locksmith::credential

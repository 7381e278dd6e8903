// Finds what does not belong into a key: white space, invisible characters, quotes, placeholders.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace locksmith::credential {

// Each kind leads to a cause of its own.
enum class Defect {
  white_space,     // space, tab, CR, LF, at an end or inside
  invisible,       // BOM, zero-width, NBSP, control character, bidirectional mark
  quote,           // a quote or another delimiter at an end, typographic ones too
  unexpanded,      // $NAME, ${NAME}, {{name}}, %NAME%, process.env.NAME: a variable never filled in
  null_word,       // undefined, null, None, NaN, nil: a value that was not there
  printed_object,  // [object Object], <function …>, a printed dict: code showed itself
  placeholder,     // YOUR_API_KEY, <token>, xxxx, changeme
  masked,          // sk-…abcd, ****, [REDACTED]: the display form of a key
  not_a_key,       // a URL, a file path, a sentence, an assignment NAME=value
  doubled_scheme,  // "Bearer Bearer x", "Authorization: x"
  url_encoded,     // %2B, %3D in a place that is not decoded
  non_ascii,       // letters outside ASCII
};

struct CharacterFinding {
  Defect defect;
  std::size_t offset = 0;   // in bytes, within the value
  std::size_t size = 0;     // in bytes
  char32_t code_point = 0;  // the first offending one, where there is one
  std::string what;         // "a line feed (U+000A) at the end"; shows no part of the key
  std::string cleaned;      // the value without the defect; empty when there is no such thing
};

// All defects of one value, the most telling first.
std::vector<CharacterFinding> find_defects(std::string_view value);
// The value with every removable defect removed; equal to `value` when there is none.
std::string clean(std::string_view value);

}  // namespace locksmith::credential

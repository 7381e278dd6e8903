// A secret is written in many ways: as it is, percent-encoded, escaped in JSON (also JSON within
// JSON). All of them are read here unit by unit, so that one matcher finds each mixture.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace locksmith::credential {

struct EscapedUnit {
  std::string bytes;     // what it stands for, UTF-8
  std::size_t size = 1;  // how many bytes of the text it takes
};

// `any`: however many backslashes stand before a name such as n are one escape, since JSON within
// JSON doubles them. `once`: each pair of backslashes is one, as in plain JSON.
enum class Backslashes { any, once };

// The unit at `offset`; `offset` < `text`.size().
EscapedUnit unit_at(std::string_view text, std::size_t offset, Backslashes = Backslashes::any);
// `text` with every unit replaced by what it stands for.
std::string unescape(std::string_view text);
// Writes `bytes`, as many as `unit` stands for, in the place and manner of `unit`.
void rewrite_unit(std::string& text, std::size_t offset, const EscapedUnit& unit,
                  std::string_view bytes);

}  // namespace locksmith::credential

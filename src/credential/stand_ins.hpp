// What is sent in place of a key: a variable that was never filled in, sample text, a masked key.
// Internal to characters.cpp; each looks at the whole value.
#pragma once

#include <optional>
#include <string_view>

#include "credential/characters.hpp"

namespace locksmith::credential {

// Letters, digits, '_' and '-' alone: nearly every key.
bool is_plain(std::string_view value);

std::optional<CharacterFinding> find_null_word(std::string_view value);
std::optional<CharacterFinding> find_unexpanded(std::string_view value);
std::optional<CharacterFinding> find_printed_object(std::string_view value);
std::optional<CharacterFinding> find_masked(std::string_view value);
std::optional<CharacterFinding> find_placeholder(std::string_view value);
std::optional<CharacterFinding> find_not_a_key(std::string_view value);

}  // namespace locksmith::credential

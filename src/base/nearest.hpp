// Which word somebody meant who misspelt one.
#pragma once

#include <span>
#include <string_view>

namespace locksmith::base {

// The word of `choice` that the fewest edits lead to (Levenshtein's distance); empty when none is
// so near that it can have been meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> choice);

}  // namespace locksmith::base

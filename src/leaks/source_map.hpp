// Source maps (ECMA-426): which file that a bundle was built from holds the byte at an offset.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace locksmith::leaks {

// "src/config.js:12"; empty when the byte stands in no original, or the map cannot be read.
std::string original_of(std::string_view map, std::size_t offset);

}  // namespace locksmith::leaks

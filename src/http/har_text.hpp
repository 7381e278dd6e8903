// How HAR, whose texts are UTF-8, carries bytes that are not: a readable form with replacement
// characters, and the exact bytes as base64 in a member of its own. HAR 1.2 reserves names that
// start with an underscore for such additions.
#pragma once

#include <string>
#include <string_view>

namespace locksmith::http {

constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";  // U+FFFD

inline std::string exact_name(std::string_view name) { return "_" + std::string(name) + "_base64"; }

}  // namespace locksmith::http

// Reads what a user names: a file, or `-` for standard input.
#pragma once

#include <string>

#include "base/result.hpp"

namespace locksmith::cli {

// At most 100 MB: evidence of one failure is smaller by far, and all of it is held in memory.
Result<std::string> read_input(const std::string& path);

}  // namespace locksmith::cli

// Reads a file that somebody else named: a command line, an archive, an environment.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"

namespace locksmith::base {

// The whole of a regular file. A device, a FIFO or a folder is refused without being read, because
// a pasted command may name /dev/zero or a pipe that nobody writes to; so is one above `limit`.
Result<std::string> read_regular_file(const std::string& path, std::size_t limit = 10 << 20);

}  // namespace locksmith::base

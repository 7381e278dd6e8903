// Keys that stand on the command line, each by a name (keyring/key_source.hpp).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "keyring/key_source.hpp"

namespace locksmith::cli {

// All of them, or why one cannot be had. Without any source: asks at the terminal, or reads
// standard input. Warns, once, of keys that stand in the shell's history now.
Result<std::vector<keyring::NamedKey>> take_keys(const std::vector<std::string>& sources);

}  // namespace locksmith::cli

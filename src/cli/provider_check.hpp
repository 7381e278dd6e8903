// locksmith providers check: what is wrong with files that teach a provider.
#pragma once

#include <string>
#include <vector>

namespace locksmith::cli {

// Prints `file:line: message` and `hint: …` for each problem, or one line when there is none, and
// gives the exit code. Each file is read as a part of the whole catalogue, of `folders` and of the
// files before it.
int check_provider_files(const std::vector<std::string>& files,
                         const std::vector<std::string>& folders);

}  // namespace locksmith::cli

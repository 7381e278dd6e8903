// Which git repositories belong to what the user named.
#pragma once

#include <string>
#include <vector>

namespace locksmith::leaks {

// Those around the folders `paths`, and those that were `met` within them; each once, without
// submodules and further work trees, which their repository brings along.
std::vector<std::string> repositories_of(const std::vector<std::string>& paths,
                                         const std::vector<std::string>& met);

// As people name it: the work tree, not its .git; relative where that is short.
std::string repository_name(const std::string& path);

}  // namespace locksmith::leaks

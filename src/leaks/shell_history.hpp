// Where shells, interpreters and database clients write down what was typed, and where logs are.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace locksmith::leaks {

// The value of an environment variable; empty when it is not set.
using Variable = std::function<std::string(std::string_view)>;

// Those that exist.
std::vector<std::string> shell_histories(const Variable& variable);
std::vector<std::string> log_places(const Variable& variable);

}  // namespace locksmith::leaks

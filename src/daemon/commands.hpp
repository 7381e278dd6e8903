// The commands of `locksmithd`: one file each, as in src/cli. `locksmith serve` and `locksmith
// keys` and their like start this program.
#pragma once

#include <functional>

#include "arguments/command.hpp"
#include "base/result.hpp"

namespace locksmith::daemon {

inline constexpr int exit_ok = 0;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unreachable = 4;  // could not read, write or listen

// A command adds itself to the program; what it returns runs it and gives the exit code.
using Run = std::function<int()>;
Run add_serve(arguments::Command& program);
Run add_keys(arguments::Command& program);
Run add_accounts(arguments::Command& program);
Run add_decisions(arguments::Command& program);
Run add_explain(arguments::Command& program);
Run add_backup(arguments::Command& program);

// Prints `error: fact` and `hint: …` to standard error.
int report_error(const Error& error);

}  // namespace locksmith::daemon

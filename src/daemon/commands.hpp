// The commands of `locksmithd`: one file each, as in src/cli. `locksmith serve` and `locksmith
// keys` and their like start this program.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/result.hpp"

namespace locksmith::daemon {

inline constexpr int exit_ok = 0;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unreachable = 4;  // could not read, write or listen

// A command adds itself to the program; what it returns runs it and gives the exit code.
using Run = std::function<int()>;
Run add_serve(CLI::App& program);
Run add_keys(CLI::App& program);
Run add_accounts(CLI::App& program);
Run add_decisions(CLI::App& program);
Run add_explain(CLI::App& program);
Run add_backup(CLI::App& program);

// Prints `error: fact` and `hint: …` to standard error.
int report_error(const Error& error);

}  // namespace locksmith::daemon

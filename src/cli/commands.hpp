// The commands of `locksmith`. Each reads its arguments, calls one library function, and prints one
// report.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "arguments/command.hpp"
#include "base/result.hpp"

namespace locksmith::cli {

// What scripts rely on; `why` documents them in --help.
inline constexpr int exit_ok = 0;        // not refused; or the command did what it should
inline constexpr int exit_cause = 1;     // refused, and a cause was named
inline constexpr int exit_nothing = 1;   // `providers`: nobody was found, or a file has problems
inline constexpr int exit_disagree = 1;  // `env`: the places of a variable have different values
inline constexpr int exit_usage = 2;
inline constexpr int exit_undetermined = 3;  // refused, and the evidence does not decide
inline constexpr int exit_unreachable = 4;   // could not reach or read

// A command adds itself to the program; what it returns runs it when it was chosen, and gives the
// exit code.
using Run = std::function<int()>;
Run add_why(arguments::Command& program);
Run add_explain(arguments::Command& program);
Run add_providers(arguments::Command& program);
// `behind_dashes`: the words from the first `--` on, which no option of this program is looked for
// in.
Run add_record(arguments::Command& program, std::vector<std::string> behind_dashes);
Run add_redact(arguments::Command& program);
Run add_compare(arguments::Command& program);
Run add_env(arguments::Command& program);
Run add_leaks(arguments::Command& program);
Run add_check(arguments::Command& program);

// What another program does, locksmithd; it is started in this one's place.
void add_authority(arguments::Command& program);
bool is_for_authority(const std::vector<std::string>& words);
int run_authority(std::vector<std::string> words);

// Prints `error: fact` and `hint: …` to standard error.
int report_error(const Error& error);

}  // namespace locksmith::cli

// Running programs and the environment that each was started with, from /proc (proc(5)).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "whereabouts/place.hpp"

namespace locksmith::whereabouts {

// --- pure

// The variables of a process, NAME=value after NAME=value with a NUL behind each.
std::vector<std::pair<std::string, std::string>> variables_of(std::string_view environ,
                                                              const Names& names);
// Of /proc/PID/stat: the program's name, which may hold anything, and its start in clock ticks
// since the machine's.
struct Stat {
  std::string name;
  long long start_ticks = 0;
};
std::optional<Stat> parse_stat(std::string_view text);
// "node server.js" of a command line: the program, and the script where it runs one. No other
// argument, because it may be a secret.
std::string program_of(std::string_view cmdline, std::string_view name);

// --- reading

// Adds the processes that have one of the names. `proc` is /proc, or a folder like it. `self` is
// left out: what it has is the shell's.
void add_processes(const std::string& proc, long self, const Names& names, Whereabouts& found);

}  // namespace locksmith::whereabouts

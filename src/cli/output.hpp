// Where a command's words go: the terminal, as far as there is one, and files for their owner
// alone.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace locksmith::cli {

// To standard output. A reader that has seen enough (`| head`) is no failure; the exit code is 0.
int print(std::string_view text);

// Whether to colour what goes to standard output: --color, NO_COLOR (https://no-color.org), and the
// terminal.
bool wants_color(const std::string& choice);
std::size_t terminal_width();

// A line on the terminal that the next one overwrites; an empty one clears it. Nothing elsewhere.
void show_progress(std::string_view line);

// For the owner alone: redacted evidence still tells of hosts and paths.
Result<void> write_private_file(const std::string& path, std::string_view text);

}  // namespace locksmith::cli

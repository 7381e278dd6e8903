// Splits a pasted command line into words the way the shell that it was written for would, and
// notes where that shell would have changed the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/curl_note.hpp"

namespace locksmith::http {

// The shell whose quoting a pasted text uses; `detect` tells cmd's carets from a POSIX shell's
// quotes.
enum class Shell { detect, posix, cmd };

// One simple command. Expansions are not made: `$NAME` stays as it is written.
struct ShellCommand {
  std::vector<std::string> words;
  std::optional<std::string> standard_input;  // of a here-document or here-string
  std::optional<std::string> input_file;      // of `< file`
  std::vector<Note> notes;
};

// All commands of the text, in order: '|', ';', '&' and the end of a line separate them.
std::vector<ShellCommand> split_posix(std::string_view text);  // POSIX and bash quoting
std::vector<ShellCommand> split_cmd(std::string_view text);  // cmd.exe and the Microsoft C runtime

// True for "curl", "/usr/bin/curl", "curl.exe".
bool is_curl_program(std::string_view word);

// The command that calls curl, from "curl" on; without one, the first command.
ShellCommand find_curl_command(std::string_view text, Shell shell);

// "line 2, column 14", both counted from 1, columns in bytes.
std::string position_in(std::string_view text, std::size_t offset);

}  // namespace locksmith::http

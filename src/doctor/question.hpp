// What the user asks about: a failure read from a file or from standard input, or a command that
// fails.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/bundle.hpp"
#include "http/curl_command.hpp"

namespace locksmith::doctor {

struct Question {
  http::Bundle bundle;  // one exchange without an answer when the command is yet to be run
  http::ClientOptions options;
  std::vector<http::Note> notes;  // what was seen in the text of the command
  std::vector<std::string> skipped;
  bool answered = false;  // the refusal is known already
};

// A HAR, a raw exchange, or a curl command, also with its output as a terminal shows both: told
// apart by how the text starts. `entry` of a HAR counts from 1; 0 leaves the choice to it.
Result<Question> read_text(std::string_view text, std::size_t entry);
// `words` start with curl (or are a URL alone).
Result<Question> read_command(std::span<const std::string> words);
Result<Question> read_command_text(std::string_view text);
// Adds the answer that the user saved (`curl -i`, `curl -v`).
Result<Question> with_response(Question question, std::string_view response);

}  // namespace locksmith::doctor

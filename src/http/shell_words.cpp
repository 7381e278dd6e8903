#include "http/shell_words.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace locksmith::http {
namespace {

// Only cmd writes ^" for a quote or ends a line that goes on with a caret.
Shell detect_shell(std::string_view text) {
  for (const std::string_view mark : {"^\"", "^\n", "^\r\n"}) {
    if (text.contains(mark)) return Shell::cmd;
  }
  return Shell::posix;
}

// Length of a prompt in front of "curl" on this line: "$ ", "me@host:~# ", "C:\> ", "❯ ".
std::size_t prompt_length(std::string_view line) {
  const std::size_t curl = line.find("curl");
  if (curl == std::string_view::npos || curl < 2 || curl > 80 || line[curl - 1] != ' ') return 0;
  const std::string_view before = base::trim(line.substr(0, curl));
  if (before.find_first_of("'\"`;|&=") != std::string_view::npos) return 0;
  constexpr std::array<std::string_view, 7> marks{"$", "%", "#", ">", "❯", "➜", "»"};
  const bool is_prompt =
      std::ranges::any_of(marks, [&](auto mark) { return before.ends_with(mark); });
  return is_prompt ? curl : 0;
}

// A line "# curl …" is a comment when a real command follows it, and root's prompt when none does.
bool is_comment(std::string_view line, std::string_view behind) {
  return base::trim(line).starts_with('#') && behind.contains("curl ");
}

std::string without_prompts(std::string_view text) {
  std::string out;
  bool continues = false;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    std::string_view line = text.substr(start, end - start);
    start = end;
    const std::string_view body = base::trim(line);
    if (!continues && !is_comment(line, text.substr(end))) line.remove_prefix(prompt_length(line));
    continues = body.ends_with('\\') || body.ends_with('^');
    out += line;
  }
  return out;
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         word.substr(0, equals).find_first_of("-/:. ") == std::string_view::npos;
}

// Index of "curl" in the words; `strictly`: only variable assignments may stand before it.
std::optional<std::size_t> curl_in(const ShellCommand& command, bool strictly) {
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    if (is_curl_program(command.words[i]) && (strictly || i + 1 < command.words.size())) return i;
    if (strictly && !is_assignment(command.words[i])) break;
  }
  return {};
}

}  // namespace

bool is_curl_program(std::string_view word) {
  if (const auto slash = word.find_last_of("/\\"); slash != std::string_view::npos) {
    if (word.contains("://")) return false;
    word.remove_prefix(slash + 1);
  }
  return base::equals_ignoring_case(word, "curl") || base::equals_ignoring_case(word, "curl.exe");
}

ShellCommand find_curl_command(std::string_view text, Shell shell) {
  if (shell == Shell::detect) shell = detect_shell(text);
  const std::string plain = without_prompts(text);
  std::vector<ShellCommand> commands = shell == Shell::cmd ? split_cmd(plain) : split_posix(plain);
  // "sudo curl …" and "docker run … curl …" count too, but not before a plain "curl …".
  for (const bool strictly : {true, false}) {
    for (ShellCommand& command : commands) {
      if (const auto start = curl_in(command, strictly)) {
        command.words.erase(command.words.begin(),
                            command.words.begin() + static_cast<long>(*start));
        return std::move(command);
      }
    }
  }
  return commands.empty() ? ShellCommand() : std::move(commands.front());
}

std::string position_in(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace locksmith::http

// The quoting of Windows: cmd.exe reads carets and its own quotes first, then the C runtime of the
// program splits what is left into words. Browsers' "Copy as cURL (cmd)" is written for both.
// https://learn.microsoft.com/windows-server/administration/windows-commands/cmd
// https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
#include <algorithm>
#include <cctype>
#include <cstring>

#include "http/shell_words.hpp"

namespace locksmith::http {
namespace {

// What cmd.exe hands to one program.
struct CmdLine {
  std::string text;
  std::vector<Note> notes;
};

class CmdReader {
 public:
  explicit CmdReader(std::string_view text) : text_(text), lines_(1) {}

  std::vector<CmdLine> run() {
    for (; at_ < text_.size(); ++at_) step();
    return std::move(lines_);
  }

 private:
  char peek(std::size_t ahead = 1) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::string& line() { return lines_.back().text; }
  void note(Note::Kind kind, std::string_view what) {
    lines_.back().notes.push_back({kind, std::string(what) + " (" + position_in(text_, at_) + ")"});
  }

  void step() {
    const char c = text_[at_];
    if (c == '%') note_variable();
    if (c == '\r' && peek() == '\n') return;
    if (c == '\n') {
      end_line();
    } else if (c == '"') {
      quoted_ = !quoted_;
      line() += c;
    } else if (quoted_) {
      line() += c;
    } else if (c == '^') {
      caret();
    } else if (c == '&' || c == '|') {
      separator();
    } else {
      line() += c;
    }
  }

  // A caret takes the next character literally. At the end of a line it swallows the line feed, and
  // the first character of the next line is the literal one: ^ and two line feeds give one.
  void caret() {
    std::size_t next = at_ + 1;
    if (next < text_.size() && text_[next] == '\r' && peek(2) == '\n') ++next;
    if (next < text_.size() && text_[next] == '\n') ++next;
    at_ = next;
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\r' && peek() == '\n') ++at_;
    line() += text_[at_];
  }

  void separator() {
    const bool inside = !line().empty() && line().back() != ' ' && peek() != '\0' &&
                        !std::strchr(" \t\r\n&|", peek());
    if (text_[at_] == '&' && inside) {
      note(Note::Kind::cut_at_ampersand,
           "an & outside quotes ends the command here; what follows was never sent");
    }
    lines_.emplace_back();
  }

  void end_line() {
    const std::size_t next = text_.find_first_not_of(" \t", at_ + 1);
    const bool has_words = line().find_first_not_of(" \t") != std::string::npos;
    if (has_words && next != std::string_view::npos && text_[next] == '-') {
      note(Note::Kind::cut_at_line_end,
           "the command ends here, because no caret stands directly before the end of the line; "
           "what follows was not part of it");
    }
    quoted_ = false;  // cmd's quotes end with the line
    lines_.emplace_back();
  }

  // %NAME% is replaced even inside quotes. Lower case and short names are left to be percent
  // encoding of a URL (%2F), which cmd keeps as it is when no such variable exists.
  void note_variable() {
    std::size_t end = at_ + 1;
    while (end < text_.size() &&
           (std::isupper(static_cast<unsigned char>(text_[end])) ||
            std::isdigit(static_cast<unsigned char>(text_[end])) || text_[end] == '_')) {
      ++end;
    }
    const bool named = end > at_ + 3 && end < text_.size() && text_[end] == '%' &&
                       !std::isdigit(static_cast<unsigned char>(text_[at_ + 1]));
    if (named) note(Note::Kind::shell_expansion, "cmd replaces a name between two % signs");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool quoted_ = false;
  std::vector<CmdLine> lines_;
};

// The rules of the Microsoft C runtime: 2n backslashes before a quote are n, an odd one makes the
// quote literal, and two quotes inside quotes are a literal one.
std::vector<std::string> runtime_words(std::string_view line, std::vector<Note>& notes) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  const auto current = [&]() -> std::string& { return word ? *word : word.emplace(); };
  bool quoted = false;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t slashes = std::min(line.find_first_not_of('\\', i), line.size()) - i;
    const std::size_t after = i + slashes;
    if (slashes > 0 && (after >= line.size() || line[after] != '"')) {
      current().append(slashes, '\\');
      i = after;
    } else if (slashes > 0) {
      current().append(slashes / 2, '\\');
      if (slashes % 2 == 1) current() += '"';
      i = after + slashes % 2;
    } else if (line[i] == '"') {
      const bool literal = quoted && i + 1 < line.size() && line[i + 1] == '"';
      if (literal) {
        current() += '"';
      } else {
        current();
        quoted = !quoted;
      }
      i += literal ? 2 : 1;
    } else if (!quoted && (line[i] == ' ' || line[i] == '\t')) {
      if (word) words.push_back(std::move(*word));
      word.reset();
      ++i;
    } else {
      current() += line[i++];
    }
  }
  if (quoted) notes.push_back({Note::Kind::unclosed_quote, "nothing closes a double quote"});
  if (word) words.push_back(std::move(*word));
  return words;
}

}  // namespace

std::vector<ShellCommand> split_cmd(std::string_view text) {
  std::vector<ShellCommand> commands;
  for (CmdLine& line : CmdReader(text).run()) {
    ShellCommand command;
    command.notes = std::move(line.notes);
    command.words = runtime_words(line.text, command.notes);
    if (!command.words.empty()) commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace locksmith::http

// The quoting of POSIX shells (POSIX.1-2024, Shell Command Language, section 2.2) with bash's
// here-strings and history expansion (Bash Reference Manual, sections 3.6.7 and 9.3).
#include <algorithm>
#include <cctype>
#include <cstring>

#include "http/ansi_c.hpp"
#include "http/shell_words.hpp"

namespace locksmith::http {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_name_start(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// U+201C “ U+201D ” U+201E „ pair with one another, U+2018 ‘ U+2019 ’ U+201A ‚ likewise.
enum class SmartQuote { none, one, two };
SmartQuote smart_quote(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xe2' || text[1] != '\x80') return SmartQuote::none;
  const char last = text[2];
  if (last == '\x9c' || last == '\x9d' || last == '\x9e') return SmartQuote::two;
  return last == '\x98' || last == '\x99' || last == '\x9a' ? SmartQuote::one : SmartQuote::none;
}

class PosixSplitter {
 public:
  explicit PosixSplitter(std::string_view text) : text_(text), commands_(1) {}

  std::vector<ShellCommand> run() {
    while (!at_end()) step();
    end_command();
    std::erase_if(commands_, [](const ShellCommand& c) { return c.words.empty(); });
    return std::move(commands_);
  }

 private:
  // Where the next finished word goes.
  enum class Target { word, nowhere, input_file, here_string, here_document };

  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::string_view rest() const { return text_.substr(at_); }
  std::string& word() { return word_ ? *word_ : word_.emplace(); }
  ShellCommand& command() { return commands_.back(); }
  void note(Note::Kind kind, std::string_view what, std::size_t offset) {
    command().notes.push_back({kind, std::string(what) + " (" + position_in(text_, offset) + ")"});
  }
  void take(std::size_t count = 1) {
    word() += text_.substr(at_, count);
    at_ = std::min(at_ + count, text_.size());
  }

  void step();
  void quoted_by_character();
  void end_word();
  void end_command();
  void end_line();
  void read_here_document();
  void separator();
  void redirection();
  void backslash();
  bool continued_line();
  void single_quotes();
  void double_quotes();
  void smart_quotes(SmartQuote opened);
  void ansi_c_quotes();
  void dollar(bool in_quotes);
  void take_balanced(char open, char close);
  void back_quotes();
  void exclamation_mark();

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<std::string> word_;  // empty quotes make a word, nothing makes none
  Target target_ = Target::word;
  std::optional<std::string> here_delimiter_;
  bool here_tabs_ = false;            // <<- strips leading tabs
  bool broken_continuation_ = false;  // the line ends in a backslash and blanks
  std::vector<ShellCommand> commands_;
};

void PosixSplitter::step() {
  const char c = peek();
  if (c == '\n' || (c == '\r' && peek(1) == '\n')) {
    end_line();
  } else if (is_blank(c)) {
    end_word();
    ++at_;
  } else if (c == '#' && !word_) {
    at_ = std::min(text_.find('\n', at_), text_.size());
  } else if (c == ';' || c == '|' || c == '&') {
    separator();
  } else if (c == '<' || c == '>') {
    redirection();
  } else {
    quoted_by_character();
  }
}

void PosixSplitter::quoted_by_character() {
  const SmartQuote smart = word_ ? SmartQuote::none : smart_quote(rest());
  if (smart != SmartQuote::none) return smart_quotes(smart);
  switch (peek()) {
    case '\\':
      return backslash();
    case '\'':
      return single_quotes();
    case '"':
      return double_quotes();
    case '`':
      return back_quotes();
    case '$':
      return dollar(false);
    case '!':
      return exclamation_mark();
    default:
      take();
  }
}

void PosixSplitter::end_word() {
  if (!word_) return;
  switch (target_) {
    case Target::word:
      command().words.push_back(std::move(*word_));
      break;
    case Target::input_file:
      command().input_file = std::move(*word_);
      break;
    case Target::here_string:
      command().standard_input = std::move(*word_) + "\n";
      break;
    case Target::here_document:
      here_delimiter_ = std::move(*word_);
      break;
    case Target::nowhere:
      break;
  }
  target_ = Target::word;
  word_.reset();
}

void PosixSplitter::end_command() {
  end_word();
  target_ = Target::word;
  if (!command().words.empty()) commands_.emplace_back();
}

void PosixSplitter::end_line() {
  const std::size_t end = at_;
  end_word();
  at_ = std::min(text_.find('\n', at_) + 1, text_.size());
  if (here_delimiter_) read_here_document();
  // An option cannot begin a command, so one on the next line was meant to belong to this one.
  std::size_t next = at_;
  while (next < text_.size() && is_blank(text_[next])) ++next;
  const std::string_view line = text_.substr(next);
  if (broken_continuation_ ||
      (!command().words.empty() && (line.starts_with('-') || line.starts_with("\xe2\x80\x93")))) {
    note(Note::Kind::cut_at_line_end,
         "the command ends here, because no backslash stands directly before the end of the line; "
         "what follows was not part of it",
         end);
  }
  broken_continuation_ = false;
  end_command();
}

void PosixSplitter::read_here_document() {
  std::string body;
  while (!at_end()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    while (here_tabs_ && line.starts_with('\t')) line.remove_prefix(1);
    if (line == *here_delimiter_) break;
    body.append(line).append("\n");
  }
  here_delimiter_.reset();
  command().standard_input = std::move(body);
}

void PosixSplitter::separator() {
  const bool doubled = peek(1) == peek();
  if (peek() == '&' && peek(1) == '>') {  // &> file
    end_word();
    ++at_;
    return redirection();
  }
  // "curl URL & …" sends a job to the background; an '&' between two characters was meant as text.
  const bool inside = word_ && peek(1) != '\0' && !std::strchr(" \t\r\n;|&", peek(1));
  if (peek() == '&' && inside) {
    note(Note::Kind::cut_at_ampersand,
         "an & outside quotes ends the command here; what follows was never sent", at_);
  }
  end_word();
  at_ += doubled ? 2 : 1;
  end_command();
}

void PosixSplitter::redirection() {
  if (peek(1) == '(') {  // process substitution: stays as it is, like every expansion
    note(Note::Kind::shell_expansion, "a shell would replace <(…) by a file's name", at_);
    take();
    return take_balanced('(', ')');
  }
  const bool descriptor = word_ && std::ranges::all_of(*word_, is_digit);
  if (descriptor) word_.reset();  // the 2 of 2>&1
  end_word();
  const char kind = peek();
  std::size_t count = 0;
  while (peek() == kind && count < 3) ++at_, ++count;
  here_tabs_ = count == 2 && peek() == '-';
  while (peek() == '&' || peek() == '|' || (kind == '<' && peek() == '-')) ++at_;
  target_ = kind == '>'  ? Target::nowhere
            : count == 1 ? Target::input_file
            : count == 2 ? Target::here_document
                         : Target::here_string;
  while (is_blank(peek())) ++at_;
}

// After a backslash at the end of a line. Terminals copy bash's "> " along with the next line.
bool PosixSplitter::continued_line() {
  std::size_t next = at_ + 1;
  if (next < text_.size() && text_[next] == '\r') ++next;
  if (next >= text_.size() || text_[next] != '\n') return false;
  at_ = next + 1;
  if (peek() == '>' && peek(1) == ' ' && std::strchr("-'\"h", peek(2))) at_ += 2;
  return true;
}

void PosixSplitter::backslash() {
  if (continued_line()) return;
  std::size_t next = at_ + 1;
  while (next < text_.size() && (is_blank(text_[next]) || text_[next] == '\r')) ++next;
  const bool blanks_behind = next > at_ + 1 && next < text_.size() && text_[next] == '\n';
  if (blanks_behind || next >= text_.size()) {
    broken_continuation_ = blanks_behind;
    at_ = next;
    return;
  }
  ++at_;
  take();
}

void PosixSplitter::single_quotes() {
  const std::size_t end = text_.find('\'', at_ + 1);
  if (end == std::string_view::npos) {
    note(Note::Kind::unclosed_quote, "nothing closes this single quote", at_);
  }
  const std::size_t stop = std::min(end, text_.size());
  word() += text_.substr(at_ + 1, stop - at_ - 1);
  at_ = std::min(stop + 1, text_.size());
}

void PosixSplitter::double_quotes() {
  const std::size_t opened = at_++;
  word();
  while (!at_end() && peek() != '"') {
    const char next = peek(1);
    if (peek() == '\\' && continued_line()) continue;
    if (peek() == '\\' && (next == '$' || next == '`' || next == '"' || next == '\\')) {
      ++at_;
      take();
    } else if (peek() == '\\') {
      take(2);
    } else if (peek() == '$') {
      dollar(true);
    } else if (peek() == '`') {
      back_quotes();
    } else if (peek() == '!') {
      exclamation_mark();
    } else {
      take();
    }
  }
  if (at_end()) note(Note::Kind::unclosed_quote, "nothing closes this double quote", opened);
  at_ = std::min(at_ + 1, text_.size());
}

// A shell takes “ for a letter. Read as the quote that was meant, since the text may have been
// plain when it ran and been prettied by the editor that it was copied from.
void PosixSplitter::smart_quotes(SmartQuote opened) {
  std::size_t end = at_ + 3;
  while (end < text_.size() && text_[end] != '\n' && smart_quote(text_.substr(end)) != opened)
    ++end;
  if (end >= text_.size() || text_[end] == '\n') return take(3);
  note(Note::Kind::smart_quote, "typographic quotes do not quote in a shell", at_);
  word() += text_.substr(at_ + 3, end - at_ - 3);
  at_ = end + 3;
}

void PosixSplitter::ansi_c_quotes() {
  const AnsiC quoted = read_ansi_c(rest().substr(2));
  if (!quoted.closed) note(Note::Kind::unclosed_quote, "nothing closes this $' quote", at_);
  word() += quoted.value;
  at_ += 2 + quoted.length;
}

void PosixSplitter::dollar(bool in_quotes) {
  const char next = peek(1);
  if (next == '\'' && !in_quotes) return ansi_c_quotes();
  if (next == '"' && !in_quotes) {  // $"…" only asks for a translation
    ++at_;
    return;
  }
  const bool expands = is_name(next) || (next != '\0' && std::strchr("({@*#?$!-", next));
  if (!expands) return take();
  note(Note::Kind::shell_expansion,
       next == '(' ? "a shell would replace $(…) by that command's output"
       : in_quotes ? "inside double quotes a shell replaces a $ and the name behind it"
                   : "outside single quotes a shell replaces a $ and the name behind it",
       at_);
  take();
  if (next == '(') return take_balanced('(', ')');
  if (next == '{') return take_balanced('{', '}');
  take();
  while (is_name_start(next) && is_name(peek())) take();
}

void PosixSplitter::take_balanced(char open, char close) {
  for (int depth = 0; !at_end();) {
    depth += peek() == open ? 1 : peek() == close ? -1 : 0;
    take();
    if (depth == 0) return;
  }
}

void PosixSplitter::back_quotes() {
  note(Note::Kind::shell_expansion, "a shell would replace `…` by that command's output", at_);
  const std::size_t end = std::min(text_.find('`', at_ + 1), text_.size() - 1);
  take(end - at_ + 1);
}

void PosixSplitter::exclamation_mark() {
  // bash leaves it alone before a blank, '=', '(' and the closing quote.
  if (peek(1) != '\0' && !std::strchr(" \t\r\n=(\"", peek(1))) {
    note(Note::Kind::history_expansion,
         "an interactive shell replaces ! and what follows by an earlier command", at_);
  }
  take();
}

}  // namespace

std::vector<ShellCommand> split_posix(std::string_view text) { return PosixSplitter(text).run(); }

}  // namespace locksmith::http

// What `.` in a POSIX shell makes of a file: the assignments and exports that it is sure to carry
// out, without running anything. POSIX.1-2017, XCU 2.2 (quoting), 2.3 (tokens), 2.6 (expansion),
// 2.9.1 (an assignment in front of a command is for that command alone). What only running would
// tell is marked as not known.
#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

constexpr auto npos = std::string_view::npos;

struct Word {
  Expansion expansion;
  bool runs = false;  // $(…), `…`, $1: only running it would tell
};

class Shell {
 public:
  explicit Shell(std::string_view text) : text_(text), counter_(text) {}

  SettingList read() {
    while (at_ < text_.size() && !broken_) step();
    if (broken_) pending_.clear();
    end_command();
    for (Setting& setting : settings_) {
      if (!all_exported_ && !exported(setting.name)) setting.oddities.emplace_back(not_exported);
    }
    return std::move(settings_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool exported(std::string_view name) const {
    return std::ranges::find(exports_, name) != exports_.end();
  }

  void step() {
    const char c = peek();
    if (c == ' ' || c == '\t') {
      ++at_;
    } else if (c == '\\' && peek(1) == '\n') {
      at_ += 2;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\n' || c == ';' || c == '|') {
      end_command();
      ++at_;
      if (c == '\n') skip_here_documents();
    } else if (c == '&') {
      pending_.clear();  // a subshell has set it, and is gone
      end_command();
      ++at_;
    } else if (c == '(' || c == ')') {
      pending_.clear();
      end_command();
      parentheses_ = std::max(0, parentheses_ + (c == '(' ? 1 : -1));
      ++at_;
    } else if (c == '<' || c == '>') {
      redirect();
    } else {
      take_word();
    }
  }

  void redirect() {
    const bool here = peek() == '<' && peek(1) == '<' && peek(2) != '<';
    while (std::string_view("<>&|").contains(peek()) && at_ < text_.size()) ++at_;
    if (here && peek() == '-') ++at_;
    while (peek() == ' ' || peek() == '\t') ++at_;
    const Word target = read_word();
    if (here) here_documents_.push_back(target.expansion.text);
  }

  void skip_here_documents() {
    for (const std::string& end : here_documents_) {
      while (at_ < text_.size()) {
        const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
        std::string_view line = text_.substr(at_, line_end - at_);
        at_ = std::min(line_end + 1, text_.size());
        while (line.starts_with('\t')) line.remove_prefix(1);
        if (line == end) break;
      }
    }
    here_documents_.clear();
  }

  // The name of an assignment that starts here; empty when it is another word.
  std::string_view assigned_name() const {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view name = text_.substr(at_, end - at_);
    return end < text_.size() && text_[end] == '=' && is_shell_name(name) ? name
                                                                          : std::string_view();
  }

  void take_word() {
    const std::size_t start = at_;
    const bool may_assign = command_.empty() || command_ == "export" || command_ == "readonly" ||
                            command_ == "declare" || command_ == "typeset";
    const std::string_view name = may_assign ? assigned_name() : std::string_view();
    if (!name.empty()) {
      Setting setting{.name = std::string(name), .line = counter_.line_at(at_)};
      at_ += name.size() + 1;
      finish(read_word(), setting);
      if (exports()) exports_.push_back(setting.name);
      if (depth_ > 0) setting.oddities.emplace_back("only under a condition, or in a function");
      pending_.push_back(std::move(setting));
      return;
    }
    const Word word = read_word();
    if (at_ == start) broken_ = true;  // nothing that a word can start with
    take_command_word(word.expansion.text);
  }

  bool exports() const {
    return command_ == "export" || (command_ == "declare" && exporting_) ||
           (command_ == "typeset" && exporting_);
  }

  void take_command_word(const std::string& word) {
    if (command_.empty()) return start_command(word);
    exporting_ = exporting_ || (word.starts_with('-') && word.contains('x'));
    if (exports() && !word.starts_with('-')) exports_.push_back(word);
    if (command_ == "set" && (word == "-a" || word == "allexport")) all_exported_ = true;
    if (command_ == "unset")
      std::erase_if(settings_, [&](const Setting& setting) { return setting.name == word; });
  }

  void start_command(const std::string& word) {
    static constexpr std::array<std::string_view, 6> kOpen{"if",    "for",  "while",
                                                           "until", "case", "{"};
    static constexpr std::array<std::string_view, 4> kClose{"fi", "done", "esac", "}"};
    static constexpr std::array<std::string_view, 5> kInside{"then", "else", "elif", "do", "!"};
    const auto is_in = [&](const auto& list) {
      return std::ranges::find(list, word) != list.end();
    };
    if (is_in(kInside)) return;
    if (is_in(kClose)) depth_ = std::max(0, depth_ - 1);
    if (is_in(kOpen)) ++depth_;
    if (is_in(kOpen) && word != "for" && word != "case") return;  // a command follows
    command_ = word;
    const bool declares = command_ == "export" || command_ == "readonly";
    if (!declares) pending_.clear();  // they were for this command alone
  }

  void end_command() {
    for (Setting& setting : pending_) {
      if (parentheses_ == 0) settings_.push_back(std::move(setting));
    }
    pending_.clear();
    command_.clear();
    exporting_ = false;
  }

  static void finish(Word word, Setting& setting) {
    apply(std::move(word.expansion), setting);
    if (!word.runs) return;
    setting.known = false;
    setting.oddities.emplace_back("only running it would tell the value");
  }

  Word read_word() {
    Word word;
    while (at_ < text_.size() && !std::string_view(" \t\n;&|<>()").contains(peek())) {
      const char c = peek();
      if (c == '\'') {
        read_single_quoted(word);
      } else if (c == '"') {
        read_double_quoted(word);
      } else if (c == '\\') {
        if (peek(1) != '\n' && at_ + 1 < text_.size()) word.expansion.text += peek(1);
        at_ = std::min(at_ + 2, text_.size());
      } else if (c == '$' || c == '`') {
        read_expansion(word);
      } else {
        word.expansion.text += c;
        ++at_;
      }
    }
    return word;
  }

  void read_single_quoted(Word& word) {
    const auto close = text_.find('\'', at_ + 1);
    broken_ = broken_ || close == npos;
    word.expansion.text += text_.substr(at_ + 1, close == npos ? npos : close - at_ - 1);
    at_ = close == npos ? text_.size() : close + 1;
  }

  void read_double_quoted(Word& word) {
    for (++at_; at_ < text_.size() && peek() != '"';) {
      if (peek() == '\\' && std::string_view("$`\"\\\n").contains(peek(1)) &&
          at_ + 1 < text_.size()) {
        if (peek(1) != '\n') word.expansion.text += peek(1);
        at_ += 2;
      } else if (peek() == '$' || peek() == '`') {
        read_expansion(word);
      } else {
        word.expansion.text += text_[at_++];
      }
    }
    broken_ = broken_ || at_ >= text_.size();
    at_ = std::min(at_ + 1, text_.size());
  }

  // Where what opens here closes, nested ones counted; quotes in it are not looked at.
  std::size_t behind(char open, char close, std::size_t from) const {
    int depth = 0;
    for (std::size_t i = from; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == close && (open == close ? i > from : --depth == 0)) {
        return i + 1;
      } else if (text_[i] == open) {
        ++depth;
      }
    }
    return npos;
  }
  // To there; past the end of the text is a syntax error.
  void go_behind(std::size_t end) {
    broken_ = broken_ || end == npos;
    at_ = std::min(end, text_.size());
  }

  void read_expansion(Word& word) {
    const char next = peek(1);
    std::size_t end = at_ + 1;
    if (peek() == '`' || next == '(') {
      word.runs = true;
      const bool dollar = next == '(' && peek() == '$';
      go_behind(dollar ? behind('(', ')', at_ + 1) : behind('`', '`', at_));
      return;
    }
    if (next == '{') {
      end = behind('{', '}', at_ + 1);
      if (end == npos) return go_behind(end);
      const std::size_t name = at_ + 2;
      // ${#A}, ${A%x}, ${1}: more than compose and others know.
      std::size_t rest = name;
      while (rest < end && is_word(text_[rest])) ++rest;
      const std::string_view op = text_.substr(rest, end - rest);
      word.runs |= rest == name || is_digit(text_[name]) ||
                   !(op.starts_with('}') || op.starts_with('-') || op.starts_with('+') ||
                     op.starts_with(":-") || op.starts_with(":+")) ||
                   op.find_first_of("`\"'\\") != npos || op.contains("$(");
    } else if (is_word(next) && !is_digit(next)) {
      while (end < text_.size() && is_word(text_[end])) ++end;
    } else {
      const bool special = is_digit(next) || std::string_view("$?!#*@-'").contains(next);
      if (special && next != '\0') {
        word.runs = true;
        at_ += next == '\'' ? 1 : 2;
      } else {
        word.expansion.text += text_[at_++];
      }
      return;
    }
    const auto lookup = [this](std::string_view name) {
      const Setting* found = last_of(pending_, name);
      return found ? found : last_of(settings_, name);
    };
    Expansion one = expand(text_.substr(at_, end - at_), lookup);
    word.expansion.text += one.text;
    word.expansion.unset.insert(word.expansion.unset.end(), one.unset.begin(), one.unset.end());
    at_ = end;
  }

  std::string_view text_;
  LineCounter counter_;
  std::size_t at_ = 0;
  bool broken_ = false;  // a syntax error: the shell stops here
  int depth_ = 0, parentheses_ = 0;
  std::string command_;        // the first word of the command that is being read
  bool exporting_ = false;     // declare -x
  bool all_exported_ = false;  // set -a
  std::vector<std::string> exports_, here_documents_;
  SettingList pending_;  // of this command, until it is known that no program follows
  SettingList settings_;
};

}  // namespace

SettingList read_as_shell(std::string_view text) { return Shell(text).read(); }

}  // namespace locksmith::settings

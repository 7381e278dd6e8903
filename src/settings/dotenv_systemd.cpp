// systemd's EnvironmentFile=: the automaton of src/basic/env-file.c. It takes quotes off, keeps a
// comment behind a value, expands nothing, and drops a name that is none (`export A`).
#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

class Automaton {
 public:
  explicit Automaton(std::string_view text) : counter_(text) {
    for (std::size_t i = 0; i < text.size() && text[i] != '\0'; ++i) take(text[i], i);
    if (state_ != State::name && state_ != State::before_name && state_ != State::comment &&
        state_ != State::comment_escape)
      finish();
  }
  SettingList settings() { return std::move(settings_); }

 private:
  enum class State {
    before_name,
    name,
    before_value,
    value,
    value_escape,
    single_quotes,
    double_quotes,
    double_quotes_escape,
    comment,
    comment_escape,
  };

  void take(char c, std::size_t offset) {
    switch (state_) {
      case State::before_name:
        if (c == '#' || c == ';') return go(State::comment);
        if (is_space(c)) return;
        setting_.line = counter_.line_at(offset);
        setting_.name = c;
        return go(State::name);
      case State::name:
        if (is_line_end(c)) return start_anew();
        if (c == '=') return go(State::before_value);
        setting_.name += c;
        return;
      case State::before_value:
        if (is_line_end(c)) return finish();
        if (c == '\'') return go(State::single_quotes);
        if (c == '"') return go(State::double_quotes);
        if (c == '\\') return go(State::value_escape);
        if (!is_space(c)) value_ += c, kept_ = value_.size(), go(State::value);
        return;
      case State::value:
        if (is_line_end(c)) return value_.resize(kept_), finish();
        if (c == '\\') return kept_ = value_.size(), go(State::value_escape);
        value_ += c;
        if (!is_space(c)) kept_ = value_.size();
        return;
      case State::value_escape:
        if (!is_line_end(c)) value_ += c;  // a line that goes on
        kept_ = value_.size();
        return go(State::value);
      default:
        return take_quoted_or_comment(c);
    }
  }

  void take_quoted_or_comment(char c) {
    switch (state_) {
      case State::single_quotes:
        if (c == '\'') return go(State::before_value);
        value_ += c;
        return;
      case State::double_quotes:
        if (c == '"') return go(State::before_value);
        if (c == '\\') return go(State::double_quotes_escape);
        value_ += c;
        return;
      case State::double_quotes_escape:
        if (!std::string_view("\"\\`$\n").contains(c)) value_ += '\\';
        if (c != '\n') value_ += c;
        return go(State::double_quotes);
      case State::comment:
        if (c == '\\') return go(State::comment_escape);
        if (is_line_end(c)) start_anew();
        return;
      case State::comment_escape:
        return is_line_end(c) ? start_anew() : go(State::comment);
      default:
        return;
    }
  }

  void go(State state) { state_ = state; }
  void start_anew() {
    setting_ = {};
    value_.clear();
    kept_ = 0;
    state_ = State::before_name;
  }
  void finish() {
    if (state_ == State::value) value_.resize(kept_);
    while (!setting_.name.empty() && is_space(setting_.name.back())) setting_.name.pop_back();
    setting_.value = base::Secret(value_);
    if (is_shell_name(setting_.name)) settings_.push_back(std::move(setting_));
    start_anew();
  }

  LineCounter counter_;
  State state_ = State::before_name;
  Setting setting_;
  std::string value_;
  std::size_t kept_ = 0;  // what stands behind it in value_ are blanks
  SettingList settings_;
};

}  // namespace

SettingList read_as_systemd(std::string_view text) { return Automaton(text).settings(); }

}  // namespace locksmith::settings

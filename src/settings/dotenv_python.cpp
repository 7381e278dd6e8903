// python-dotenv: parser.py of 1.2.2, and the ${NAME} of main.py. It keeps a byte order mark in
// front of the first name.
#include <optional>

#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), counter_(text) {}

  SettingList parse() {
    while (at_ < text_.size()) {
      skip([](char c) { return is_space(c); });
      if (at_ < text_.size() && !parse_binding()) skip_rest_of_line();
    }
    return std::move(settings_);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  static bool is_line_end(char c) { return c == '\n' || c == '\r'; }
  template <class Is>
  std::string_view skip(Is is) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }
  void skip_rest_of_line() {
    skip([](char c) { return !is_line_end(c); });
    skip(is_line_end);
  }

  // False: this is no assignment, and the rest of its line counts for nothing.
  bool parse_binding() {
    if (text_.substr(at_).starts_with("export") && at_ + 6 < text_.size() &&
        is_blank(text_[at_ + 6])) {
      at_ += 6;
      skip(is_blank);
    }
    if (peek() == '#') return false;
    Setting setting{.line = counter_.line_at(at_)};
    if (peek() == '\'') {
      const auto name = quoted();
      if (!name || name->empty()) return false;
      setting.name = *name;
    } else {
      setting.name = skip([](char c) { return c != '=' && c != '#' && !is_space(c); });
      if (setting.name.empty()) return false;
    }
    skip(is_blank);
    if (peek() != '=') return false;
    ++at_;
    skip(is_blank);
    if (!parse_value(setting)) return false;
    skip(is_blank);
    if (peek() == '#') skip([](char c) { return !is_line_end(c); });
    if (at_ < text_.size() && !is_line_end(peek())) return false;
    apply(expanded(setting.value.reveal()), setting);
    settings_.push_back(std::move(setting));
    return true;
  }

  bool parse_value(Setting& setting) {
    const char quote = peek();
    if (quote == '\'' || quote == '"') {
      const auto inner = quoted();
      if (inner) setting.value = base::Secret(unescaped(*inner, quote));
      return inner.has_value();
    }
    std::string_view value = skip([](char c) { return !is_line_end(c); });
    for (std::size_t i = 1; i < value.size(); ++i) {
      if (value[i] == '#' && is_blank(value[i - 1])) value = value.substr(0, i);
    }
    while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
    setting.value = base::Secret(std::string(value));
    return true;
  }

  // What stands between the quote here and the next one that no backslash precedes; without such a
  // one, the last one at all.
  std::optional<std::string> quoted() {
    const char quote = text_[at_];
    std::size_t close = std::string_view::npos;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] != quote) continue;
      close = i;
      if (text_[i - 1] != '\\' || i == at_ + 1) break;
    }
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view inner = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    return std::string(inner);
  }

  // ${NAME} and ${NAME:-default}, in single quotes too; the default is taken as it stands.
  // variables.py: \$\{(?P<name>[^\}:]*)(?::-(?P<default>[^\}]*))?\}
  Expansion expanded(std::string_view value) const {
    Expansion out;
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t close =
          value.substr(at).starts_with("${") ? value.find('}', at) : std::string_view::npos;
      const std::string_view inside =
          close == std::string_view::npos ? "" : value.substr(at + 2, close - at - 2);
      const std::string_view name = inside.substr(0, inside.find(':'));
      const bool has_default = inside.substr(name.size()).starts_with(":-");
      if (close == std::string_view::npos || (name.size() < inside.size() && !has_default)) {
        out.text += value[at++];
        continue;
      }
      if (const Setting* found = last_of(settings_, name))
        out.text += found->value.reveal();
      else if (has_default)
        out.text += inside.substr(name.size() + 2);
      else
        out.unset.emplace_back(name);
      at = close + 1;
    }
    return out;
  }

  static std::string unescaped(std::string_view text, char quote) {
    constexpr std::string_view letters = "abfnrtv\\'\"", meant = "\a\b\f\n\r\t\v\\'\"";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto known = text[i] == '\\' && i + 1 < text.size() ? letters.find(text[i + 1])
                                                                : std::string_view::npos;
      const bool escape = known != std::string_view::npos &&
                          (quote == '"' || text[i + 1] == '\\' || text[i + 1] == '\'');
      out += escape ? meant[known] : text[i];
      if (escape) ++i;
    }
    return out;
  }

  std::string_view text_;
  LineCounter counter_;
  std::size_t at_ = 0;
  SettingList settings_;
};

}  // namespace

SettingList read_as_python(std::string_view text) {
  const std::string lines = with_line_feeds(text);
  return Parser(lines).parse();
}

}  // namespace locksmith::settings

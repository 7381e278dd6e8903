// The two readers of docker: compose (compose-go, dotenv/parser.go) and --env-file (docker/cli,
// pkg/kvfile). Both refuse a whole file for one line that they do not understand.
#include <fmt/format.h>

#include "base/text.hpp"
#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

std::unexpected<Error> refuse(int line, std::string_view why) {
  return fail(ErrorCode::unreadable, fmt::format("line {}: {}", line, why));
}

class ComposeParser {
 public:
  explicit ComposeParser(std::string_view text) : text_(text), counter_(text) {}

  Result<SettingList> parse() {
    while (to_statement()) {
      if (text_.substr(at_).starts_with("export") && at_ + 6 < text_.size() &&
          is_inline_space(text_[at_ + 6])) {
        at_ += 6;
        while (at_ < text_.size() && is_inline_space(text_[at_])) ++at_;
      }
      Setting setting{.line = counter_.line_at(at_)};
      const auto has_value = parse_name(setting);
      if (!has_value) return std::unexpected(has_value.error());
      if (!*has_value) continue;  // taken from the environment of docker compose
      if (const auto read = parse_value(setting); !read) return std::unexpected(read.error());
      settings_.push_back(std::move(setting));
    }
    return std::move(settings_);
  }

 private:
  // A carriage return is white space to it.
  static bool is_inline_space(char c) { return is_blank(c) || c == '\r'; }

  bool to_statement() {
    for (;;) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ >= text_.size()) return false;
      if (text_[at_] != '#') return true;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }

  Result<bool> parse_name(Setting& setting) {
    std::size_t end = at_;
    for (; end < text_.size(); ++end) {
      const char c = text_[end];
      if (c == '=' || c == ':' || c == '\n') break;
      const bool letter = is_word(c) || static_cast<signed char>(c) < 0;
      if (!letter && !is_inline_space(c) && !std::string_view(".-[]").contains(c))
        return refuse(setting.line,
                      fmt::format("a {} in a name", base::printable(std::string_view(&c, 1))));
    }
    setting.name = base::trim(text_.substr(at_, end - at_));
    if (setting.name.contains(' ')) return refuse(setting.line, "a space in a name");
    const bool has_value = end < text_.size() && text_[end] != '\n';
    at_ = std::min(end + 1, text_.size());
    while (at_ < text_.size() && is_inline_space(text_[at_])) ++at_;
    return has_value;
  }

  Result<void> parse_value(Setting& setting) {
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '"' && quote != '\'') {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view value = text_.substr(at_, end - at_);
      value = value.substr(0, value.find(" #"));
      while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
      apply(expand(value, lookup_in(settings_)), setting);
      at_ = end;
      return {};
    }
    std::string value;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        at_ = i + 1;
        if (quote == '"')
          apply(expand(unescaped(value), lookup_in(settings_)), setting);
        else
          setting.value = base::Secret(std::move(value));
        return {};
      }
      const bool escape = text_[i] == '\\' && i + 1 < text_.size();
      if (!escape || text_[i + 1] != quote) value += text_[i];
      if (escape) value += text_[++i];
    }
    return refuse(setting.line, "a quote that is never closed");
  }

  // A dollar behind a backslash becomes $$, which the expansion takes for one dollar.
  static std::string unescaped(std::string_view text) {
    constexpr std::string_view letters = "abfnrtv\"\\", meant = "\a\b\f\n\r\t\v\"\\";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char next = i + 1 < text.size() ? text[i + 1] : '\0';
      const auto known = text[i] == '\\' && next ? letters.find(next) : std::string_view::npos;
      if (known != std::string_view::npos)
        out += meant[known], ++i;
      else if (text[i] == '\\' && next == '$')
        out += "$$", ++i;
      else
        out += text[i];
    }
    return out;
  }

  std::string_view text_;
  LineCounter counter_;
  std::size_t at_ = 0;
  SettingList settings_;
};

}  // namespace

Result<SettingList> read_as_compose(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return ComposeParser(text).parse();
}

// NAME=VALUE to the end of the line, and nothing more: quotes, comments and blanks are the value's.
// A carriage return goes with the line feed (Go's bufio.ScanLines).
Result<SettingList> read_as_docker(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  SettingList settings;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (!base::is_valid_utf8(line)) return refuse(number, "not UTF-8");
    if (line.ends_with('\r')) line.remove_suffix(1);
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const std::string_view name = line.substr(0, equals);
    if (name.empty()) return refuse(number, "no name");
    if (name.find_first_of(" \t") != std::string_view::npos)
      return refuse(number,
                    name.starts_with("export") ? "it does not know export" : "a blank in a name");
    if (equals == std::string_view::npos) continue;  // passed on from the environment of docker
    settings.push_back({.name = std::string(name),
                        .value = base::Secret(std::string(line.substr(equals + 1))),
                        .line = number});
  }
  return settings;
}

}  // namespace locksmith::settings

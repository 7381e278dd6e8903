// Node's dotenv: the regular expression LINE of its lib/main.js, by hand, because std::regex
// overflows its stack on a long line.
#include "base/text.hpp"
#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

constexpr auto npos = std::string_view::npos;

// JavaScript's \s has the byte order mark too (ECMA-262, 12.2).
std::size_t skip_space(std::string_view text, std::size_t at) {
  for (;;) {
    if (at < text.size() && is_space(text[at]))
      ++at;
    else if (text.substr(at).starts_with(byte_order_mark))
      at += byte_order_mark.size();
    else
      return at;
  }
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

// \s*(#.*)?$
bool is_rest_of_line(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at >= text.size() || text[at] == '\n' || text[at] == '#';
}

// Where the quoted value that starts at `at` ends; npos when it is none. The backslash before a
// quote keeps it open only where another one follows.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = at < text.size() ? text[at] : '\0';
  if (quote != '"' && quote != '\'' && quote != '`') return npos;
  std::size_t escaped = npos;  // the last place where it could end if the backslash is a letter
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] != quote) continue;
    if (text[i - 1] != '\\' || i == at + 1) return is_rest_of_line(text, i + 1) ? i + 1 : escaped;
    if (is_rest_of_line(text, i + 1)) escaped = i + 1;
  }
  return escaped;
}

std::string without_quotes(std::string_view value) {
  const char first = value.empty() ? '\0' : value.front();
  if (first != '"' && first != '\'' && first != '`') return std::string(value);
  const bool enclosed = value.size() > 1 && value.back() == first;
  const std::string_view inner = enclosed ? value.substr(1, value.size() - 2) : value;
  std::string out;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const char next = i + 1 < inner.size() ? inner[i + 1] : '\0';
    const bool escape = first == '"' && inner[i] == '\\' && (next == 'n' || next == 'r');
    out += escape ? (next == 'n' ? '\n' : '\r') : inner[i];
    if (escape) ++i;
  }
  return out;
}

}  // namespace

SettingList read_as_node(std::string_view raw) {
  const std::string lines = with_line_feeds(raw);
  const std::string_view text = lines;
  SettingList settings;
  LineCounter counter(text);
  for (std::size_t at = skip_space(text, 0); at < text.size(); at = skip_space(text, at)) {
    const std::size_t line_end = end_of_line(text, at);
    std::size_t start = at;
    if (text.substr(at).starts_with("export") && at + 6 < text.size() && is_space(text[at + 6]))
      start = skip_space(text, at + 6);
    std::size_t end = start;
    while (end < text.size() && (is_word(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
    const std::size_t sign = skip_space(text, end);
    const bool colon =
        text.substr(end).starts_with(':') && end + 1 < text.size() && is_space(text[end + 1]);
    const bool equals = sign < text.size() && text[sign] == '=';
    if (end == start || (!equals && !colon)) {
      at = line_end;
      continue;
    }
    Setting setting{.name = std::string(text.substr(start, end - start)),
                    .line = counter.line_at(start)};
    const std::size_t value = (equals ? sign : end) + 1;
    const std::size_t quoted = skip_space(text, value), close = end_of_quoted(text, quoted);
    if (close != npos) {
      setting.value = base::Secret(without_quotes(text.substr(quoted, close - quoted)));
      at = end_of_line(text, close);
    } else {
      at = end_of_line(text, value);
      const std::size_t hash = std::min(text.find('#', value), at);
      const std::string_view kept = text.substr(value, hash - value);
      if (hash < at && !kept.empty() && !is_blank(kept.back()))
        setting.oddities.emplace_back("cut off at a # in the value");
      setting.value = base::Secret(without_quotes(base::trim(kept)));
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace locksmith::settings

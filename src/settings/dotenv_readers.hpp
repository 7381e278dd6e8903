// The readers of .env files, one each, and what they share.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/setting.hpp"

namespace locksmith::settings {

using SettingList = std::vector<Setting>;

SettingList read_as_node(std::string_view text);
SettingList read_as_python(std::string_view text);
Result<SettingList> read_as_compose(std::string_view text);
Result<SettingList> read_as_docker(std::string_view text);
SettingList read_as_systemd(std::string_view text);
SettingList read_as_shell(std::string_view text);

// An oddity of a shell's: a plain NAME=value stays in the shell itself.
inline constexpr std::string_view not_exported = "not exported, so that no program sees it";
inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }
inline bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}
// POSIX.1-2017, XBD 3.235.
inline bool is_shell_name(std::string_view text) {
  return !text.empty() && !is_digit(text[0]) && std::ranges::all_of(text, is_word);
}

// \r\n and \r become \n, as in JavaScript's and Python's view of a text.
std::string with_line_feeds(std::string_view text);

// Counts lines while a reader goes on through the text.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  int line_at(std::size_t offset) {
    for (; at_ < std::min(offset, text_.size()); ++at_) line_ += text_[at_] == '\n';
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

// The value that the settings read so far give to a name; null: none.
inline const Setting* last_of(const SettingList& settings, std::string_view name) {
  for (auto it = settings.rbegin(); it != settings.rend(); ++it) {
    if (it->name == name) return &*it;
  }
  return nullptr;
}

inline auto lookup_in(const SettingList& settings) {
  return [&settings](std::string_view name) { return last_of(settings, name); };
}

// Replaces $NAME, ${NAME}, ${NAME:-default} and their like, and $$ by one dollar, by what `lookup`
// finds.
struct Expansion {
  std::string text;
  std::vector<std::string> unset;  // names that have no value in the file
};
using Lookup = std::function<const Setting*(std::string_view name)>;
Expansion expand(std::string_view text, const Lookup& lookup, int depth = 0);
// Notes what an expansion did to a value.
void apply(Expansion expansion, Setting& setting);

}  // namespace locksmith::settings

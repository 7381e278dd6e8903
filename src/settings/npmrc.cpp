// .npmrc, as npm's package `ini` reads it: names hold colons and slashes, quotes are taken off, and
// a value ends at ';' or '#'. npm then puts the environment's values for ${NAME}.
// https://github.com/npm/ini#readme https://docs.npmjs.com/cli/configuring-npm/npmrc
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "settings/readers.hpp"

namespace locksmith::settings {
namespace {

bool in_quotes(std::string_view text) {
  return text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
         text.back() == text.front();
}

std::string unquoted(std::string_view text) {
  if (in_quotes(text)) return std::string(text.substr(1, text.size() - 2));
  std::string value;
  for (std::size_t i = 0; i < text.size() && text[i] != ';' && text[i] != '#'; ++i) {
    const bool escapes = text[i] == '\\' && i + 1 < text.size() &&
                         (text[i + 1] == ';' || text[i + 1] == '#' || text[i + 1] == '\\');
    value += text[escapes ? ++i : i];
  }
  return std::string(base::trim(value));
}

Setting setting_of(std::string_view name, std::string_view raw, int line) {
  Setting out{std::string(name), base::Secret(unquoted(raw)), line, {}};
  const std::string& value = out.value.reveal();
  out.oddities = oddities_of(value);
  const std::size_t open = value.find("${"), close = value.find('}', open);
  if (open != std::string::npos && close != std::string::npos)
    out.oddities.push_back(fmt::format("npm puts the value of the variable {} here",
                                       value.substr(open + 2, close - open - 2)));
  return out;
}

}  // namespace

Settings read_npmrc(std::string_view text) {
  std::vector<Setting> settings;
  std::string section;
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = base::trim(text.substr(start, end - start));
    start = end + 1;
    ++number;
    if (line.empty() || line.starts_with(';') || line.starts_with('#')) continue;
    if (line.starts_with('[') && line.ends_with(']')) {
      section = std::string(base::trim(line.substr(1, line.size() - 2))) + ".";
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == 0) return not_of_format("npmrc", static_cast<std::size_t>(number));
    if (equals == std::string_view::npos) continue;  // a flag alone: true
    const std::string_view name = base::trim(line.substr(0, equals));
    settings.push_back(
        setting_of(section + std::string(name), base::trim(line.substr(equals + 1)), number));
  }
  return settings;
}

}  // namespace locksmith::settings

#include "settings/dotenv.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace locksmith::settings {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

// What the common loaders make of it: quotes and a comment behind a blank are taken off.
std::string value_of(std::string_view raw) {
  const std::string_view inner = base::trim(raw);
  if (!inner.empty() && (inner.front() == '"' || inner.front() == '\'')) {
    const auto close = inner.find(inner.front(), 1);
    if (close != std::string_view::npos) return std::string(inner.substr(1, close - 1));
  }
  return std::string(base::trim(inner.substr(0, inner.find(" #"))));
}

}  // namespace

Result<std::vector<Setting>> read_dotenv_settings(std::string_view text, Reader) {
  std::vector<Setting> settings;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = base::trim(text.substr(start, end - start));
    start = end + 1;
    ++number;
    if (line.starts_with("export ")) line = base::trim(line.substr(7));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) continue;
    const std::string_view name = base::trim(line.substr(0, equals));
    if (!is_name(name)) continue;
    settings.push_back(
        {std::string(name), base::Secret(value_of(line.substr(equals + 1))), number, {}});
  }
  return settings;
}

}  // namespace locksmith::settings

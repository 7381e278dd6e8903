#include "http/curl_config.hpp"

#include <algorithm>

namespace locksmith::http {
namespace {

// An argument in double quotes knows \t \n \r \v, \\ and \"; without quotes it ends at a blank.
std::string unquote(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text.substr(0, text.find_first_of(" \t\r\v\f")));
  constexpr std::string_view letters = "tnrv", values = "\t\n\r\v";
  std::string out;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      const auto known = letters.find(text[i]);
      out += known == std::string_view::npos ? text[i] : values[known];
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::vector<std::string_view> content_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '#' && line != "\r")
      lines.push_back(line);
    start = end + 1;
  }
  return lines;
}

std::vector<ConfigLine> parse_curl_config(std::string_view text) {
  std::vector<ConfigLine> config;
  for (std::string_view line : content_lines(text)) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const bool dashed = line.starts_with('-');
    // Without dashes '=' and ':' separate as a blank does.
    const std::string_view separators = dashed ? " \t\r" : " \t\r=:";
    const std::size_t end = std::min(line.find_first_of(separators), line.size());
    ConfigLine entry{(dashed ? "" : "--") + std::string(line.substr(0, end)), {}};
    line.remove_prefix(std::min(line.find_first_not_of(separators, end), line.size()));
    if (!line.empty()) entry.argument = unquote(line);
    if (!line.starts_with('#')) config.push_back(std::move(entry));
  }
  return config;
}

}  // namespace locksmith::http

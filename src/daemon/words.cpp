#include "daemon/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdio>

#include "authority/units.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "daemon/commands.hpp"

namespace locksmith::daemon {
namespace {

namespace json = boost::json;

// Code points, which is what a terminal counts, but for wide ones.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t wide) {
  return text + std::string(wide - std::min(wide, width(text)), ' ');
}

std::string words_of(const json::value& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return base::printable(std::string_view(value.get_string()));
  if (!value.is_array()) return base::printable(json::serialize(value));
  std::string out;
  for (const json::value& item : value.get_array()) {
    out += (out.empty() ? "" : ", ") + words_of(item);
  }
  return out;
}

std::string words_of_limit(const json::object& limit) {
  const auto* period = limit.if_contains("period_seconds");
  std::string each = period && period->is_int64()
                         ? base::format_duration(std::chrono::seconds(period->get_int64()))
                         : (limit.if_contains("period") ? words_of(limit.at("period")) : "second");
  if (each.starts_with("1 ")) each.erase(0, 2);
  std::string out = fmt::format("{} per {}", words_of(limit.at("requests")), each);
  const auto* burst = limit.if_contains("burst");
  if (burst && words_of(*burst) != "0") out += ", burst " + words_of(*burst);
  return out;
}

Result<std::string> time_from_now(std::string_view text, int direction) {
  if (base::parse_rfc3339(text)) return std::string(text);
  if (const std::string day = std::string(text) + "T00:00:00Z"; base::parse_rfc3339(day))
    return day;
  const auto duration = authority::parse_duration(text);
  if (!duration) {
    return fail(ErrorCode::usage, fmt::format("{} is not a time", base::printable(text)),
                "such as 2026-12-31, 2026-12-31T23:59:59Z, or 90d counted from now");
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return base::format_rfc3339(now + direction * *duration);
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> wide;
  for (const auto& row : rows) {
    wide.resize(std::max(wide.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) wide[i] = std::max(wide[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], wide[i]) + "  ";
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  return out;
}

std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::size_t wide = 0;
  for (const auto& [name, value] : pairs) {
    if (!value.empty()) wide = std::max(wide, name.size());
  }
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!value.empty()) out += fmt::format("  {}  {}\n", padded(name, wide), value);
  }
  return out;
}

std::string shown(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) return "";
  if (value->is_object() && value->get_object().contains("requests")) {
    return words_of_limit(value->get_object());
  }
  if (value->is_object() && value->get_object().empty()) return "";
  return words_of(*value);
}

int print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  return exit_ok;
}

int print_json(const json::object& object) { return print(json::serialize(object) + "\n"); }

Result<std::string> time_ago(std::string_view text) { return time_from_now(text, -1); }
Result<std::string> time_ahead(std::string_view text) { return time_from_now(text, 1); }

}  // namespace locksmith::daemon

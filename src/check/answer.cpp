#include "check/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "catalogue/match.hpp"

namespace locksmith::check {
namespace {

constexpr std::size_t most_items = 300;
constexpr std::size_t longest_item = 200;

// What comes from elsewhere is shown only so far as it can be what it should be.
std::string shown(std::string_view text) {
  return base::printable(text.size() > longest_item ? text.substr(0, longest_item) : text);
}

std::vector<std::string> listed(const catalogue::ResponseView& view, std::string_view pointer,
                                std::size_t star) {
  const std::string before(pointer.substr(0, star + 1));
  const std::string_view behind = pointer.substr(star + 2);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < most_items; ++i) {
    const auto item = view.pointer(before + std::to_string(i) + std::string(behind));
    if (!item) return items;
    items.push_back(shown(*item));
  }
  return items;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t start = 0; start < text.size() && words.size() < most_items;) {
    const std::size_t end = std::min(text.find_first_of(", \t", start), text.size());
    if (end > start) words.push_back(shown(text.substr(start, end - start)));
    start = end + 1;
  }
  return words;
}

// One text; nullopt when it is not there, or null.
std::optional<std::string> text_at(std::string_view place, const catalogue::ResponseView& view) {
  if (place.empty()) return std::nullopt;
  if (place.starts_with('/')) {
    auto found = view.pointer(place);
    if (!found || *found == "null" || found->empty()) return std::nullopt;
    return found;
  }
  const std::string* header = view.response().headers.find(place);
  if (!header) return std::nullopt;
  return *header;
}

std::optional<std::vector<std::string>> list_at(std::string_view place,
                                                const catalogue::ResponseView& view) {
  const std::size_t star = place.find("/*");
  if (place.starts_with('/') && star != std::string_view::npos) {
    const std::string_view list = place.substr(0, star);
    if (!list.empty() && !view.pointer(list)) return std::nullopt;
    return listed(view, place, star);
  }
  const auto text = text_at(place, view);
  if (!text) return std::nullopt;
  return words_of(*text);
}

std::optional<long long> number(std::string_view text) {
  text = base::trim(text);
  long long value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || value < 0) return std::nullopt;
  // "60, 60;w=60" and "12.5": what follows the number is something else.
  return value;
}

// Seconds from now, a point in time as seconds since 1970, or a date.
std::optional<base::Time> reset_time(std::string_view text, base::Time now) {
  constexpr long long year = 366LL * 86400;
  if (const auto date = base::parse_rfc3339(base::trim(text))) return date;
  text = base::trim(text);
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const auto seconds = number(text);
  if (!seconds) return std::nullopt;
  if (*seconds < year) return now + std::chrono::seconds(*seconds);
  return read_time(text.substr(0, text.find('.')));
}

struct LimitNames {
  std::string_view remaining, total, resets;
};
constexpr LimitNames limit_names[] = {
    {"ratelimit-remaining", "ratelimit-limit", "ratelimit-reset"},
    {"x-ratelimit-remaining", "x-ratelimit-limit", "x-ratelimit-reset"},
    {"x-rate-limit-remaining", "x-rate-limit-limit", "x-rate-limit-reset"},
    {"x-ratelimit-remaining-requests", "x-ratelimit-limit-requests", ""},
    {"anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-limit",
     "anthropic-ratelimit-requests-reset"},
};

// The value of `name=` in "limit=100, remaining=50" or in "\"default\";r=50;t=30".
std::optional<long long> parameter(std::string_view text, std::string_view name) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find_first_of(",;", start), text.size());
    const std::string_view part = base::trim(text.substr(start, end - start));
    if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
      return number(part.substr(name.size() + 1));
    start = end + 1;
  }
  return std::nullopt;
}

std::optional<Limit> of_one_header(const http::Headers& headers, base::Time now) {
  const std::string_view text = headers.get("ratelimit");
  const bool old = text.contains("remaining=");
  const auto remaining = parameter(text, old ? "remaining" : "r");
  if (!remaining) return std::nullopt;
  Limit limit{.remaining = *remaining};
  limit.total = old ? parameter(text, "limit") : parameter(headers.get("ratelimit-policy"), "q");
  if (const auto seconds = parameter(text, old ? "reset" : "t");
      seconds && *seconds < 1'000'000'000)
    limit.resets = now + std::chrono::seconds(*seconds);
  return limit;
}

}  // namespace

std::optional<base::Time> read_time(std::string_view text) {
  text = base::trim(text);
  constexpr std::string_view midnight = "T00:00:00Z";
  constexpr std::size_t date_size = 10, time_size = 19;
  if (const auto time = base::parse_rfc3339(text)) return time;
  if (text.size() == date_size && text.contains('-'))
    return base::parse_rfc3339(std::string(text) + std::string(midnight));
  if (text.size() > time_size && text[date_size] == ' ') {
    // "2026-12-01 08:00:00 UTC", "… +0200"
    std::string joined(text.substr(0, time_size));
    joined[date_size] = 'T';
    std::string zone(base::trim(text.substr(time_size)));
    if (zone == "UTC" || zone == "GMT" || zone == "Z") zone = "Z";
    if (zone.size() == 5) zone.insert(3, ":");
    return base::parse_rfc3339(joined + zone);
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  const auto seconds = number(text);
  constexpr long long earliest = 1'000'000'000, latest = 100'000'000'000;  // 2001, the year 5138
  if (!seconds || *seconds < earliest) return std::nullopt;
  return base::Time(std::chrono::seconds(*seconds >= latest ? *seconds / 1000 : *seconds));
}

std::optional<Limit> read_limit(const http::Headers& headers, base::Time now) {
  if (const auto limit = of_one_header(headers, now)) return limit;
  for (const LimitNames& names : limit_names) {
    const std::string* text = headers.find(names.remaining);
    const auto remaining = text ? number(*text) : std::nullopt;
    if (!remaining) continue;
    return Limit{.total = number(headers.get(names.total)),
                 .remaining = *remaining,
                 .resets = reset_time(headers.get(names.resets), now)};
  }
  return std::nullopt;
}

Told read_told(const catalogue::WhoamiAnswer& where, const http::Response& response,
               base::Time now) {
  const catalogue::ResponseView view(response);
  Told told;
  for (const std::string_view place : where.owner) {
    if (const auto text = text_at(place, view)) told.owner.push_back(shown(*text));
  }
  if (const auto text = text_at(where.name, view)) told.name = shown(*text);
  if (!where.scopes.empty()) told.scopes = list_at(where.scopes, view);
  if (const auto text = text_at(where.expires, view)) told.expires = read_time(*text);
  told.never_expires = where.expires.starts_with('/') && view.pointer_equals(where.expires, "null");
  told.limit = read_limit(response.headers, now);
  return told;
}

}  // namespace locksmith::check

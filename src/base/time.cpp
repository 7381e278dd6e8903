#include "base/time.hpp"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

namespace locksmith::base {
namespace {

std::optional<Time> parse_as(const char* format, std::string_view text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(format, {text.data(), text.size()}, &time, &error)) return {};
  // Abseil reads "infinite-future" whatever the format.
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return {};
  return Time(std::chrono::seconds(absl::ToUnixSeconds(time)));
}

}  // namespace

std::optional<Time> parse_http_date(std::string_view text) {
  for (const char* format :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    if (auto time = parse_as(format, text)) return time;
  }
  return {};
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  return parse_as("%Y-%m-%d%ET%H:%M:%E*S%Ez", text);
}

std::optional<Time> parse_basic_iso8601(std::string_view text) {
  return parse_as("%E4Y%m%d%ET%H%M%SZ", text);  // %Y would take all eight digits for the year
}

std::string format_rfc3339(Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ",
                          absl::FromUnixSeconds(time.time_since_epoch().count()),
                          absl::UTCTimeZone());
}

std::string format_duration(std::chrono::seconds duration) {
  using namespace std::chrono;
  const auto seconds = abs(duration).count();
  constexpr std::array<std::pair<long, const char*>, 4> units{
      {{86400L * 365, "year"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}}};
  for (const auto& [size, name] : units) {
    if (seconds >= size)
      return fmt::format("{} {}{}", seconds / size, name, seconds / size == 1 ? "" : "s");
  }
  return fmt::format("{} second{}", seconds, seconds == 1 ? "" : "s");
}

}  // namespace locksmith::base

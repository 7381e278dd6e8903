// Points in time as HTTP and JSON write them, and durations as people read them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace locksmith::base {

using Time = std::chrono::sys_seconds;

// IMF-fixdate and the two obsolete forms of RFC 9110 section 5.6.7.
std::optional<Time> parse_http_date(std::string_view text);
// RFC 3339 section 5.6; fractions of a second are cut off.
std::optional<Time> parse_rfc3339(std::string_view text);
// AWS' basic ISO 8601: 20260727T100000Z.
std::optional<Time> parse_basic_iso8601(std::string_view text);

std::string format_rfc3339(Time time);
// "3 days", "2 hours", "40 seconds": the largest unit that fits, rounded down.
std::string format_duration(std::chrono::seconds duration);

}  // namespace locksmith::base

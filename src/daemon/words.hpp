// What the commands print: tables and lists of fields for people, JSON for programs. All that came
// from elsewhere is made safe for a terminal.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace locksmith::daemon {

// Columns as wide as they must be; the first row is the heading.
std::string table(const std::vector<std::vector<std::string>>& rows);
// "  name   value"; what has no value is left out.
std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs);

// A field of the interface's JSON as people read it: a text, a number, a list with spaces between,
// "100 per 60 s". Empty when it is not there or null.
std::string shown(const boost::json::object& object, std::string_view name);

// To standard output; gives the exit code.
int print(std::string_view text);
int print_json(const boost::json::object& object);

// RFC 3339, a day, or how long ago: "2026-11-21T10:00:00Z", "2026-11-21", "24h".
Result<std::string> time_ago(std::string_view text);
// The same, or how far ahead.
Result<std::string> time_ahead(std::string_view text);

}  // namespace locksmith::daemon

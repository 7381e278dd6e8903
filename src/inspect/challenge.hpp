// Reads what a refusal asks for: WWW-Authenticate (RFC 9110 section 11.6.1) and Retry-After
// (section 10.2.3).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"

namespace locksmith::inspect {

struct Challenge {
  std::string scheme;                                           // "Bearer"
  std::vector<std::pair<std::string, std::string>> parameters;  // realm, error, scope …, unquoted
  std::string parameter(std::string_view name) const;           // "" when it is not there
};

// One field value holds several challenges, separated by commas like their parameters. Junk is
// skipped.
std::vector<Challenge> parse_challenges(std::string_view text);

// Seconds, or a date against the server's clock; nullopt when absent or unreadable.
std::optional<std::chrono::seconds> retry_after(const http::Response& response,
                                                std::optional<base::Time> server_time);

// "50" of "50;w=60" or "50, 100"; nullopt: no finite number stands there.
std::optional<double> leading_number(std::string_view text);

}  // namespace locksmith::inspect

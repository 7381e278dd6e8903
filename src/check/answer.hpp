// Reads what a successful answer tells of the key that was sent. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "catalogue/catalogue.hpp"
#include "http/message.hpp"

namespace locksmith::check {

struct Limit {
  std::optional<long long> total;
  long long remaining = 0;
  std::optional<base::Time> resets;
};

struct Told {
  std::vector<std::string> owner;
  std::string name;
  std::optional<std::vector<std::string>> scopes;  // empty: it has none; nullopt: not told
  std::optional<base::Time> expires;
  bool never_expires = false;  // the answer says so
  std::optional<Limit> limit;
};

// Texts are printable, and cut where they are too long to be what they should be.
Told read_told(const catalogue::WhoamiAnswer& where, const http::Response& response,
               base::Time now);

// Requests left: RateLimit (draft-ietf-httpapi-ratelimit-headers, all its forms), X-RateLimit-* as
// GitHub has them, x-ratelimit-*-requests (OpenAI), anthropic-ratelimit-requests-*.
std::optional<Limit> read_limit(const http::Headers& headers, base::Time now);

// RFC 3339, a date alone (its midnight), "2026-12-01 08:00:00 UTC" or with an offset, seconds or
// milliseconds since 1970.
std::optional<base::Time> read_time(std::string_view text);

}  // namespace locksmith::check

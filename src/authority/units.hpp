// Durations, rates, quotas and sizes as people write them: "24h", "100/minute", "1000000/month",
// "16KiB". The command line takes the same words as locksmith.toml.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "authority/key.hpp"

namespace locksmith::authority {

// A number and a unit: s, m, h, d, w, or their names: "90 days". At most a hundred years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);
// "100/s", "100/minute", "100/10m", with "burst" behind it: "100/minute burst 20".
std::optional<Rate> parse_rate(std::string_view text);
std::optional<Quota> parse_quota(std::string_view text);  // "1000/day", "1000000/month"
std::optional<std::size_t> parse_size(std::string_view text);

std::string rate_text(const Rate& rate);     // "100 requests per minute"
std::string quota_text(const Quota& quota);  // "1000 requests per day"

}  // namespace locksmith::authority

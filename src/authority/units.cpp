#include "authority/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::authority {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t seconds;
};
constexpr std::array<Unit, 20> units{
    {{"s", 1},          {"sec", 1},      {"second", 1},      {"seconds", 1},
     {"m", 60},         {"min", 60},     {"minute", 60},     {"minutes", 60},
     {"h", 3600},       {"hour", 3600},  {"hours", 3600},    {"d", 86400},
     {"day", 86400},    {"days", 86400}, {"w", 604800},      {"week", 604800},
     {"weeks", 604800}, {"y", 31536000}, {"year", 31536000}, {"years", 31536000}}};
constexpr std::int64_t longest = 100 * std::int64_t{31536000};

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return out;
}

std::optional<std::int64_t> unit_of(std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.seconds;
  }
  return {};
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  text = base::trim(text);
  const auto number = take_number(text);
  const auto unit = unit_of(base::trim(text));
  if (!number || !unit || *number > static_cast<std::uint64_t>(longest / *unit)) return {};
  return std::chrono::seconds(static_cast<std::int64_t>(*number) * *unit);
}

std::optional<Rate> parse_rate(std::string_view text) {
  Rate out;
  const std::size_t burst = text.find("burst");
  if (burst != text.npos) {
    std::string_view rest = base::trim(text.substr(burst + 5));
    const auto number = take_number(rest);
    if (!number || *number == 0 || *number > UINT32_MAX || !rest.empty()) return {};
    out.burst = static_cast<std::uint32_t>(*number);
    text = text.substr(0, burst);
  }
  text = base::trim(text);
  const auto requests = take_number(text);
  text = base::trim(text);
  if (!requests || *requests == 0 || *requests > UINT32_MAX || !text.starts_with('/')) return {};
  out.requests = static_cast<std::uint32_t>(*requests);
  const std::string_view period = base::trim(text.substr(1));
  if (const auto unit = unit_of(period)) {
    out.period = std::chrono::seconds(*unit);
  } else if (const auto duration = parse_duration(period)) {
    out.period = *duration;
  } else {
    return {};
  }
  if (out.period.count() == 0 || out.period > std::chrono::days(366)) return {};
  return out;
}

std::optional<Quota> parse_quota(std::string_view text) {
  text = base::trim(text);
  const auto requests = take_number(text);
  text = base::trim(text);
  if (!requests || *requests > INT64_MAX >> 20 || !text.starts_with('/')) return {};
  const std::string_view period = base::trim(text.substr(1));
  if (period == "day") return Quota{*requests, Quota::Period::day};
  if (period == "month") return Quota{*requests, Quota::Period::month};
  return {};
}

std::optional<std::size_t> parse_size(std::string_view text) {
  text = base::trim(text);
  const auto number = take_number(text);
  text = base::trim(text);
  constexpr std::array<Unit, 8> sizes{{{"", 1},
                                       {"B", 1},
                                       {"KiB", 1 << 10},
                                       {"MiB", 1 << 20},
                                       {"GiB", 1 << 30},
                                       {"kB", 1000},
                                       {"MB", 1'000'000},
                                       {"GB", 1'000'000'000}}};
  for (const Unit& size : sizes) {
    if (number && size.name == text && *number < 1u << 30) {
      return static_cast<std::size_t>(*number) * static_cast<std::size_t>(size.seconds);
    }
  }
  return {};
}

std::string rate_text(const Rate& rate) {
  std::string period = base::format_duration(rate.period);
  if (period.starts_with("1 ")) period.erase(0, 2);
  return fmt::format("{} per {}", base::count_of(rate.requests, "request"), period);
}

std::string quota_text(const Quota& quota) {
  return fmt::format("{} per {}", base::count_of(quota.requests, "request"),
                     quota.period == Quota::Period::day ? "day" : "month");
}

}  // namespace locksmith::authority

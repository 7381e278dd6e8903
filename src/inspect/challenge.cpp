#include "inspect/challenge.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "http/token.hpp"

namespace locksmith::inspect {
namespace {

// The end of a token68 (RFC 9110 section 11.2) at `i`, where it is all that its challenge holds;
// else `i`.
std::size_t skip_token68(std::string_view text, std::size_t i) {
  const std::size_t start = std::min(text.find_first_not_of(" \t", i), text.size());
  const auto in_alphabet = [](char ch) {
    return std::string_view("-._~+/").contains(ch) || (ch >= '0' && ch <= '9') ||
           (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
  };
  std::size_t end = start;
  while (end < text.size() && in_alphabet(text[end])) ++end;
  if (end == start) return i;
  while (end < text.size() && text[end] == '=') ++end;
  const std::size_t next = std::min(text.find_first_not_of(" \t", end), text.size());
  return next == text.size() || text[next] == ',' ? next : i;
}

}  // namespace

std::string Challenge::parameter(std::string_view name) const {
  const auto hit = std::ranges::find_if(
      parameters, [&](const auto& p) { return base::equals_ignoring_case(p.first, name); });
  return hit == parameters.end() ? std::string() : hit->second;
}

std::vector<Challenge> parse_challenges(std::string_view text) {
  std::vector<Challenge> challenges;
  std::size_t i = 0;
  const auto skip = [&](std::string_view set) {
    while (i < text.size() && set.contains(text[i])) ++i;
  };
  while (i < text.size()) {
    skip(" \t,");
    const std::size_t start = i;
    while (i < text.size() && http::is_token_octet(text[i])) ++i;
    if (i == start) {
      ++i;  // junk: skipped a byte at a time
      continue;
    }
    const std::string_view word = text.substr(start, i - start);
    const std::size_t after_word = i;
    skip(" \t");
    const bool is_parameter = i < text.size() && text[i] == '=' && !challenges.empty();
    if (!is_parameter) {
      i = skip_token68(text, after_word);
      challenges.push_back({std::string(word), {}});
      continue;
    }
    ++i;
    skip(" \t");
    std::string value;
    if (i < text.size() && text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        value += text[i];
      }
      ++i;
    } else {
      while (i < text.size() && text[i] != ',' && text[i] != ' ') value += text[i++];
    }
    challenges.back().parameters.emplace_back(std::string(word), std::move(value));
  }
  return challenges;
}

std::optional<std::chrono::seconds> retry_after(const http::Response& response,
                                                std::optional<base::Time> server_time) {
  const std::string_view text = response.headers.get("retry-after");
  if (text.empty()) return {};
  if (const auto seconds = leading_number(text); seconds && *seconds >= 0 && *seconds < 1e9)
    return std::chrono::seconds(static_cast<long>(std::ceil(*seconds)));
  const auto date = base::parse_http_date(text);
  if (!date || !server_time) return {};
  return std::max(std::chrono::seconds(0), *date - *server_time);
}

std::optional<double> leading_number(std::string_view text) {
  const auto semicolon = text.find_first_of(";,");
  text = base::trim(text.substr(0, semicolon));
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

}  // namespace locksmith::inspect

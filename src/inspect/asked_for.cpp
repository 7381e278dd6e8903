#include "inspect/asked_for.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace locksmith::inspect {
namespace {

using Words = std::span<const std::string_view>;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Quotes, brackets and blanks between two words do not separate what they say.
constexpr std::string_view between = " \t'\"`()[]:,<>\xe2\x80\x98\x99\x9c\x9d";

bool ends_with_any(std::string_view before, Words cues) {
  while (!before.empty() && between.contains(before.back())) before.remove_suffix(1);
  return std::ranges::any_of(cues, [&](std::string_view cue) {
    if (!before.ends_with(cue)) return false;
    const std::size_t start = before.size() - cue.size();
    return start == 0 || !is_word(before[start - 1]);
  });
}

bool starts_with_any(std::string_view behind, Words cues) {
  while (!behind.empty() && between.contains(behind.front())) behind.remove_prefix(1);
  return std::ranges::any_of(cues, [&](std::string_view cue) {
    return behind.starts_with(cue) && (behind.size() == cue.size() || !is_word(behind[cue.size()]));
  });
}

// Words without a meaning of their own between a cue and the name: "pass the request header X-Id".
std::string_view without_fillers(std::string_view before) {
  constexpr std::array<std::string_view, 14> fillers = {
      "the",  "a",        "an",   "your",  "header", "headers",       "request",
      "http", "required", "this", "valid", "token",  "authorization", "authentication"};
  for (bool more = true; more;) {
    more = false;
    while (!before.empty() && between.contains(before.back())) before.remove_suffix(1);
    for (const std::string_view filler : fillers) {
      if (!before.ends_with(filler)) continue;
      const std::size_t start = before.size() - filler.size();
      if (start > 0 && is_word(before[start - 1])) continue;
      before = before.substr(0, start);
      more = true;
    }
  }
  return before;
}

// --- headers
// ---------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 16> asks_before = {
    "missing", "missing:", "pass",    "send",    "set", "provide", "include", "specify",
    "supply",  "add",      "require", "without", "no",  "lacks",   "needs",   "requires"};
constexpr std::array<std::string_view, 19> asks_behind = {
    "is missing",     "missing",        "is required",     "required",        "is not set",
    "not set",        "was not set",    "not provided",    "is not provided", "was not provided",
    "is not present", "not found",      "was not found",   "was not sent",    "must be",
    "header is",      "header missing", "header required", "is absent"};

// "X-Account-Id", "x-project", "Nimbus-Tenant": each part starts with a capital, or the whole with
// "x-". Ordinary words with a hyphen ("two-factor", "read-only") do not.
bool is_header_name(std::string_view word) {
  if (!word.contains('-') || word.ends_with('-') || word.starts_with('-')) return false;
  if (base::lower(word).starts_with("x-")) return word.size() > 3;
  for (std::size_t start = 0; start < word.size();) {
    if (word[start] < 'A' || word[start] > 'Z') return false;
    const auto hyphen = word.find('-', start);
    if (hyphen == std::string_view::npos) break;
    start = hyphen + 1;
  }
  return word.size() <= 40;
}

// --- schemes
// ---------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 8> scheme_names = {"basic",     "bearer", "token",  "digest",
                                                          "negotiate", "ntlm",   "apikey", "hmac"};
// Behind "token" stands a scheme only where one of these words says so.
constexpr std::array<std::string_view, 6> says_scheme = {
    "authentication", "auth", "authorization", "scheme", "credentials", "login"};
constexpr std::array<std::string_view, 20> got_before = {
    "unsupported", "unknown",    "unexpected",  "unrecognized", "unrecognised",
    "got",         "received",   "found",       "was",          "saw",
    "not",         "instead of", "came with",   "arrived with", "sent with",
    "t support",   "t accept",   "not support", "not accept",   "longer support"};
// In front of "scheme" or "type", behind which the scheme's name stands.
constexpr std::array<std::string_view, 8> wrong_before = {
    "unsupported",  "unknown", "unexpected", "unrecognized",
    "unrecognised", "invalid", "wrong",      "bad"};
constexpr std::array<std::string_view, 16> off_behind = {
    "is not supported", "is not accepted",   "is not allowed",   "is not enabled",
    "is disabled",      "is switched off",   "is unsupported",   "is not available",
    "not supported",    "are not supported", "are not accepted", "was received",
    "was sent",         "is turned off",     "was used",         "is no longer supported"};

// "Please do not send a token, but Basic": what somebody is told to do is not what came.
bool is_advice(std::string_view clause) {
  constexpr std::array<std::string_view, 8> advice = {"use",    "send",    "must",   "should",
                                                      "expect", "require", "please", "provide"};
  return std::ranges::any_of(advice, [&](std::string_view word) {
    const auto at = clause.find(word);
    const std::size_t end = at + word.size();
    return at != std::string_view::npos && (at == 0 || !is_word(clause[at - 1])) &&
           (end == clause.size() || !is_word(clause[end]));
  });
}

// "unsupported authorization scheme", in front of the scheme's name.
bool names_wrong_scheme(std::string_view before) {
  before = without_fillers(before);
  for (const std::string_view word : {"scheme", "type", "method"}) {
    if (!before.ends_with(word)) continue;
    return ends_with_any(without_fillers(before.substr(0, before.size() - word.size())),
                         wrong_before);
  }
  return false;
}

std::string_view clause_before(std::string_view message, std::size_t at) {
  const auto stop = at == 0 ? std::string_view::npos : message.find_last_of(".;:,!?", at - 1);
  const std::size_t start = stop == std::string_view::npos ? 0 : stop + 1;
  return message.substr(start, at - start);
}

bool complains_at(std::string_view message, std::string_view scheme, std::size_t at) {
  std::string_view behind = message.substr(at + scheme.size());
  while (!behind.empty() && between.contains(behind.front())) behind.remove_prefix(1);
  bool named = scheme != "token";
  for (const std::string_view word : says_scheme) {
    if (!behind.starts_with(word)) continue;
    behind.remove_prefix(word.size());
    named = true;
    break;
  }
  if (!named) return false;
  if (starts_with_any(behind, off_behind)) return true;
  if (names_wrong_scheme(message.substr(0, at))) return true;
  const std::string_view clause = clause_before(message, at);
  const bool got =
      ends_with_any(clause, got_before) || ends_with_any(without_fillers(clause), got_before);
  return got && !is_advice(clause);
}

}  // namespace

std::vector<std::string> headers_asked_for(std::string_view message) {
  std::vector<std::string> names;
  const std::string lower = base::lower(message);
  for (std::size_t at = 0; at < message.size();) {
    std::size_t end = at;
    while (end < message.size() && (is_word(message[end]) || message[end] == '-')) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    const std::string_view word = message.substr(at, end - at);
    const std::string_view before = std::string_view(lower).substr(0, at);
    const std::string_view behind = std::string_view(lower).substr(end);
    const bool asked = ends_with_any(before, asks_before) ||
                       ends_with_any(without_fillers(before), asks_before) ||
                       starts_with_any(behind, asks_behind);
    if (is_header_name(word) && asked) names.emplace_back(word);
    at = end;
  }
  return names;
}

std::string scheme_complained_of(std::string_view lower_message) {
  for (const std::string_view scheme : scheme_names) {
    for (std::size_t at = lower_message.find(scheme); at != std::string_view::npos;
         at = lower_message.find(scheme, at + 1)) {
      const bool whole = (at == 0 || !is_word(lower_message[at - 1])) &&
                         (at + scheme.size() == lower_message.size() ||
                          !is_word(lower_message[at + scheme.size()]));
      if (whole && complains_at(lower_message, scheme, at)) return std::string(scheme);
    }
  }
  return {};
}

}  // namespace locksmith::inspect

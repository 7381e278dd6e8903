#include "credential/scheme_words.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }

// "GoogleLogin", "KakaoAK", "SSWS": words of a capital and at least two small letters, three at
// most; an abbreviation may stand behind them, or alone.
bool is_written_in_words(std::string_view part) {
  constexpr std::size_t longest_abbreviation = 6, most_words = 3;
  std::size_t at = 0;
  for (std::size_t words = 0; at < part.size(); ++words) {
    if (!is_capital(part[at])) return false;
    std::size_t end = at + 1;
    while (end < part.size() && is_small(part[end])) ++end;
    if (end - at < 3) break;
    if (words == most_words) return false;
    at = end;
  }
  const std::string_view rest = part.substr(at);
  return rest.size() <= longest_abbreviation && std::ranges::all_of(rest, is_capital);
}

}  // namespace

bool written_like_scheme(std::string_view word) {
  constexpr std::size_t longest = 24;
  if (word.empty() || word.size() > longest) return false;
  if (!std::ranges::all_of(word, [](char c) { return is_capital(c) || is_small(c) || c == '-'; }))
    return false;
  const std::string lower = base::lower(word);
  for (const std::string_view speaks : {"key", "token", "auth", "login", "bearer"}) {
    if (lower.contains(speaks)) return true;
  }
  for (std::size_t start = 0; start <= word.size();) {
    const std::size_t end = std::min(word.find('-', start), word.size());
    if (end == start || !is_written_in_words(word.substr(start, end - start))) return false;
    start = end + 1;
  }
  return true;
}

}  // namespace locksmith::credential

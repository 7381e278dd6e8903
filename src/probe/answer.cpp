// What varies is recognised by its look, word by word, since no format is common to all APIs. An
// error code ("AADSTS7000215", "401-expired-key") is a word too, and must stay.
#include "probe/answer.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "http/url.hpp"

namespace locksmith::probe {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

// "2026-11-21T02:43:32" and "02:43:32" fall apart into words like these.
bool is_time(std::string_view word) {
  const auto looks_like = [](std::string_view text, std::string_view form) {
    return text.size() >= form.size() &&
           std::ranges::equal(text.substr(0, form.size()), form,
                              [](char c, char f) { return f == '0' ? is_digit(c) : c == f; });
  };
  return looks_like(word, "0000-00-00") || (word.size() <= 3 && looks_like(word, "00"));
}

// Base62 of a request id ("req_0VbcrjTSrrLWqcoCWnTSrr"): it changes between capitals, small letters
// and digits far more often than names in camel case do.
bool is_base62(std::string_view word) {
  const auto kind = [](char c) {
    return is_digit(c) ? 0 : c >= 'A' && c <= 'Z' ? 1 : c >= 'a' && c <= 'z' ? 2 : 3;
  };
  std::size_t changes = 0;
  for (std::size_t i = 1; i < word.size(); ++i) changes += kind(word[i]) != kind(word[i - 1]);
  return word.size() >= 16 && changes * 5 >= word.size() * 2;
}

bool is_random(std::string_view word) {
  if (word.starts_with("req_") && word.size() >= 16) return true;  // Stripe, OpenAI, our own
  const auto digits = std::ranges::count_if(word, is_digit);
  if (digits == 0) return false;
  if (static_cast<std::size_t>(digits) == word.size())
    return word.size() >= 6;  // a time or a counter
  const bool hex = std::ranges::all_of(word, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-';
  });
  if (hex && word.size() >= 8) return true;
  std::size_t turns = 0;  // between digits and the rest: many in a random word, few in a code
  for (std::size_t i = 1; i < word.size(); ++i) turns += is_digit(word[i]) != is_digit(word[i - 1]);
  return (word.size() >= 12 && turns >= 3) || is_base62(word);
}

void replace_all(std::string& text, const std::string& from, std::string_view to) {
  if (from.size() < 4) return;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// "acme_live…wxyz", "sk-ab****yz": an API shows both ends of a key.
std::string without_masked(std::string_view text) {
  std::string out;
  for (std::size_t start = 0; start < text.size();) {
    const auto is_part = [&](char c) {
      return is_word(c) || c == '*' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    };
    std::size_t end = start;
    while (end < text.size() && is_part(text[end])) ++end;
    const std::string_view part = text.substr(start, end - start);
    const bool masked = part.contains("***") || part.contains("...") || part.contains("\u2026");
    out += masked && part.size() > 3 ? "?" : part;
    if (end < text.size()) out += text[end];
    start = end + 1;
  }
  return out;
}

std::vector<std::string> secrets_of(const http::Request& request,
                                    std::span<const credential::Placement> known) {
  std::vector<std::string> secrets;
  for (const credential::Credential& found : credential::find_credentials(request, known)) {
    secrets.push_back(found.value.reveal());
    secrets.push_back(found.secret());
    if (found.basic) secrets.push_back(found.basic->user);
  }
  std::ranges::sort(secrets, std::greater{}, &std::string::size);  // the longer holds the shorter
  return secrets;
}

}  // namespace

std::string constant_part(std::string_view text, std::span<const std::string> secrets) {
  std::string known(text);
  for (const std::string& secret : secrets) replace_all(known, secret, "?");
  known = without_masked(known);
  std::string out;
  for (std::size_t start = 0; start < known.size();) {
    std::size_t end = start;
    while (end < known.size() && is_word(known[end])) ++end;
    const std::string_view word = std::string_view(known).substr(start, end - start);
    const bool beside_colon =
        (end < known.size() && known[end] == ':') || (start > 0 && known[start - 1] == ':');
    out += is_random(word) || (is_time(word) && (beside_colon || word.size() > 3)) ? "?" : word;
    if (end < known.size()) out += known[end];
    start = end + 1;
  }
  return out;
}

bool same_answer(const http::Exchange& a, const http::Exchange& b,
                 std::span<const credential::Placement> known) {
  if (a.response.status != b.response.status) return false;
  const auto secrets_a = secrets_of(a.request, known), secrets_b = secrets_of(b.request, known);
  const auto same = [&](std::string_view text_a, std::string_view text_b) {
    return constant_part(text_a, secrets_a) == constant_part(text_b, secrets_b);
  };
  if (!same(http::parse_url(a.response.headers.get("Location")).path,
            http::parse_url(b.response.headers.get("Location")).path)) {
    return false;
  }
  // What was not recorded cannot differ: then the status is all that there is to compare.
  const auto& headers_a = a.response.headers;
  const auto& headers_b = b.response.headers;
  const bool no_headers = (a.partial && headers_a.empty()) || (b.partial && headers_b.empty());
  if (!no_headers && !same(headers_a.get("WWW-Authenticate"), headers_b.get("WWW-Authenticate")))
    return false;
  const bool no_body =
      (a.partial && a.response.body.empty()) || (b.partial && b.response.body.empty());
  // A body of a HEAD request is never there.
  return no_body || a.request.method == "HEAD" || b.request.method == "HEAD" ||
         same(a.response.body, b.response.body);
}

}  // namespace locksmith::probe

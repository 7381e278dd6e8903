#include "http/netrc.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace locksmith::http {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// A word in double quotes may hold blanks; curl reads \n, \r, \t and \" in it (curl(1), --netrc).
std::string quoted_word(std::string_view text, std::size_t& i) {
  std::string word;
  for (++i; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      word += text[i];
      continue;
    }
    const char escaped = text[++i];
    word += escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped == 't' ? '\t' : escaped;
  }
  if (i < text.size()) ++i;
  return word;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = text.find_first_not_of(blanks, i);
    if (start == std::string_view::npos) break;
    i = start;
    if (text[start] == '#') {
      i = std::min(text.find('\n', start), text.size());
    } else if (text[start] == '"') {
      words.push_back(quoted_word(text, i));
    } else {
      i = std::min(text.find_first_of(blanks, start), text.size());
      words.emplace_back(text.substr(start, i - start));
      // A macro runs to the next empty line (ftp(1)); what it holds is no login.
      if (words.back() != "macdef") continue;
      words.pop_back();
      i = std::min(std::min(text.find("\n\n", i), text.find("\r\n\r\n", i)), text.size());
    }
  }
  return words;
}

}  // namespace

std::optional<Login> netrc_login(std::string_view text, std::string_view host) {
  const auto words = words_of(text);
  std::optional<Login> login;  // of the entry that fits, once it is reached
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool opens = words[i] == "default" || words[i] == "machine";
    if (opens && login) break;  // the first entry that fits counts
    if (words[i] == "default") {
      login = Login{};
      continue;
    }
    if (i + 1 == words.size()) break;
    // The value of every pair is stepped over, also of entries that do not fit: it may be any word.
    const std::string& value = words[i + 1];
    if (words[i] == "machine") {
      if (base::equals_ignoring_case(value, host)) login = Login{};
    } else if (words[i] == "login") {
      if (login) login->user = value;
    } else if (words[i] == "password") {
      if (login) login->password = value;
    } else if (words[i] != "account") {
      continue;
    }
    ++i;
  }
  return login;
}

}  // namespace locksmith::http

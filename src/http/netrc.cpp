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

struct Word {
  std::string text;
  int line;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  int line = 1;
  for (std::size_t i = 0, counted = 0; i < text.size();) {
    const std::size_t start = text.find_first_not_of(blanks, i);
    if (start == std::string_view::npos) break;
    line += static_cast<int>(std::ranges::count(text.substr(counted, start - counted), '\n'));
    counted = i = start;
    if (text[start] == '#') {
      i = std::min(text.find('\n', start), text.size());
    } else if (text[start] == '"') {
      words.push_back({quoted_word(text, i), line});
    } else {
      i = std::min(text.find_first_of(blanks, start), text.size());
      words.push_back({std::string(text.substr(start, i - start)), line});
      // A macro runs to the next empty line (ftp(1)); what it holds is no login.
      if (words.back().text != "macdef") continue;
      words.pop_back();
      i = std::min(std::min(text.find("\n\n", i), text.find("\r\n\r\n", i)), text.size());
    }
  }
  return words;
}

}  // namespace

std::vector<NetrcEntry> netrc_entries(std::string_view text) {
  std::vector<Word> words = words_of(text);
  std::vector<NetrcEntry> entries;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    if (word == "default") {
      entries.push_back({.is_default = true});
      continue;
    }
    const bool names = word == "login" || word == "password" || word == "account";
    if ((!names && word != "machine") || i + 1 == words.size()) continue;
    // The value of a pair is stepped over: it may be any word.
    Word& value = words[++i];
    if (!names)
      entries.push_back({.machine = std::move(value.text)});
    else if (!entries.empty())
      entries.back().values.push_back({word, std::move(value.text), value.line});
  }
  return entries;
}

std::optional<Login> netrc_login(std::string_view text, std::string_view host) {
  for (const NetrcEntry& entry : netrc_entries(text)) {  // the first one that fits counts
    if (!entry.is_default && !base::equals_ignoring_case(entry.machine, host)) continue;
    Login login;
    for (const NetrcValue& found : entry.values) {
      if (found.field == "login") login.user = found.value;
      if (found.field == "password") login.password = found.value;
    }
    return login;
  }
  return std::nullopt;
}

}  // namespace locksmith::http

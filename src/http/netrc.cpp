#include "http/netrc.hpp"

#include <algorithm>
#include <vector>

namespace locksmith::http {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = text.find_first_not_of(blanks, i);
    if (start == std::string_view::npos) break;
    if (text[start] == '#') {
      i = std::min(text.find('\n', start), text.size());
      continue;
    }
    i = std::min(text.find_first_of(blanks, start), text.size());
    words.push_back(text.substr(start, i - start));
  }
  return words;
}

}  // namespace

std::optional<Login> netrc_login(std::string_view text, std::string_view host) {
  const auto words = words_of(text);
  std::optional<Login> login;
  bool here = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_next = i + 1 < words.size();
    if (words[i] == "machine" && has_next) {
      if (here) return login;  // the first entry that fits counts
      here = words[++i] == host;
      if (here) login = Login{};
    } else if (words[i] == "default") {
      if (here) return login;
      here = true;
      login = Login{};
    } else if (here && has_next && (words[i] == "login" || words[i] == "account")) {
      const bool is_login = words[i] == "login";
      ++i;
      if (is_login) login->user = words[i];
    } else if (here && has_next && words[i] == "password") {
      login->password = words[++i];
    }
  }
  return login;
}

}  // namespace locksmith::http

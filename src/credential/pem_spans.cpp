// Private keys in PEM, as files hold them and as variables do, with `\n` for each line end.
#include <algorithm>
#include <string_view>

#include "credential/secret_spans.hpp"

namespace locksmith::credential {

constexpr auto npos = std::string_view::npos;

SecretSpans pem_spans(std::string_view text, bool& inside) {
  SecretSpans spans;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t start = at;
    if (!inside) {
      const std::size_t begin = text.find("-----BEGIN ", at);
      if (begin == npos) break;
      const std::size_t label = begin + 11;
      const std::size_t dashes = text.find("-----", label);
      if (dashes == npos) break;
      at = dashes + 5;
      if (!text.substr(label, dashes - label).ends_with("PRIVATE KEY")) continue;
      start = at;
    }
    const std::size_t end = std::min(text.find("-----END ", start), text.size());
    inside = end == text.size();
    // Each line by itself, so that the line ends, however they are escaped, stay what they are.
    for (std::size_t i = start; i < end;) {
      const std::size_t word = std::min(text.find_first_not_of("\r\n\\ \t\"'", i), end);
      std::size_t stop = std::min(text.find_first_of("\r\n\\ \t\"'", word), end);
      const bool escaped = word > start && text[word - 1] == '\\';
      const std::size_t from = escaped ? word + 1 : word;  // the n of \n
      if (from < stop) spans.push_back({from, stop - from, SecretKind::password, false});
      i = std::max(stop, word + 1);
    }
    at = end == text.size() ? end : std::min(text.find("-----", end + 9), text.size() - 5) + 5;
  }
  return spans;
}

}  // namespace locksmith::credential

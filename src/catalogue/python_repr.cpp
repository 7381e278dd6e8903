#include "catalogue/python_repr.hpp"

namespace locksmith::catalogue {
namespace {

struct Word {
  std::string_view python, json;
};
constexpr Word words[] = {{"None", "null"}, {"True", "true"}, {"False", "false"}};

// A string literal from its opening quote at `at` on; returns the position behind it.
std::size_t append_string(std::string_view repr, std::size_t at, std::string& out) {
  const char quote = repr[at++];
  out += '"';
  for (; at < repr.size() && repr[at] != quote; ++at) {
    const char c = repr[at];
    if (c == '\\' && at + 1 < repr.size()) {
      const char escaped = repr[++at];
      if (escaped == 'x')
        out += "\\u00";  // \xe9 has two digits, and so has what follows \u00
      else if (escaped == '\'')
        out += escaped;
      else
        out += {'\\', escaped};
    } else if (c == '"') {
      out += "\\\"";
    } else {
      out += c;
    }
  }
  out += '"';
  return at + 1;
}

}  // namespace

std::string json_from_python(std::string_view repr) {
  std::string out;
  out.reserve(repr.size() + 16);
  for (std::size_t at = 0; at < repr.size();) {
    const char c = repr[at];
    const bool prefixed = (c == 'u' || c == 'b') && at + 1 < repr.size() && repr[at + 1] == '\'';
    if (prefixed) ++at;  // u'…' of Python 2, b'…'
    if (repr[at] == '\'' || repr[at] == '"') {
      at = append_string(repr, at, out);
      continue;
    }
    std::string_view json = repr.substr(at, 1);
    std::size_t eaten = 1;
    for (const auto& [python, replacement] : words) {
      if (!repr.substr(at).starts_with(python)) continue;
      json = replacement;
      eaten = python.size();
    }
    out += json;
    at += eaten;
  }
  return out;
}

}  // namespace locksmith::catalogue

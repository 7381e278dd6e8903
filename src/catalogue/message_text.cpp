#include "catalogue/message_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::catalogue {
namespace {

// The texts of a JSON document, without the names of its fields. Works on broken JSON too (a body
// that was cut off): a text that is followed by a colon is a name.
std::string json_texts(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '"') continue;
    std::string text;
    for (++i; i < body.size() && body[i] != '"'; ++i) {
      if (body[i] == '\\' && i + 1 < body.size()) {
        ++i;
        text += body[i] == 'n' || body[i] == 't' || body[i] == 'r' ? ' ' : body[i];
      } else {
        text += body[i];
      }
    }
    const auto next = body.find_first_not_of(" \t\r\n", i + 1);
    const bool name = next != std::string_view::npos && body[next] == ':';
    if (!name) out.append(text).append(" . ");
  }
  return out;
}

std::string without_tags(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '<') {
      const std::string_view rest = body.substr(i);
      for (const std::string_view element : {"script", "style"}) {
        if (!rest.substr(1).starts_with(element)) continue;
        const auto close = rest.find("</" + std::string(element));
        i += close == std::string_view::npos ? rest.size() - 1 : close;
      }
      const auto end = body.find('>', i);
      if (end == std::string_view::npos) break;
      i = end;
      out += " . ";
    } else {
      out += body[i] == '\n' || body[i] == '\r' || body[i] == '\t' ? ' ' : body[i];
    }
  }
  return out;
}

void remove_urls(std::string& text) {
  for (std::size_t at; (at = text.find("://")) != std::string::npos;) {
    std::size_t begin = at;
    while (begin > 0 && text[begin - 1] >= 'a' && text[begin - 1] <= 'z') --begin;
    const std::size_t end = std::min(text.find_first_of(" \"'<>)", at), text.size());
    text.erase(begin, end - begin);
  }
}

}  // namespace

std::string message_text(std::string_view lower_body) {
  const std::string_view inner = base::trim(lower_body);
  const bool json = inner.starts_with('{') || inner.starts_with('[');
  const bool quoted = json && inner.contains('"');
  std::string text = quoted                   ? json_texts(inner)
                     : inner.starts_with('<') ? without_tags(inner)
                                              : std::string(inner);
  remove_urls(text);
  return text;
}

}  // namespace locksmith::catalogue

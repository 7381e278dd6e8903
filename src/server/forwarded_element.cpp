#include "server/forwarded_element.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "http/token.hpp"

namespace locksmith::server {
namespace {

// A quoted string up to its closing quote, which goes, too. One with a backslash is not taken: no
// address, host or protocol has one.
std::optional<std::string_view> take_quoted(std::string_view& text) {
  const auto end = text.find_first_of("\"\\", 1);
  if (end == text.npos || text[end] == '\\') return {};
  const auto value = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return value;
}

// A value that is no token is let pass unquoted where proxies write it so: "for=192.0.2.7:80",
// "for=[2001:db8::7]", "host=example.com:8080".
std::optional<std::string_view> take_value(std::string_view& text) {
  if (text.starts_with('"')) return take_quoted(text);
  const auto end = std::min(text.find(';'), text.size());
  const auto value = base::trim(text.substr(0, end));
  text.remove_prefix(end);
  if (value.find_first_of("\"\\= \t") != value.npos) return {};
  return value;
}

}  // namespace

std::optional<ForwardedElement> parse_forwarded_element(std::string_view text) {
  ForwardedElement out;
  std::string_view by;
  while (true) {
    text = base::trim(text);
    if (text.starts_with(';')) {  // a pair may be empty
      text.remove_prefix(1);
      continue;
    }
    if (text.empty()) break;
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == text.npos || !http::is_token(name)) return {};
    text.remove_prefix(equals + 1);
    const auto value = take_value(text);
    if (!value || value->empty()) return {};
    text = base::trim(text);
    if (!text.empty() && !text.starts_with(';')) return {};

    const bool known[] = {
        base::equals_ignoring_case(name, "for"), base::equals_ignoring_case(name, "proto"),
        base::equals_ignoring_case(name, "host"), base::equals_ignoring_case(name, "by")};
    std::string_view* targets[] = {&out.node, &out.proto, &out.host, &by};
    for (std::size_t i = 0; i < std::size(known); ++i) {
      if (!known[i]) continue;
      if (!targets[i]->empty()) return {};
      *targets[i] = *value;
    }
  }
  return out;
}

std::string_view take_last_forwarded(std::string_view& list) {
  bool quoted = false;
  auto at = list.size();
  for (; at > 0; --at) {
    const char c = list[at - 1];
    if (c == ',' && !quoted) break;
    if (c != '"') continue;
    const auto before = list.substr(0, at - 1);
    const auto other = before.find_last_not_of('\\');
    const auto slashes = before.size() - (other == before.npos ? 0 : other + 1);
    if (slashes % 2 == 0) quoted = !quoted;
  }
  const auto last = list.substr(at);
  list = list.substr(0, at == 0 ? 0 : at - 1);
  return last;
}

}  // namespace locksmith::server

// How the notations of compose, npm, Spring, CI files, Helm and shells are told from a value.
#include "settings/reference.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::settings {
namespace {

bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_part(char c) { return is_capital(c) || (c >= 'a' && c <= 'z') || c == '.'; }

// What stands between `open` and `close`, the first time.
struct Braces {
  std::string_view inside;
  bool whole;
};
std::optional<Braces> braces_in(std::string_view text, std::string_view open,
                                std::string_view close) {
  const auto at = text.find(open);
  if (at == std::string_view::npos) return std::nullopt;
  const auto end = text.find(close, at + open.size());
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(at + open.size(), end - at - open.size());
  return Braces{base::trim(inside), at == 0 && text.ends_with(close)};
}

std::string name_at_start(std::string_view text) {
  return {text.begin(), std::ranges::find_if_not(text, is_part)};
}

}  // namespace

std::string Reference::what() const {
  return name.empty() ? "elsewhere" : variable ? "$" + name : name;
}

std::optional<Reference> reference_in(std::string_view value) {
  const std::string_view text = base::trim(value);
  // https://github.com/getsops/sops#encryption-protocol
  if (text.starts_with("ENC[AES256_GCM,")) return Reference{.sealed = true};
  const bool ci = text.starts_with("${{");
  if (const auto two = braces_in(ci ? text.substr(1) : text, "{{", "}}"))
    return Reference{.name = name_at_start(two->inside), .whole = two->whole};
  if (const auto one = braces_in(text, "${", "}")) {
    const std::string name = name_at_start(one->inside);
    // POSIX.1-2017, XCU 2.6.2, which compose follows; Spring has a colon alone.
    std::string_view rest = one->inside.substr(name.size());
    if (rest.starts_with(':')) rest.remove_prefix(1);
    const bool message = rest.starts_with('?') || rest.starts_with('+');
    if (rest.starts_with('-')) rest.remove_prefix(1);
    if (!name.empty())
      return Reference{.name = name,
                       .variable = true,
                       .whole = one->whole,
                       .fallback = base::Secret(std::string(message ? "" : rest))};
  }
  if (text.size() < 2 || text.front() != '$') return std::nullopt;
  std::string_view rest = text.substr(1);
  const bool parens = rest.starts_with('(') && rest.ends_with(')');
  if (parens) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty() || !std::ranges::all_of(rest, is_capital)) return std::nullopt;
  return Reference{.name = std::string(rest), .variable = true};
}

}  // namespace locksmith::settings

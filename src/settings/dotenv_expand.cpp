// What several readers do to a text: line ends made one, ${NAME} and its forms expanded.
#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

constexpr int deepest = 8;  // ${A:-${B:-…}}

// Where the brace that opens at `at` closes; npos when it does not.
std::size_t closing_brace(std::string_view text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

// The inside of ${…}: NAME, or NAME, an operator and a word. compose-spec, "Interpolation".
void expand_braced(std::string_view inside, const Lookup& lookup, int depth, Expansion& out) {
  std::size_t end = 0;
  while (end < inside.size() && is_word(inside[end])) ++end;
  const std::string_view name = inside.substr(0, end), rest = inside.substr(end);
  const Setting* found = lookup(name);
  const bool colon = rest.starts_with(':');
  const bool is_set = found && !(colon && found->value.empty());
  const std::string_view op = rest.substr(0, colon ? 2 : 1), word = rest.substr(op.size());
  if (op.ends_with('+') ? is_set : (op.ends_with('-') && !is_set)) {
    Expansion inner = expand(word, lookup, depth + 1);
    out.text += inner.text;
    out.unset.insert(out.unset.end(), inner.unset.begin(), inner.unset.end());
  } else if (found && !op.ends_with('+')) {
    out.text += found->value.reveal();
  } else if (!found && !op.ends_with('+')) {
    out.unset.emplace_back(name);
  }
}

}  // namespace

Expansion expand(std::string_view text, const Lookup& lookup, int depth) {
  Expansion out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const auto close =
        next == '{' && depth < deepest ? closing_brace(text, i + 1) : std::string_view::npos;
    const bool named = is_word(next) && !is_digit(next);
    if (text[i] == '$' && close != std::string_view::npos) {
      expand_braced(text.substr(i + 2, close - i - 2), lookup, depth, out);
      i = close;
    } else if (text[i] == '$' && named) {
      std::size_t end = i + 1;
      while (end < text.size() && is_word(text[end])) ++end;
      const std::string_view name = text.substr(i + 1, end - i - 1);
      if (const Setting* found = lookup(name))
        out.text += found->value.reveal();
      else
        out.unset.emplace_back(name);
      i = end - 1;
    } else {
      out.text += text[i];
      if (text[i] == '$' && next == '$') ++i;
    }
  }
  return out;
}

std::string with_line_feeds(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i] == '\r' ? '\n' : text[i];
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
  }
  return out;
}

void apply(Expansion expansion, Setting& setting) {
  for (const std::string& name : expansion.unset) {
    setting.oddities.push_back("takes $" + name + " from elsewhere, or nothing in its place");
    setting.known = false;
  }
  setting.value = base::Secret(std::move(expansion.text));
}

}  // namespace locksmith::settings

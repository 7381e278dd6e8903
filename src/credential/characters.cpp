#include "credential/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

using base::CodePoint;

struct Named {
  char32_t value;
  std::string_view name;
};

// White space (Unicode White_Space, what occurs in pasted text).
constexpr std::array<Named, 6> white_spaces{{{' ', "a space"},
                                             {'\t', "a tab"},
                                             {'\n', "a line feed"},
                                             {'\r', "a carriage return"},
                                             {'\v', "a vertical tab"},
                                             {'\f', "a form feed"}}};

// Not visible in an editor or a terminal, yet part of the value.
constexpr std::array<Named, 18> invisibles{{{0xfeff, "a byte order mark"},
                                            {0x00a0, "a no-break space"},
                                            {0x200b, "a zero-width space"},
                                            {0x200c, "a zero-width non-joiner"},
                                            {0x200d, "a zero-width joiner"},
                                            {0x200e, "a left-to-right mark"},
                                            {0x200f, "a right-to-left mark"},
                                            {0x202a, "a left-to-right embedding"},
                                            {0x202c, "a pop directional formatting"},
                                            {0x2028, "a line separator"},
                                            {0x2029, "a paragraph separator"},
                                            {0x202f, "a narrow no-break space"},
                                            {0x2060, "a word joiner"},
                                            {0x00ad, "a soft hyphen"},
                                            {0x3000, "an ideographic space"},
                                            {0x2003, "an em space"},
                                            {0x2009, "a thin space"},
                                            {0x007f, "a DEL character"}}};

// Delimiters that belong to the text around a key. Their closing partners are in the list too.
constexpr std::array<Named, 17> delimiters{{{'"', "a double quote"},
                                            {'\'', "a single quote"},
                                            {'`', "a backtick"},
                                            {0x201c, "a typographic quote"},
                                            {0x201d, "a typographic quote"},
                                            {0x201e, "a typographic quote"},
                                            {0x2018, "a typographic quote"},
                                            {0x2019, "a typographic quote"},
                                            {0x00ab, "a typographic quote"},
                                            {0x00bb, "a typographic quote"},
                                            {',', "a comma"},
                                            {';', "a semicolon"},
                                            {'\\', "a backslash"},
                                            {'[', "a bracket"},
                                            {']', "a bracket"},
                                            {'(', "a parenthesis"},
                                            {')', "a parenthesis"}}};

template <std::size_t N>
std::string_view name_in(const std::array<Named, N>& table, char32_t value) {
  const auto hit = std::ranges::find(table, value, &Named::value);
  return hit == table.end() ? std::string_view() : hit->name;
}

// Nearly every character of a key: it stands in none of the tables.
bool is_visible_ascii(char32_t c) { return c > 0x20 && c < 0x7f; }

std::string_view white_space_name(char32_t c) {
  return is_visible_ascii(c) ? std::string_view() : name_in(white_spaces, c);
}

std::optional<std::string> invisible_name(const CodePoint& point) {
  if (!point.valid)
    return fmt::format("a byte that is no UTF-8 (0x{:02x})", static_cast<unsigned>(point.value));
  if (is_visible_ascii(point.value)) return {};
  if (const auto name = name_in(invisibles, point.value); !name.empty()) return std::string(name);
  if (point.value < 0x20 && white_space_name(point.value).empty()) return "a control character";
  if (point.value >= 0x80 && point.value < 0xa0) return "a control character";
  return {};
}

std::vector<CodePoint> code_points(std::string_view text) {
  std::vector<CodePoint> points;
  for (std::size_t i = 0; i < text.size(); i += points.back().size)
    points.push_back(base::code_point_at(text, i));
  return points;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
// Nearly every key.
bool is_plain(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return is_word(c) || c == '-'; });
}

std::string_view position_of(std::size_t index, std::size_t count) {
  if (index == 0) return "at the start";
  return index + 1 == count ? "at the end" : "inside";
}

bool is_upper_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// A name that can be shown: an upper-case key ("$" stuck to AKIA…) must not pass for one.
bool is_variable_name(std::string_view text) {
  const bool digits = std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return is_upper_name(text) && text.size() <= 40 &&
         !(text.front() >= '0' && text.front() <= '9') &&
         (text.contains('_') || (!digits && text.size() <= 12));
}

CharacterFinding whole(Defect defect, std::string_view value, std::string what,
                       std::string cleaned = {}) {
  return {.defect = defect,
          .offset = 0,
          .size = value.size(),
          .code_point = 0,
          .what = std::move(what),
          .cleaned = std::move(cleaned)};
}

// --- one function per kind of defect; each looks at the whole value
// -------------------------------

std::optional<CharacterFinding> find_white_space(std::string_view value,
                                                 const std::vector<CodePoint>& points) {
  // The end is the likeliest place (a line feed from a file), and the most telling.
  std::optional<std::size_t> hit;
  for (std::size_t i = points.size(); i-- > 0;) {
    if (white_space_name(points[i].value).empty()) continue;
    hit = i;
    break;
  }
  if (!hit) return {};
  const CodePoint& point = points[*hit];
  CharacterFinding finding{.defect = Defect::white_space,
                           .offset = point.offset,
                           .size = point.size,
                           .code_point = point.value};
  finding.what = fmt::format("{} (U+{:04X}) {}", white_space_name(point.value),
                             static_cast<unsigned>(point.value), position_of(*hit, points.size()));
  finding.cleaned = value;
  std::erase_if(finding.cleaned,
                [](char c) { return !white_space_name(static_cast<unsigned char>(c)).empty(); });
  return finding;
}

std::optional<CharacterFinding> find_invisible(std::string_view value,
                                               const std::vector<CodePoint>& points) {
  std::optional<CharacterFinding> finding;
  std::string cleaned;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto name = invisible_name(points[i]);
    if (!name) {
      cleaned += value.substr(points[i].offset, points[i].size);
    } else if (!finding) {
      finding = CharacterFinding{.defect = Defect::invisible,
                                 .offset = points[i].offset,
                                 .size = points[i].size,
                                 .code_point = points[i].value};
      finding->what = fmt::format("{} (U+{:04X}) {}", *name, static_cast<unsigned>(points[i].value),
                                  position_of(i, points.size()));
    }
  }
  if (finding) finding->cleaned = cleaned;
  return finding;
}

std::optional<CharacterFinding> find_quote(std::string_view value,
                                           const std::vector<CodePoint>& points) {
  if (points.empty()) return {};
  const auto name = [&](std::size_t i) { return name_in(delimiters, points[i].value); };
  std::size_t first = 0, last = points.size();
  while (first < last && !name(first).empty()) ++first;
  while (last > first && !name(last - 1).empty()) --last;
  if (first == 0 && last == points.size()) return {};
  const std::size_t at = first > 0 ? 0 : last;
  CharacterFinding finding{.defect = Defect::quote,
                           .offset = points[at].offset,
                           .size = points[at].size,
                           .code_point = points[at].value};
  const bool both = first > 0 && last < points.size();
  finding.what = fmt::format("{} {}", name(at),
                             both        ? "around it"
                             : first > 0 ? "at the start"
                                         : "at the end");
  const std::size_t begin = first < points.size() ? points[first].offset : value.size();
  const std::size_t end = last < points.size() ? points[last].offset : value.size();
  finding.cleaned = value.substr(begin, end - begin);
  return finding;
}

// The bare name of a variable instead of its value; a real key has digits or lower case.
std::optional<CharacterFinding> find_bare_name(std::string_view value) {
  const bool names_a_key = value.ends_with("_KEY") || value.ends_with("_TOKEN") ||
                           value.ends_with("_SECRET") || value.ends_with("_PASSWORD");
  if (is_upper_name(value) && names_a_key && !value.starts_with("YOUR") &&
      !value.starts_with("MY_")) {
    return whole(Defect::unexpanded, value, "the name of a variable stands in place of its value");
  }
  return {};
}

std::optional<CharacterFinding> find_unexpanded(std::string_view value) {
  const auto found = [&](std::string_view form) {
    return whole(Defect::unexpanded, value, fmt::format("{} was never filled in", form));
  };
  if (value.starts_with("${") || (value.contains("${") && value.contains('}')))
    return found("${…}");
  if (value.contains("{{") && value.contains("}}")) return found("{{…}}");
  if (value.starts_with("$(")) return found("$(…)");
  if (value.starts_with("$env:")) return found("$env:…");
  if (value.starts_with('$') && is_variable_name(value.substr(1))) return found(value);
  if (value.size() > 2 && value.starts_with('%') && value.ends_with('%') &&
      is_variable_name(value.substr(1, value.size() - 2))) {
    return found(value);
  }
  if (is_plain(value)) return find_bare_name(value);
  for (const std::string_view form : {"process.env", "os.environ", "os.getenv", "getenv(",
                                      "import.meta.env", "ENV[", "env(", "secrets.", "<%="}) {
    if (value.contains(form)) return found(form);
  }
  return {};
}

std::optional<CharacterFinding> find_null_word(std::string_view value) {
  for (const std::string_view word : {"undefined", "null", "none", "nil", "nan", "(null)", "<nil>",
                                      "(none)", "<null>", "false", "true", "\"\"", "''"}) {
    if (base::equals_ignoring_case(value, word)) {
      return whole(Defect::null_word, value, fmt::format("the word {} in place of a value", value));
    }
  }
  return {};
}

std::optional<CharacterFinding> find_printed_object(std::string_view value) {
  for (const std::string_view form :
       {"[object ", "<function", "<built-in", "<bound method", "function (", "function(", "=> {",
        "Promise {", "Optional[", "Optional(", "Some(", "SecretStr(", "ObjectId(", "<class '", "{'",
        "{\"", "System.", "dict_values(", "<Future"}) {
    if (value.contains(form))
      return whole(Defect::printed_object, value, fmt::format("a printed object ({}…)", form));
  }
  if ((value.starts_with("b'") && value.ends_with('\'')) ||
      (value.starts_with("b\"") && value.ends_with('"'))) {
    return whole(Defect::quote, value, "Python's b'…' around it",
                 std::string(value.substr(2, value.size() - 3)));
  }
  return {};
}

// A run of at least `n` equal characters of `set` (the x of sk-xxxx).
bool has_run(std::string_view value, std::string_view set, std::size_t n) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    run = set.contains(value[i]) && (run == 0 || value[i] == value[i - 1]) ? run + 1
          : set.contains(value[i])                                         ? 1
                                                                           : 0;
    if (run >= n) return true;
  }
  return false;
}

std::optional<CharacterFinding> find_placeholder(std::string_view value) {
  const auto found = [&](std::string what) {
    return whole(Defect::placeholder, value, std::move(what));
  };
  const std::string lower = base::lower(value);
  if (value.size() > 2 && ((value.starts_with('<') && value.ends_with('>')) ||
                           (value.starts_with('[') && value.ends_with(']') && value.size() > 3))) {
    return found("sample text in brackets");
  }
  // Long random values hold short words by chance; sample text is short or made of words.
  const std::size_t digits = static_cast<std::size_t>(
      std::ranges::count_if(lower, [](char c) { return c >= '0' && c <= '9'; }));
  const bool wordy = lower.size() <= 80 && digits * 4 <= lower.size();
  if (wordy) {
    for (const std::string_view word :
         {"your-",        "your_",        "yourapi",      "your api",    "yourkey",    "yourtoken",
          "yoursecret",   "your",         "my-api",       "my_api",      "myapikey",   "my-key",
          "my_key",       "api_key_here", "api-key-here", "key-here",    "key_here",   "token-here",
          "token_here",   "_here",        "-here",        "insert",      "replace",    "changeme",
          "change_me",    "change-me",    "change_this",  "placeholder", "example",    "dummy",
          "fake-key",     "fake_key",     "sample",       "put-your",    "enter-your", "enter_your",
          "todo",         "foobar",       "api_key",      "api-key",     "apikey",     "secret_key",
          "access_token", "test-key",     "test_key",     "test-token",  "abcdef",     "lorem",
          "not-needed",   "no-key"}) {
      // "your" must start a word, and a bare word of six letters must be most of the value.
      const bool telling =
          word.size() * 3 >= lower.size() || word.starts_with("your") || word.ends_with("here");
      const auto at = telling ? lower.find(word) : std::string::npos;
      if (at == std::string::npos) continue;
      if (at == 0 || !is_word(lower[at - 1]) || lower[at - 1] == '_')
        return found("sample text from documentation or a template");
    }
  }
  if (has_run(lower, "x", 4) && lower.size() <= 120) {
    const auto xs = static_cast<std::size_t>(std::ranges::count(lower, 'x'));
    if (xs * 3 >= lower.size() || has_run(lower, "x", 6))
      return found("a row of x in place of a key");
  }
  if (lower.size() <= 20 && lower.ends_with("xxx")) return found("a row of x in place of a key");
  if (lower == "abc123" || lower.starts_with("12345678") || lower == "secret" ||
      lower == "password" || lower == "token" || lower == "test" || lower == "key" ||
      lower == "foo" || lower == "bar" || lower == "apikey" || lower == "bearer") {
    if (lower.size() <= 16) return found("sample text in place of a key");
  }
  return {};
}

std::optional<CharacterFinding> find_masked(std::string_view value) {
  const auto found = [&](std::string_view form) {
    return whole(Defect::masked, value,
                 fmt::format("{}: the display form of a key, not the key", form));
  };
  if (value.contains("***")) return found("asterisks");
  if (value.contains("...")) return found("an ellipsis (...)");
  if (value.contains("\u2026")) return found("an ellipsis (\u2026)");
  if (value.contains("\u2022\u2022") || value.contains("\u25cf\u25cf")) return found("bullets");
  if (base::contains_ignoring_case(value, "redacted") ||
      (value.contains(']') && (base::contains_ignoring_case(value, "[masked]") ||
                               base::contains_ignoring_case(value, "[filtered]") ||
                               base::contains_ignoring_case(value, "hidden]")))) {
    return found("a redaction mark");
  }
  return {};
}

std::optional<CharacterFinding> find_not_a_key(std::string_view value) {
  if (value.starts_with("http://") || value.starts_with("https://"))
    return whole(Defect::not_a_key, value, "a URL in place of a key");
  if (value.starts_with("/") && std::ranges::count(value, '/') >= 2 && !value.contains('=') &&
      !value.contains('+')) {
    return whole(Defect::not_a_key, value, "a file path in place of a key");
  }
  const auto equals = value.find('=');
  if (equals != std::string_view::npos && equals > 3 && is_upper_name(value.substr(0, equals)) &&
      value.substr(0, equals).contains('_') && equals + 1 < value.size() &&
      value[equals + 1] != '=') {
    return whole(Defect::not_a_key, value,
                 "an assignment NAME=value: the name belongs in front of it, not into it",
                 std::string(value.substr(equals + 1)));
  }
  if (std::ranges::count(value, ' ') >= 3)
    return whole(Defect::not_a_key, value, "a sentence in place of a key");
  if (value.starts_with("-----BEGIN"))
    return whole(Defect::not_a_key, value, "a PEM block in place of a token");
  return {};
}

std::optional<CharacterFinding> find_doubled_scheme(std::string_view value) {
  for (const std::string_view scheme : {"bearer", "token", "basic", "bot", "apikey",
                                        "authorization:", "key", "x-api-key:", "api-key:"}) {
    if (value.size() <= scheme.size() ||
        !base::equals_ignoring_case(value.substr(0, scheme.size()), scheme))
      continue;
    const char next = value[scheme.size()];
    if (next != ' ' && next != ':' && !(next == '_' && scheme == "bearer") &&
        !scheme.ends_with(':'))
      continue;
    CharacterFinding finding{
        .defect = Defect::doubled_scheme, .offset = 0, .size = scheme.size(), .code_point = 0};
    finding.what = fmt::format("it starts with another \"{}\"", value.substr(0, scheme.size()));
    const bool separator = next == ' ' || next == ':' || !scheme.ends_with(':');
    finding.cleaned = base::trim(value.substr(scheme.size() + (separator ? 1 : 0)));
    return finding;
  }
  return {};
}

std::optional<CharacterFinding> find_url_encoded(std::string_view value) {
  const std::string decoded = base::percent_decode(value);
  if (decoded == value) return {};
  // The first triplet, not a stray '%'. Which byte it stands for is a part of the key, and not
  // shown.
  std::size_t at = value.find('%');
  while (base::percent_decode(value.substr(at, 3)).size() == 3) at = value.find('%', at + 1);
  return CharacterFinding{.defect = Defect::url_encoded,
                          .offset = at,
                          .size = 3,
                          .code_point = '%',
                          .what = "a URL-encoded character (%XX)",
                          .cleaned = decoded};
}

std::optional<CharacterFinding> find_non_ascii(const std::vector<CodePoint>& points) {
  for (const CodePoint& point : points) {
    if (point.valid && point.value >= 0xa1 && !invisible_name(point) &&
        name_in(delimiters, point.value).empty() && point.value != 0x2026 &&
        point.value != 0x2022 && point.value != 0x25cf) {
      return CharacterFinding{.defect = Defect::non_ascii,
                              .offset = point.offset,
                              .size = point.size,
                              .code_point = point.value,
                              .what = fmt::format("a character outside ASCII (U+{:04X})",
                                                  static_cast<unsigned>(point.value)),
                              .cleaned = {}};
    }
  }
  return {};
}

}  // namespace

std::vector<CharacterFinding> find_defects(std::string_view value) {
  std::vector<CharacterFinding> found;
  if (value.empty()) return found;
  const auto add = [&](std::optional<CharacterFinding> finding, std::string_view within) {
    if (!finding) return false;
    finding->offset += static_cast<std::size_t>(within.data() - value.data());
    found.push_back(std::move(*finding));
    return true;
  };
  // Of a plain value these alone can be said; an authority asks this about every wrong key.
  if (is_plain(value)) {
    add(find_null_word(value), value) || add(find_unexpanded(value), value) ||
        add(find_masked(value), value) || add(find_placeholder(value), value) ||
        add(find_doubled_scheme(value), value);
    return found;
  }
  const std::vector<CodePoint> points = code_points(value);
  const std::string_view trimmed = base::trim(value);
  const std::string bare(trimmed);
  // What is no key at all explains everything else about it; of those the first that fits is said.
  const auto quote = find_quote(bare, code_points(bare));
  const std::string inner = quote ? quote->cleaned : bare;
  const std::string_view unquoted = trimmed.substr(bare.find(inner), inner.size());
  const bool no_key = add(find_null_word(bare), trimmed) || add(find_unexpanded(bare), trimmed) ||
                      add(find_printed_object(bare), trimmed) || add(find_masked(bare), trimmed) ||
                      add(find_placeholder(inner), unquoted) ||
                      add(find_not_a_key(inner), unquoted);
  const bool doubled = !no_key && add(find_doubled_scheme(bare), trimmed);
  add(find_invisible(value, points), value);
  if (!no_key || found.front().defect == Defect::placeholder) add(quote, trimmed);
  // A doubled scheme brings its blank with it.
  if (!no_key && !(doubled && bare.size() == value.size()))
    add(find_white_space(value, points), value);
  if (!no_key) add(find_url_encoded(value), value);
  add(find_non_ascii(points), value);
  return found;
}

std::string clean(std::string_view value) {
  std::string cleaned(value);
  // Each round removes one defect and makes it shorter. The bound is for hostile input only.
  for (int round = 0; round < 64; ++round) {
    const auto defects = find_defects(cleaned);
    const auto next = std::ranges::find_if(defects, [&](const auto& d) {
      return !d.cleaned.empty() && d.cleaned.size() < cleaned.size();
    });
    if (next == defects.end()) break;
    cleaned = next->cleaned;
  }
  return cleaned;
}

}  // namespace locksmith::credential

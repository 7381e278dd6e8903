#include "credential/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "credential/stand_ins.hpp"

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

std::string_view position_of(std::size_t index, std::size_t count) {
  if (index == 0) return "at the start";
  return index + 1 == count ? "at the end" : "inside";
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

std::optional<CharacterFinding> find_doubled_scheme(std::string_view value) {
  for (const std::string_view scheme : {"bearer", "token", "basic", "bot", "apikey",
                                        "authorization:", "key", "x-api-key:", "api-key:"}) {
    if (value.size() <= scheme.size()) continue;
    const char next = value[scheme.size()];  // first: it nearly always says no
    if (next != ' ' && next != ':' && !(next == '_' && scheme == "bearer") &&
        !scheme.ends_with(':'))
      continue;
    if (!base::equals_ignoring_case(value.substr(0, scheme.size()), scheme)) continue;
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

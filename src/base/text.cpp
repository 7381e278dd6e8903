#include "base/text.hpp"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/sha256.hpp"

namespace locksmith::base {
namespace {
// Debian builds Abseil with a string_view of its own.
absl::string_view view(std::string_view text) { return {text.data(), text.size()}; }
}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  // Names are nearly always written alike, and those that differ do so at the end.
  if (a == b) return true;
  return ((a.back() ^ b.back()) & ~0x20) == 0 && absl::EqualsIgnoreCase(view(a), view(b));
}

std::size_t find_ignoring_case(std::string_view text, std::string_view needle) {
  const auto hit =
      std::search(text.begin(), text.end(), needle.begin(), needle.end(),
                  [](char a, char b) { return absl::ascii_tolower(a) == absl::ascii_tolower(b); });
  if (hit == text.end() && !needle.empty()) return std::string_view::npos;
  return static_cast<std::size_t>(hit - text.begin());
}

bool contains_ignoring_case(std::string_view text, std::string_view needle) {
  return find_ignoring_case(text, needle) != std::string_view::npos;
}

std::string lower(std::string_view text) { return absl::AsciiStrToLower(view(text)); }

std::string_view trim(std::string_view text) {
  const absl::string_view inner = absl::StripAsciiWhitespace(view(text));
  return {inner.data(), inner.size()};
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && absl::ascii_isxdigit(text[i + 1]) &&
        absl::ascii_isxdigit(text[i + 2])) {
      out += absl::HexStringToBytes(view(text.substr(i + 1, 2)));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

namespace {
// Abseil skips white space and takes '.' for padding; here both are defects to be seen.
bool has_lenient_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return absl::ascii_isspace(c) || c == '.'; });
}
}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
  std::string out;
  if (has_lenient_characters(text) || !absl::Base64Unescape(view(text), &out)) return {};
  return out;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  std::string out;
  if (has_lenient_characters(text) || !absl::WebSafeBase64Unescape(view(text), &out)) return {};
  return out;
}

std::string base64_encode(std::string_view bytes) { return absl::Base64Escape(view(bytes)); }

std::string hex(std::string_view bytes) { return absl::BytesToHexString(view(bytes)); }

std::string sha256(std::string_view bytes) {
  const auto digest = sha256_of(bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::uint32_t crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const CodePoint broken{byte(0), offset, 1, false};
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, offset, 1, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || offset + size > text.size()) return broken;
  char32_t value = lead & (0xff >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return broken;
    value = value << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return broken;
  return {value, offset, size, true};
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    if (!point.valid) return false;
    i += point.size;
  }
  return true;
}

namespace {
// Characters that a terminal would act on or not show (Unicode categories Cc, Cf and line
// separators).
constexpr std::pair<char32_t, char32_t> invisible_ranges[] = {
    {0x80, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};

bool is_invisible(char32_t c) {
  return std::ranges::any_of(invisible_ranges,
                             [&](const auto& r) { return r.first <= c && c <= r.second; });
}
}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    if (!point.valid || point.value < 0x20 || point.value == 0x7f) {
      switch (point.value) {
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          out += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
      }
    } else if (is_invisible(point.value)) {
      out += fmt::format("<U+{:04X}>", static_cast<unsigned>(point.value));
    } else {
      out += text.substr(i, point.size);
    }
    i += point.size;
  }
  return out;
}

std::string count_of(std::size_t n, std::string_view singular, std::string_view plural) {
  if (n == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", n, singular) : fmt::format("{} {}", n, plural);
}

std::string fingerprint(std::string_view secret) {
  if (secret.empty()) return "(empty)";
  // Never more than a quarter of the secret; a short one shows nothing.
  const std::size_t shown = secret.size() < 16 ? 0 : std::min<std::size_t>(secret.size() / 4, 7);
  // Cut where a typed prefix ends ("ghp_", "sk-proj"), so that little of the random part is shown.
  std::string_view prefix = secret.substr(0, shown);
  if (const auto end = prefix.find_last_of("_-."); end != std::string_view::npos) {
    prefix = prefix.substr(0, end + 1);
  } else {
    prefix = prefix.substr(0, std::min<std::size_t>(shown, 3));
  }
  return fmt::format("{}… ({}, sha256 {})", printable(prefix), count_of(secret.size(), "character"),
                     hex(sha256(secret)).substr(0, 8));
}

}  // namespace locksmith::base

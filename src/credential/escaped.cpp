// JSON's escapes are those of RFC 8259 section 7, percent-encoding that of RFC 3986 section 2.1.
#include "credential/escaped.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

std::optional<unsigned> hex_at(std::string_view text, std::size_t offset, std::size_t digits) {
  if (offset + digits > text.size()) return {};
  unsigned value = 0;
  const char* const begin = text.data() + offset;
  const auto [end, error] = std::from_chars(begin, begin + digits, value, 16);
  if (error != std::errc() || end != begin + digits) return {};
  return value;
}

std::string utf8(char32_t c) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0 | (c >> 6)), tail(0)};
  return {static_cast<char>(0xe0 | (c >> 12)), tail(6), tail(0)};
}

EscapedUnit backslash_at(std::string_view text, std::size_t offset, Backslashes backslashes) {
  std::size_t end = offset;
  while (end < text.size() && text[end] == '\\') ++end;
  if (backslashes == Backslashes::once && end - offset >= 2) return {"\\", 2};
  if (end == text.size()) return {"\\", end - offset >= 2 ? 2u : 1u};
  if (text[end] == 'u') {
    const auto code = hex_at(text, end + 1, 4);
    const bool surrogate_half = code && *code >= 0xd800 && *code < 0xe000;
    if (code && !surrogate_half) return {utf8(*code), end + 5 - offset};
  }
  constexpr std::string_view kNames = "nrtbf\"'/", kBytes = "\n\r\t\b\f\"'/";
  if (const std::size_t name = kNames.find(text[end]); name != std::string_view::npos) {
    return {std::string(1, kBytes[name]), end + 1 - offset};
  }
  return {"\\", end - offset >= 2 ? 2u : 1u};
}

}  // namespace

EscapedUnit unit_at(std::string_view text, std::size_t offset, Backslashes backslashes) {
  if (text[offset] == '%') {
    if (const auto byte = hex_at(text, offset + 1, 2))
      return {std::string(1, static_cast<char>(*byte)), 3};
  } else if (text[offset] == '\\') {
    return backslash_at(text, offset, backslashes);
  }
  return {std::string(1, text[offset]), 1};
}

std::string unescape(std::string_view text) {
  if (text.find_first_of("%\\") == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const EscapedUnit unit = unit_at(text, i);
    out += unit.bytes;
    i += unit.size;
  }
  return out;
}

void rewrite_unit(std::string& text, std::size_t offset, const EscapedUnit& unit,
                  std::string_view bytes) {
  if (unit.bytes == bytes) return;
  if (unit.size == 1) {
    text[offset] = bytes[0];
  } else if (text[offset] == '%') {
    text.replace(offset + 1, 2, fmt::format("{:02X}", static_cast<unsigned char>(bytes[0])));
  } else if (text[offset + unit.size - 5] == 'u') {
    const auto code = static_cast<unsigned>(base::code_point_at(bytes, 0).value);
    text.replace(offset + unit.size - 4, 4, fmt::format("{:04x}", code));
  }
}

}  // namespace locksmith::credential

#include "base/json_writer.hpp"

#include <algorithm>
#include <array>

namespace locksmith::base {
namespace {

constexpr std::array<bool, 256> escaped = [] {
  std::array<bool, 256> is{};
  std::fill_n(is.begin(), 0x20, true);
  is['"'] = is['\\'] = true;
  return is;
}();

bool is_escaped(char c) { return escaped[static_cast<unsigned char>(c)]; }

// RFC 8259 section 7.
void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef", plain = "\"\\\b\f\n\r\t",
                             short_ = "\"\\bfnrt";
  out += '\\';
  if (const auto at = plain.find(c); at != plain.npos) {
    out += short_[at];
  } else {
    out += "u00";
    out += hex[static_cast<unsigned char>(c) / 16];
    out += hex[static_cast<unsigned char>(c) % 16];
  }
}

}  // namespace

void JsonWriter::value(std::string_view text) {
  separate();
  out_ += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    const char* const plain = at;
    while (at != end && !is_escaped(*at)) ++at;
    out_.append(plain, at);
    if (at == end) break;
    append_escaped(out_, *at++);
  }
  out_ += '"';
}

}  // namespace locksmith::base

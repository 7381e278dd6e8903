#include "http/ansi_c.hpp"

#include <cctype>

namespace locksmith::http {
namespace {

void append_utf8(std::string& out, unsigned long value) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (value >> shift & 0x3f)); };
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xc0 | value >> 6), tail(0);
  } else if (value < 0x10000) {
    out += static_cast<char>(0xe0 | value >> 12), tail(6), tail(0);
  } else if (value < 0x110000) {
    out += static_cast<char>(0xf0 | value >> 18), tail(12), tail(6), tail(0);
  }
}

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return is_hex(c) ? (c | 0x20) - 'a' + 10 : 99;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  AnsiC run() {
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (text_[at_] == '\\') {
        escape();
      } else {
        take();
      }
    }
    const bool closed = at_ < text_.size();
    return {std::move(out_), at_ + (closed ? 1 : 0), closed};
  }

 private:
  char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void take() { out_ += text_[at_++]; }

  unsigned long number(int base, int digits) {
    unsigned long value = 0;
    for (; digits > 0 && digit_value(peek(0)) < base; --digits, ++at_) {
      value = value * static_cast<unsigned long>(base) +
              static_cast<unsigned long>(digit_value(peek(0)));
    }
    return value;
  }

  void escape() {
    constexpr std::string_view letters = "abeEfnrtv\\'\"?";
    constexpr std::string_view values = "\a\b\x1b\x1b\f\n\r\t\v\\'\"?";
    const char c = peek(1);
    if (const auto known = letters.find(c); known != std::string_view::npos) {
      out_ += values[known];
      at_ += 2;
    } else if (c >= '0' && c <= '7') {
      at_ += 1;
      out_ += static_cast<char>(number(8, 3));
    } else if (c == 'x' && is_hex(peek(2))) {
      at_ += 2;
      out_ += static_cast<char>(number(16, 2));
    } else if ((c == 'u' || c == 'U') && is_hex(peek(2))) {
      at_ += 2;
      append_utf8(out_, number(16, c == 'u' ? 4 : 8));
    } else if (c == 'c' && peek(2) != '\0' && peek(2) != '\'') {
      out_ += static_cast<char>(peek(2) & 0x1f);
      at_ += 3;
    } else {
      take();  // an unknown escape keeps its backslash
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

AnsiC read_ansi_c(std::string_view text) { return Reader(text).run(); }

}  // namespace locksmith::http

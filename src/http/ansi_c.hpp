// bash's $'…' strings, which browsers write when they copy a request as curl.
// Bash Reference Manual, section 3.1.2.4 (ANSI-C Quoting).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace locksmith::http {

struct AnsiC {
  std::string value;
  std::size_t length = 0;  // of the text that was read, its closing quote too
  bool closed = false;
};
// `text` begins behind the opening $'.
AnsiC read_ansi_c(std::string_view text);

}  // namespace locksmith::http

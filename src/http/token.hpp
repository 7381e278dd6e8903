// Tokens of HTTP: methods, the names of headers and parameters, schemes (RFC 9110 section 5.6.2).
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace locksmith::http {

inline constexpr auto token_octets = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

inline bool is_token_octet(char c) { return token_octets[static_cast<unsigned char>(c)]; }

inline bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_octet);
}

}  // namespace locksmith::http

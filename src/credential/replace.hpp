// Finds secrets in all the forms they are written in, and writes their surrogates in the same form
// and length. Internal to redaction.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace locksmith::credential {

using Surrogates = std::map<std::string, std::string, std::less<>>;

// Writes `surrogate` over `secret`, which stands at `offset` in any mixture of escapes. Returns the
// size of what was there, 0 when `secret` does not stand there.
std::size_t replace_at(std::string& text, std::size_t offset, std::string_view secret,
                       std::string_view surrogate);

// Replaces every secret of at least kMinEverywhere bytes: as it is, escaped, in base64 of any
// alignment and either alphabet, and the visible ends of a masked one (sk-a…wxyz).
inline constexpr std::size_t kMinEverywhere = 6;
void replace_everywhere(std::string& text, const Surrogates& surrogates);

}  // namespace locksmith::credential

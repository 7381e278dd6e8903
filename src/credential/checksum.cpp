// Checksums inside keys: a typo is told from an unknown key without asking anybody.
#include <fmt/format.h>

#include "base/text.hpp"
#include "credential/shape.hpp"

namespace locksmith::credential {
namespace {

// GitHub and npm: 30 random characters, then 6 of checksum, left-padded with '0'.
// https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/ names CRC-32 and
// base62; that the prefix is not covered and that the digits run 0-9A-Za-z is what
// https://github.com/therootcompany/base62-token.js found, with values to compare.
constexpr std::size_t checksum_size = 6;
constexpr std::string_view base62_digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string base62(std::uint32_t number) {
  std::string out(checksum_size, '0');
  for (auto digit = out.rbegin(); number > 0; ++digit, number /= 62)
    *digit = base62_digits[number % 62];
  return out;
}

// What the checksum covers: from behind the last '_' up to the checksum itself.
std::string_view covered(std::string_view value) {
  value.remove_suffix(checksum_size);
  const std::size_t prefix = value.rfind('_');
  return prefix == value.npos ? value : value.substr(prefix + 1);
}

}  // namespace

bool checksum_holds(Checksum checksum, std::string_view value) {
  if (checksum == Checksum::none) return true;
  if (value.size() <= checksum_size) return false;
  return value.substr(value.size() - checksum_size) == base62(base::crc32(covered(value)));
}

std::string with_checksum(Checksum checksum, std::string value, bool valid) {
  if (checksum == Checksum::none || value.size() <= checksum_size) return value;
  std::string sum = base62(base::crc32(covered(value)));
  if (!valid) sum.back() = sum.back() == '0' ? '1' : '0';
  return value.replace(value.size() - checksum_size, checksum_size, sum);
}

}  // namespace locksmith::credential

#include "authority/address.hpp"

#include <arpa/inet.h>
#include <endian.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace locksmith::authority {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_ipv4(const Address& address) {
  return std::equal(mapped.begin(), mapped.end(), address.bytes.begin());
}

// Decimal, without leading zeros, as inet_pton(3) has it.
bool parse_ipv4(std::string_view text, std::uint8_t* out) {
  std::size_t at = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (at == text.size() || text[at++] != '.')) return false;
    const std::size_t start = at;
    unsigned value = 0;
    for (; at < text.size() && at < start + 3 && text[at] >= '0' && text[at] <= '9'; ++at)
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
    if (at == start || value > 255 || (text[start] == '0' && at > start + 1)) return false;
    out[octet] = static_cast<std::uint8_t>(value);
  }
  return at == text.size();
}

// Eight bytes of an address as a number.
std::uint64_t word(const Address& address, std::size_t at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, address.bytes.data() + at, sizeof bytes);
  return be64toh(bytes);
}

// Whether no bit behind the first `bits` is set.
bool is_network(const Address& address, unsigned bits) {
  for (unsigned i = bits; i < 128; ++i) {
    if (address.bytes[i / 8] >> (7 - i % 8) & 1) return false;
  }
  return true;
}

}  // namespace

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (is_ipv4(*this)) {
    inet_ntop(AF_INET, bytes.data() + mapped.size(), out.data(), out.size());
  } else {
    inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  }
  return out.data();
}

std::optional<Address> parse_address(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == text.npos) return {};
  }
  Address address;
  if (parse_ipv4(text, address.bytes.data() + mapped.size())) {
    std::copy(mapped.begin(), mapped.end(), address.bytes.begin());
    return address;
  }
  std::array<char, INET6_ADDRSTRLEN> copy{};  // inet_pton wants a final NUL
  if (text.empty() || text.size() >= copy.size() || text.find('\0') != text.npos) return {};
  std::copy(text.begin(), text.end(), copy.begin());
  if (inet_pton(AF_INET6, copy.data(), address.bytes.data()) == 1) return address;
  return {};
}

bool Cidr::contains(const Address& address) const {
  const auto high = word(network, 0) ^ word(address, 0);
  if (bits <= 64) return bits == 0 || high >> (64u - bits) == 0;
  return high == 0 && (word(network, 8) ^ word(address, 8)) >> (128u - bits) == 0;
}

std::string Cidr::text() const {
  if (bits == 128) return network.text();
  const bool ipv4 = is_ipv4(network) && bits >= 96;
  return network.text() + "/" + std::to_string(ipv4 ? bits - 96 : bits);
}

std::optional<Cidr> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return {};
  if (slash == text.npos) return Cidr{*address, 128};
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool ipv4 = text.substr(0, slash).find(':') == text.npos;
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() > 3 ||
      (digits.size() > 1 && digits.front() == '0') || bits > (ipv4 ? 32u : 128u)) {
    return {};
  }
  if (ipv4) bits += 96;
  if (!is_network(*address, bits)) return {};
  return Cidr{*address, static_cast<std::uint8_t>(bits)};
}

}  // namespace locksmith::authority

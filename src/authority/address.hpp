// Network addresses and the blocks that a key may be restricted to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace locksmith::authority {

// IPv4 is held as an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), so that a client that
// came through a dual-stack socket is the same client. All zero, "::", means: not known.
struct Address {
  std::array<std::uint8_t, 16> bytes{};

  bool known() const { return bytes != std::array<std::uint8_t, 16>{}; }
  std::string text() const;  // "192.0.2.7", "2001:db8::1"; RFC 5952
  friend auto operator<=>(const Address&, const Address&) = default;
};
// "192.0.2.7", "2001:db8::1", "[2001:db8::1]"; no port, no zone.
std::optional<Address> parse_address(std::string_view text);

struct Cidr {
  Address network;        // host bits are zero
  std::uint8_t bits = 0;  // of 128: an IPv4 /24 has 120

  bool contains(const Address& address) const;
  std::string text() const;
  friend auto operator<=>(const Cidr&, const Cidr&) = default;
};
// "192.0.2.0/24", "2001:db8::/32", or a single address. Host bits that are set are an error of the
// user's: nullopt.
std::optional<Cidr> parse_cidr(std::string_view text);

}  // namespace locksmith::authority

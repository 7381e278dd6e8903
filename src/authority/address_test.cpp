#include "authority/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace locksmith::authority {
namespace {

std::string round_trip(std::string_view text) {
  const auto address = parse_address(text);
  return address ? address->text() : "none";
}

TEST(AddressTest, ReadsAndWrites) {
  EXPECT_EQ(round_trip("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(round_trip("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(round_trip("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(round_trip("::ffff:192.0.2.7"), "192.0.2.7");
  for (const char* wrong :
       {"", "192.0.2", "192.0.2.256", "192.0.2.7:80", "01.2.3.4", "fe80::1%eth0", "[192.0.2.7]",
        "[::1", "::1]", " 192.0.2.7", "1.2.3.4 ", "localhost"})
    EXPECT_EQ(round_trip(wrong), "none") << wrong;
  EXPECT_FALSE(parse_address(std::string_view("192.0.2.7\0", 10)));
}

TEST(AddressTest, Ipv4IsReadAsTheSystemReadsIt) {
  for (const char* text : {"0.0.0.0",  "255.255.255.255", "1.2.3",       "1.2.3.",   ".1.2.3",
                           "1..2.3",   "1.2.3.4.5",       "1.2.3.4.",    "1.2.3.04", "1.2.3.00",
                           "00.1.2.3", "1.2.3.256",       "1.2.3.1000",  "1.2.3.4a", "0x1.2.3.4",
                           "1.2.3.-4", "1.2.3.+4",        "10.20.30.40", "1,2,3,4",  "1.2.3.4/8"}) {
    in_addr expected{};
    const bool reads = inet_pton(AF_INET, text, &expected) == 1;
    const auto address = parse_address(text);
    ASSERT_EQ(address.has_value(), reads) << text;
    if (!reads) continue;
    EXPECT_TRUE(std::equal(address->bytes.begin() + 12, address->bytes.end(),
                           reinterpret_cast<const std::uint8_t*>(&expected)))
        << text;
  }
}

TEST(AddressTest, UnknownIsNotAnAddress) {
  EXPECT_FALSE(Address{}.known());
  EXPECT_TRUE(parse_address("0.0.0.0")->known());
}

TEST(CidrTest, Contains) {
  const auto inside = [](const char* block, const char* address) {
    return parse_cidr(block)->contains(*parse_address(address));
  };
  EXPECT_TRUE(inside("192.0.2.0/24", "192.0.2.255"));
  EXPECT_FALSE(inside("192.0.2.0/24", "192.0.3.0"));
  EXPECT_TRUE(inside("192.0.2.0/25", "192.0.2.127"));
  EXPECT_FALSE(inside("192.0.2.0/25", "192.0.2.128"));
  EXPECT_TRUE(inside("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(inside("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(inside("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(inside("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(inside("::/0", "203.0.113.9"));  // a mapped address is an IPv6 address
  EXPECT_TRUE(inside("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(inside("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(CidrTest, EachBitOfTheNetworkCountsAndNoneBehindIt) {
  const Address network = *parse_address("2001:db8:aaaa:5555:aaaa:5555:aaaa:5555");
  for (unsigned bits = 0; bits <= 128; ++bits) {
    const Cidr block{network, static_cast<std::uint8_t>(bits)};
    EXPECT_TRUE(block.contains(network));
    for (unsigned at = 0; at < 128; ++at) {
      Address other = network;
      other.bytes[at / 8] ^= static_cast<std::uint8_t>(0x80 >> at % 8);
      EXPECT_EQ(block.contains(other), at >= bits) << bits << " " << at;
    }
  }
}

TEST(CidrTest, ReadsAndWrites) {
  EXPECT_EQ(parse_cidr("192.0.2.0/24")->text(), "192.0.2.0/24");
  EXPECT_EQ(parse_cidr("2001:db8::/32")->text(), "2001:db8::/32");
  EXPECT_EQ(parse_cidr("192.0.2.7/32")->text(), "192.0.2.7");
  for (const char* wrong : {"192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/024", "/24",
                            "2001:db8::/129", "2001:db8::1/32", "192.0.2.0/-1", "192.0.2.0/24 "})
    EXPECT_FALSE(parse_cidr(wrong)) << wrong;
}

}  // namespace
}  // namespace locksmith::authority

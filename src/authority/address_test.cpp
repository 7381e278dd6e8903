#include "authority/address.hpp"

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

#include "authority/path_pattern.hpp"

#include <gtest/gtest.h>

namespace locksmith::authority {
namespace {

bool matches(const char* pattern, std::string_view target) {
  Path path;
  split_path(target, path);
  return PathPattern::parse(pattern)->matches(path);
}

TEST(PathPatternTest, Matches) {
  EXPECT_TRUE(matches("/v1/orders", "/v1/orders"));
  EXPECT_TRUE(matches("/v1/orders", "/v1/orders/"));
  EXPECT_TRUE(matches("/v1/orders", "/v1/orders?x=/../"));
  EXPECT_TRUE(matches("/v1/orders", "/v1/%6frders"));
  EXPECT_FALSE(matches("/v1/orders", "/v1/Orders"));
  EXPECT_FALSE(matches("/v1/orders", "/v1/orders/7"));
  EXPECT_FALSE(matches("/v1/orders", "/v1"));
  EXPECT_TRUE(matches("/v1/{id}", "/v1/7"));
  EXPECT_FALSE(matches("/v1/{id}", "/v1/"));
  EXPECT_TRUE(matches("/v1/**", "/v1/a/b"));
  EXPECT_TRUE(matches("/v1/**", "/v1"));
  EXPECT_FALSE(matches("/v1/**", "/v10"));
  EXPECT_TRUE(matches("/**", "/"));
  EXPECT_TRUE(matches("/", "/"));
  EXPECT_TRUE(matches("/a%20b", "/a%20b"));
  EXPECT_TRUE(matches("/...", "/..."));
}

// Each of these is another path to some server.
TEST(PathPatternTest, WhatCanBeReadInTwoWaysMatchesNothing) {
  for (const char* target :
       {"",        "v1",        "*",      "//",        "/v1//x",       "//v1/x",     "/v1/x//",
        "/v1/./x", "/v1/../x",  "/v1/..", "/.",        "/v1/%2e%2e/x", "/v1/.%2E",   "/v1/%2e",
        "/v1%2fx", "/v1/x%5cy", "/v1\\x", "/v1/x;a=b", "/v1/x%00",     "/v1/x\x01",  "/v1/x%0a",
        "/v1/%",   "/v1/%zz",   "/v1/%4", "/v1/x#y",   "/v1/x y",      "http://h/v1"}) {
    EXPECT_FALSE(matches("/**", target)) << target;
  }
}

TEST(PathPatternTest, TooDeepIsNoPath) {
  std::string deep;
  for (int i = 0; i < 32; ++i) deep += "/a";
  EXPECT_TRUE(matches("/**", deep));
  EXPECT_FALSE(matches("/**", deep + "/a"));
}

TEST(RouteTableTest, TheFirstRowThatFitsCounts) {
  RouteTable table;
  const auto add = [&](const char* pattern, std::vector<std::string> methods) {
    table.add(*PathPattern::parse(pattern), std::move(methods));
  };
  add("/a/{x}", {"GET"});
  add("/a/b", {});
  add("/a/**", {"POST"});
  add("/{x}/b/c", {});
  const auto find = [&](const char* method, const char* target) {
    Path path;
    split_path(target, path);
    bool known = false;
    const auto row = table.find(path, method, known);
    return row == RouteTable::none ? (known ? -1 : -2) : static_cast<int>(row);
  };
  EXPECT_EQ(find("GET", "/a/b"), 0);
  EXPECT_EQ(find("HEAD", "/a/b"), 0);
  EXPECT_EQ(find("POST", "/a/b"), 1);
  EXPECT_EQ(find("POST", "/a/c"), 2);
  EXPECT_EQ(find("PUT", "/a/c"), -1);
  EXPECT_EQ(find("POST", "/a/b/c"), 2);
  EXPECT_EQ(find("PUT", "/a/b/c"), 3);
  EXPECT_EQ(find("GET", "/%61/b"), 0);
  EXPECT_EQ(find("GET", "/x"), -2);
}

TEST(RouteTableTest, FindsEachOfManyLiteralsHoweverItIsSent) {
  const std::vector<std::string> words{"b", "aa", "ab", "zz", "a", "abc", "aab", "a b", "%25"};
  RouteTable table;
  for (const auto& word : words) {
    const auto sent = word == "a b" ? "a%20b" : word;
    table.add(*PathPattern::parse("/" + sent + "/{id}"), {});
  }
  const auto find = [&](const std::string& target) {
    Path path;
    split_path(target, path);
    bool known = false;
    return table.find(path, "GET", known);
  };
  for (std::uint32_t row = 0; row < words.size(); ++row) {
    const auto sent = words[row] == "a b" ? "a%20b" : words[row];
    EXPECT_EQ(find("/" + sent + "/7"), row) << sent;
    EXPECT_EQ(find("/" + sent + "/%37"), row) << sent;  // another segment is encoded
    if (sent.front() == 'a') {
      EXPECT_EQ(find("/%61" + sent.substr(1) + "/7"), row) << sent;
    }
  }
  for (const auto* other : {"/aaa/7", "/c/7", "/A/7", "/ac/7", "/%25%25/7"})
    EXPECT_EQ(find(other), RouteTable::none) << other;
}

}  // namespace
}  // namespace locksmith::authority

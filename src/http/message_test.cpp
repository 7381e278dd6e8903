// The header list that every reader fills and every inspector asks.
#include "http/message.hpp"

#include <gtest/gtest.h>

namespace locksmith::http {
namespace {

TEST(Headers, NamesCompareWithoutCaseAndKeepTheirOrder) {
  Headers headers{{"Authorization", "one"}, {"X", "2"}, {"AUTHORIZATION", "three"}};
  EXPECT_EQ(headers.get("authorization"), "one");
  EXPECT_EQ(headers.all("authorization"), (std::vector<std::string_view>{"one", "three"}));
  EXPECT_EQ(headers.find("absent"), nullptr);
  EXPECT_EQ(headers.get("absent"), "");
  EXPECT_FALSE(
      headers.has("Authorization "));  // a blank in the name is a defect, not the same name
}

TEST(Headers, SetReplacesAllOfThatName) {
  Headers headers{{"a", "1"}, {"B", "2"}, {"A", "3"}};
  headers.set("A", "4");
  ASSERT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers[0].name, "B");
  EXPECT_EQ(headers.get("a"), "4");
  headers.remove("b");
  EXPECT_FALSE(headers.has("B"));
}

TEST(Headers, SetMayBeGivenANameThatItHolds) {
  const std::string name = "X-A-Name-Too-Long-For-The-Small-String-Buffer";
  Headers headers{{name, "1"}, {"B", "2"}};
  headers.set(headers[0].name, "3");
  EXPECT_EQ(headers.back().name, name);
  EXPECT_EQ(headers.get(name), "3");
  headers.remove(headers[0].name);
  EXPECT_EQ(headers.size(), 1u);
}

TEST(Headers, ValuesStayByteForByte) {
  Headers headers;
  headers.add("Authorization", "Bearer x\n ");
  EXPECT_EQ(headers.get("Authorization"), "Bearer x\n ");
}

}  // namespace
}  // namespace locksmith::http

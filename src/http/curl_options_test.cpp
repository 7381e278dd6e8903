// The table that keeps arguments from being taken for URLs.
#include "http/curl_options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace locksmith::http {
namespace {

TEST(CurlOptions, TableIsSortedAndEveryLetterIsThereOnce) {
  EXPECT_TRUE(std::ranges::is_sorted(curl_options(), {}, &CurlOption::name));
  std::set<char> letters;
  for (const CurlOption& option : curl_options()) {
    EXPECT_EQ(find_long_option(option.name).value().option, &option);
    if (option.letter == 0) continue;
    EXPECT_TRUE(letters.insert(option.letter).second) << option.name;
    EXPECT_EQ(find_short_option(option.letter), &option);
  }
  // Every letter in curl(1) of 7.88.1: "curl --help all".
  for (const char c :
       std::string_view("aEKCbcdqDfFPGgIHhikj4601l#LMmn:oNZpQrJOReXsSyYtz123TBuAvVwxU"))
    EXPECT_TRUE(letters.contains(c)) << c;
  EXPECT_EQ(find_short_option('\0'), nullptr);
  EXPECT_EQ(find_short_option('?'), nullptr);
}

TEST(CurlOptions, Abbreviations) {
  EXPECT_EQ(find_long_option("head").value().option->name, "head");  // not "header"
  EXPECT_EQ(find_long_option("data-url").value().option->name, "data-urlencode");
  EXPECT_EQ(find_long_option("user-ag").value().option->name, "user-agent");
  EXPECT_EQ(find_long_option("HEADER").value().option->name, "header");
  for (const std::string_view bad :
       {"", "data-", "reques-", "compr", "nosuch", "=", "no-", "no-header"}) {
    EXPECT_FALSE(find_long_option(bad)) << bad;
  }
}

TEST(CurlOptions, TakesALongOptionApart) {
  const auto assigned = find_long_option("header=X: a=b").value();
  EXPECT_EQ(assigned.option->name, "header");
  EXPECT_EQ(assigned.argument, "X: a=b");
  EXPECT_FALSE(find_long_option("no-location").value().on);
  EXPECT_EQ(find_long_option("noproxy").value().option->name, "noproxy");
  EXPECT_TRUE(find_long_option("expand-header").value().expand);
}

}  // namespace
}  // namespace locksmith::http

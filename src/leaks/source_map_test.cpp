#include "leaks/source_map.hpp"

#include <gtest/gtest.h>

namespace locksmith::leaks {
namespace {

std::string original(std::string_view map) { return original_of(map, map.find("KEY")); }

TEST(SourceMap, TheOriginalIsNamed) {
  EXPECT_EQ(original(R"({"version":3,"file":"a.js","sources":["src/a.js","src/b.js"],)"
                     R"("sourcesContent":["x","one\ntwo\n\"KEY\""],"mappings":"AAAA"})"),
            "src/b.js:3");
}

TEST(SourceMap, SourcesMayFollow) {
  EXPECT_EQ(original(R"({"sourcesContent":[null,"KEY"],"sources":["a","b"]})"), "b:1");
}

TEST(SourceMap, AnIndexMapHasSections) {
  EXPECT_EQ(original(R"({"version":3,"sections":[{"offset":{"line":0,"column":0},"map":)"
                     R"({"sources":["first"],"sourcesContent":["x"]}},{"map":)"
                     R"({"sources":["second"],"sourcesContent":["KEY"]}}]})"),
            "second:1");
}

TEST(SourceMap, AnEscapedBackslashIsNoLineFeed) {
  EXPECT_EQ(original(R"({"sources":["a"],"sourcesContent":["\\n KEY"]})"), "a:1");
}

TEST(SourceMap, OutsideOfContentsThereIsNone) {
  EXPECT_EQ(original(R"({"sources":["KEY"],"sourcesContent":["x"]})"), "");
  EXPECT_EQ(original(R"({"names":["KEY"]})"), "");
  EXPECT_EQ(original(R"({"sourcesContent":["KEY"]})"), "");
  EXPECT_EQ(original("KEY"), "");
  EXPECT_EQ(original(R"({"sourcesContent":["KEY)"), "");
  EXPECT_EQ(original(std::string(1000, '{') + "KEY"), "");
}

}  // namespace
}  // namespace locksmith::leaks

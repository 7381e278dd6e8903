#include "leaks/content.hpp"

#include <gtest/gtest.h>

#include "leaks/test_support.hpp"

namespace locksmith::leaks {
namespace {

TEST(Content, LineAndColumnAreTold) {
  Tally tally;
  search_text(TextDetector("needle"), tally, {Where::file, "f", {}}, "needle\nx\n  needle\n");
  EXPECT_EQ(places(tally), (std::vector<std::string>{"f:1:1", "f:3:3"}));
}

TEST(Content, PiecesOverlap) {
  // Wherever the text stands, no seam hides it, and none shows it twice.
  const std::size_t piece = 256 << 10;
  for (const std::size_t at : {piece - 7, piece - 6, piece - 1, piece, piece + 4, 2 * piece + 3}) {
    Tally tally;
    const TextDetector detector("needle");
    Stream stream(detector, tally, {Where::file, "f", {}});
    std::string text(at, '\n');
    text += "needle" + std::string(piece, ' ');
    for (std::size_t i = 0; i < text.size(); i += 1000) {
      stream.add(std::string_view(text).substr(i, 1000));
    }
    stream.end();
    EXPECT_EQ(places(tally), (std::vector<std::string>{"f:" + std::to_string(at + 1) + ":1"}))
        << at;
  }
}

TEST(Content, ManyCopiesAreCounted) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "needle ";
  Tally tally;
  search_text(TextDetector("needle"), tally, {}, text);
  ASSERT_EQ(tally.finds.size(), ContentFinds::listed);
  EXPECT_EQ(tally.finds.front().more, 1000 - ContentFinds::listed);
}

TEST(Content, NameBefore) {
  const auto name = [](std::string_view text) { return name_before(text, text.find("KEY")); };
  EXPECT_EQ(name("API_TOKEN=KEY"), "API_TOKEN");
  EXPECT_EQ(name("export API_TOKEN=\"KEY\""), "API_TOKEN");
  EXPECT_EQ(name("  \"apiToken\": \"KEY\""), "apiToken");
  EXPECT_EQ(name("{\\\"apiToken\\\":\\\"KEY"), "apiToken");
  EXPECT_EQ(name("token := 'KEY'"), "token");
  EXPECT_EQ(name("$config['secret'] => 'KEY'"), "secret");
  EXPECT_EQ(name("run --api-key KEY"), "api-key");
  EXPECT_EQ(name("take KEY"), "");
  EXPECT_EQ(name("KEY"), "");
  EXPECT_EQ(name("abcKEY"), "");
}

}  // namespace
}  // namespace locksmith::leaks

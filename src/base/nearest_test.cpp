// A suggestion that nobody can have meant is worse than none.
#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace locksmith::base {
namespace {

constexpr std::array<std::string_view, 4> names{"github", "gitlab", "whitespace", "aws"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("githib", names), "github");
  EXPECT_EQ(nearest("gitlba", names), "gitlab");
  EXPECT_EQ(nearest("whitespce", names), "whitespace");
  EXPECT_EQ(nearest("github", names), "github");
}

TEST(Nearest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("stripe", names), "");
  EXPECT_EQ(nearest("a", names), "");  // all of a short word replaced is no misspelling
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest("github", {}), "");
  EXPECT_EQ(nearest(std::string(1 << 20, 'g'), names), "");
}

}  // namespace
}  // namespace locksmith::base

// A program that never ends, or never stops printing, is ended.
#include "keyring/tool.hpp"

#include <gtest/gtest.h>

namespace locksmith::keyring {
namespace {

using std::chrono::milliseconds;

TEST(Tool, IsEndedWhenItTakesTooLong) {
  const auto printed = run_tool({"sleep", "600"}, milliseconds(50));
  ASSERT_FALSE(printed);
  EXPECT_TRUE(printed.error().message.starts_with("sleep took longer than"));
}

TEST(Tool, IsEndedThoughItsChildKeepsTheStreamOpen) {
  const auto printed = run_tool({"sh", "-c", "sleep 5 & sleep 5"}, milliseconds(50));
  ASSERT_FALSE(printed);
}

TEST(Tool, IsEndedWhenItPrintsWithoutEnd) {
  const auto printed = run_tool({"yes"});
  ASSERT_FALSE(printed);
  EXPECT_EQ(printed.error().message, "yes prints more than 1 MB");
}

TEST(Tool, HasNoStandardInputAndNoShell) {
  const auto read = run_tool({"cat"});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->reveal(), "");
  EXPECT_EQ(run_tool({"printf", "%s|", "a b", "$HOME", ";"})->reveal(), "a b|$HOME|;|");
}

}  // namespace
}  // namespace locksmith::keyring

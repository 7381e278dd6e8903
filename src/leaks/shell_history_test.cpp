#include "leaks/shell_history.hpp"

#include <gtest/gtest.h>

#include <map>

#include "leaks/test_support.hpp"

namespace locksmith::leaks {
namespace {

TEST(ShellHistory, OnlyWhatExistsAndOnce) {
  const TestFolder home;
  home.write(".bash_history", "x");
  home.write("data/fish/fish_history", "x");
  home.write("elsewhere", "x");
  std::map<std::string, std::string, std::less<>> variables{{"HOME", home.path()},
                                                            {"XDG_DATA_HOME", home / "data"},
                                                            {"HISTFILE", home / ".bash_history"},
                                                            {"PSQL_HISTORY", home / "elsewhere"}};
  const auto variable = [&](std::string_view name) {
    const auto at = variables.find(name);
    return at == variables.end() ? std::string() : at->second;
  };
  EXPECT_EQ(shell_histories(variable),
            (std::vector<std::string>{home / ".bash_history", home / "elsewhere",
                                      home / "data/fish/fish_history"}));
  variables.clear();
  EXPECT_TRUE(shell_histories(variable).empty());
}

}  // namespace
}  // namespace locksmith::leaks

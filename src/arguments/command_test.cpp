#include "arguments/command.hpp"

#include <gtest/gtest.h>

namespace locksmith::arguments {
namespace {

using Words = std::vector<std::string>;

// A program with one command of every kind of option.
class CommandTest : public testing::Test {
 protected:
  CommandTest() {
    program.set_version_flag("--version", "tool 1.0");
    program.require_subcommand(1);
    command->add_option("files", files, "what to read");
    command->add_option("--name", name, "a text")->type_name("NAME");
    command->add_option("--count", count, "a number")->range(1, 50);
    command->add_option("--color", color, "a choice")->one_of({"auto", "never"});
    command->add_option("--list", list, "a list")->allow_extra_args(false);
    command->add_appending_option("--more", more, "another list")->allow_extra_args(false);
    command->add_flag("-v,--verbose", verbose, "a flag");
    command->add_flag("!--no-history", history, "a flag that takes away");
    command->footer("The end.");
  }

  std::string error_of(const Words& words) {
    const auto text = program.parse(words);
    EXPECT_FALSE(text);
    return text ? "" : text.error().message;
  }

  Command program{"Does things.", "tool"};
  Command* command = program.add_subcommand("read", "Reads.");
  Command* other = program.add_subcommand("write", "Writes.");
  Words files, list, more{"first"};
  std::string name, color = "auto";
  std::size_t count = 7;
  bool verbose = false, history = true;
};

TEST_F(CommandTest, WritesWhatWasSaid) {
  EXPECT_EQ(program.parse({"read", "a", "--name", "x", "-v", "b", "--count=3", "--no-history"}),
            "");
  EXPECT_EQ(files, (Words{"a", "b"}));
  EXPECT_EQ(name, "x");
  EXPECT_EQ(count, 3U);
  EXPECT_TRUE(verbose);
  EXPECT_FALSE(history);
  EXPECT_EQ(color, "auto");
  EXPECT_TRUE(program.got_subcommand("read"));
  EXPECT_FALSE(program.got_subcommand("write"));
  EXPECT_TRUE(command->parsed());
  EXPECT_FALSE(other->parsed());
}

TEST_F(CommandTest, AnOptionMayBeRepeated) {
  EXPECT_EQ(program.parse({"read", "--list", "a", "--more", "b", "--list", "c", "--more", "d"}),
            "");
  EXPECT_EQ(list, (Words{"a", "c"}));
  EXPECT_EQ(more, (Words{"first", "b", "d"}));
  EXPECT_EQ(program.parse({"read", "--list", "e", "--more", "f", "g"}), "");
  EXPECT_EQ(list, Words{"e"});
  EXPECT_EQ(more, (Words{"first", "b", "d", "f"}));
  EXPECT_EQ(files, Words{"g"});
}

TEST_F(CommandTest, GivesTheTextThatWasAskedFor) {
  EXPECT_EQ(program.parse({"--version"}), "tool 1.0\n");
  const auto help = program.parse({"read", "--help"});
  ASSERT_TRUE(help);
  EXPECT_TRUE(help->starts_with("Reads.\nUsage: tool read [OPTIONS] [files...]\n")) << *help;
  EXPECT_NE(help->find("--count UINT:INT in [1 - 50]"), std::string::npos) << *help;
  EXPECT_NE(help->find("--color TEXT:{auto,never}"), std::string::npos) << *help;
  EXPECT_NE(help->find("--name NAME"), std::string::npos) << *help;
  EXPECT_TRUE(help->ends_with("The end.\n")) << *help;
}

TEST_F(CommandTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({}), "A subcommand is required");
  EXPECT_EQ(error_of({"read", "--nonsense"}),
            "The following argument was not expected: --nonsense");
  EXPECT_EQ(error_of({"read", "--color", "red"}), "--color: red not in {auto,never}");
  EXPECT_EQ(error_of({"read", "--count", "51"}), "--count: Value 51 not in range 1 to 50");
  EXPECT_EQ(error_of({"read", "--count", "many"}), "--count: Value many not in range 1 to 50");
  EXPECT_EQ(error_of({"read", "--name"}), "--name: 1 required NAME missing");
}

TEST_F(CommandTest, LimitsOnOptions) {
  std::string needed, place;
  std::size_t entry = 0;
  bool quiet = false;
  other->add_option("needed", needed, "")->required();
  other->add_option("--place", place, "")->existing_path();
  other->add_option("--entry", entry, "")->positive();
  other->add_flag("--loud", verbose, "");
  other->add_flag("--quiet", quiet, "")->excludes("--loud");
  EXPECT_EQ(error_of({"write"}), "needed is required");
  EXPECT_EQ(error_of({"write", "x", "--place", "/nowhere/at/all"}),
            "--place: Path does not exist: /nowhere/at/all");
  EXPECT_NE(error_of({"write", "x", "--entry", "0"}), "");
  EXPECT_EQ(error_of({"write", "x", "--loud", "--quiet"}), "--loud excludes --quiet");
  EXPECT_EQ(program.parse({"write", "x", "--place", "/", "--entry", "2", "--quiet"}), "");
  EXPECT_EQ(needed, "x");
  EXPECT_EQ(entry, 2U);
}

TEST_F(CommandTest, LeavesWhatIsNotItsOwn) {
  other->prefix_command();
  EXPECT_EQ(program.parse({"write", "curl", "--verbose", "-H", "a: b"}), "");
  EXPECT_EQ(other->remaining(), (Words{"curl", "--verbose", "-H", "a: b"}));
  command->allow_extras();
  EXPECT_EQ(program.parse({"read", "a", "--nonsense", "-v"}), "");
  EXPECT_EQ(command->remaining(), Words{"--nonsense"});
  EXPECT_TRUE(verbose);
}

TEST(Command, WithoutHelp) {
  Command rest;
  rest.remove_help_flag();
  EXPECT_FALSE(rest.parse({"--help"}));
  EXPECT_EQ(rest.parse({}), "");
}

}  // namespace
}  // namespace locksmith::arguments

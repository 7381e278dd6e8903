#include "whereabouts/processes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/test_folder.hpp"

namespace locksmith::whereabouts {
namespace {

using namespace std::string_literals;

TEST(Processes, Variables) {
  const Names names({"A", "B"});
  const auto found = variables_of("A=1\0X=2\0B=a=b\0C\0B="s, names);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], (std::pair{"A"s, "1"s}));
  EXPECT_EQ(found[1], (std::pair{"B"s, "a=b"s}));
  EXPECT_EQ(found[2], (std::pair{"B"s, ""s}));
  EXPECT_TRUE(variables_of("", names).empty());
}

TEST(Processes, StatHasANameThatMayHoldAnything) {
  const auto stat =
      parse_stat("12 (a) b) (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 9");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->name, "a) b) (c");
  EXPECT_EQ(stat->start_ticks, 777);
  for (const char* broken : {"", "12", "12 (a", "12 (a) S 1 2", ")("})
    EXPECT_FALSE(parse_stat(broken)) << broken;
}

TEST(Processes, ProgramsAreNamedWithoutTheirArguments) {
  const auto name = [](std::string_view words) {
    std::string line(words);
    std::ranges::replace(line, ' ', '\0');
    return program_of(line, "comm");
  };
  EXPECT_EQ(name("/usr/bin/node server.js --token abc"), "node server.js");
  EXPECT_EQ(name("node --inspect /srv/app/server.js"), "node server.js");
  EXPECT_EQ(name("python3.11 -m uvicorn app:x"), "python3.11 -m uvicorn");
  EXPECT_EQ(name("python3 -c import_os"), "python3");
  EXPECT_EQ(name("java -jar /opt/a.jar"), "java -jar a.jar");
  EXPECT_EQ(name("node secretword"), "node");
  EXPECT_EQ(name("worker --token abc"), "worker");
  EXPECT_EQ(name(""), "comm");
  // A title that a program gave itself may hold what it likes.
  EXPECT_EQ(program_of("postgres: me secret=x\0"s, "postgres"), "postgres");
}

// A folder like /proc: what cannot be read is counted, what has vanished is not.
TEST(Processes, AreReadFromAFolder) {
  const base::TestFolder proc;
  proc.write("stat", "cpu 1\nbtime 1000\n");
  proc.write("7/environ", "A=old\0B=x\0"s);
  proc.write("7/stat", "7 (node) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 0 9");
  proc.write("7/cmdline", "node\0app.js\0"s);
  proc.write("8/environ", "A=mine\0"s);
  proc.write("9/stat", "");
  proc.write("self/environ", "A=no\0"s);
  std::filesystem::create_directories(proc / "10/environ");  // cannot be read as a file
  Whereabouts found;
  add_processes(proc.path(), 8, Names({"A"}), found);
  ASSERT_EQ(found.places.size(), 1u);
  const Place& place = found.places[0];
  EXPECT_EQ(place.where(), "process 7 (node app.js)");
  EXPECT_EQ(place.value.reveal(), "old");
  EXPECT_EQ(place.since, base::Time(std::chrono::seconds(1000)));
  EXPECT_EQ(found.processes, 2u);
  EXPECT_EQ(found.closed_processes, 1u);
}

}  // namespace
}  // namespace locksmith::whereabouts

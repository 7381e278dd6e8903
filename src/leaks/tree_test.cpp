#include "leaks/tree.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "leaks/test_support.hpp"

namespace locksmith::leaks {
namespace {

Tally search(const std::string& path, unsigned threads = 2) {
  TreeOptions options;
  options.starts = {{path}};
  options.threads = threads;
  return search_tree(TextDetector("needle"), options);
}

TEST(Tree, EveryRegularFileCounts) {
  const TestFolder folder;
  folder.write("a.txt", "needle");
  folder.write(".hidden/ignored.log", "x\nneedle");
  folder.write(".gitignore", "*.log");
  folder.write(".git/config", "needle");
  folder.write("binary", std::string_view("\0\xff needle", 9));
  const Tally tally = search(folder.path());
  EXPECT_EQ(places(tally), (std::vector<std::string>{folder / ".git/config:1:1",
                                                     folder / ".hidden/ignored.log:2:1",
                                                     folder / "a.txt:1:1", folder / "binary:1:4"}));
  EXPECT_EQ(tally.files, 5);
}

TEST(Tree, ManyFilesAndThreads) {
  const TestFolder folder;
  for (int i = 0; i < 500; ++i) folder.write("many/" + std::to_string(i), "needle");
  for (int i = 0; i < 100; ++i) folder.write(std::to_string(i) + "/deep/er/f", "needle");
  EXPECT_EQ(search(folder.path(), 8).finds.size(), 600);
}

TEST(Tree, SpecialFilesAreSkippedWithAReason) {
  const TestFolder folder;
  folder.write("a/f", "needle");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const int file = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  std::strcpy(address.sun_path, (folder / "socket").c_str());
  ASSERT_EQ(::bind(file, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(file);
  std::filesystem::create_symlink("..", folder / "a/up");
  std::filesystem::create_symlink("nowhere", folder / "dangling");
  std::filesystem::create_symlink("loop", folder / "loop");
  const Tally tally = search(folder.path());
  EXPECT_EQ(tally.finds.size(), 1);
  EXPECT_EQ(tally.skipped.count(Reason::fifo), 1);
  EXPECT_EQ(tally.skipped.count(Reason::socket), 1);
  EXPECT_EQ(tally.skipped.count(Reason::link), 1);
  EXPECT_EQ(tally.skipped.count(Reason::dangling_link), 1);
  EXPECT_EQ(tally.skipped.count(Reason::link_loop), 1);
}

TEST(Tree, WhatIsNamedAndCannotBeReadIsSaid) {
  const TestFolder folder;
  EXPECT_EQ(search(folder / "nothing").skipped.count(Reason::vanished), 1);
  EXPECT_EQ(search("/dev/null").skipped.count(Reason::device), 1);
  // Not even root reads what is mapped nowhere.
  EXPECT_EQ(search("/proc/self/mem").skipped.count(Reason::unreadable), 1);
}

TEST(Tree, ALinkThatIsNamedIsFollowed) {
  const TestFolder folder;
  folder.write("real/f", "needle");
  std::filesystem::create_symlink("real", folder / "link");
  EXPECT_EQ(search(folder / "link").finds.size(), 1);
}

TEST(Tree, NamesNeedNotBeUtf8) {
  const TestFolder folder;
  folder.write("caf\xe9/\x01", "needle");
  EXPECT_EQ(search(folder.path()).finds.at(0).path, folder / "caf\xe9/\x01");
}

TEST(Tree, PacksAreLeftToTheHistory) {
  const TestFolder folder;
  folder.write("repo/.git/HEAD", "ref: refs/heads/main");
  folder.write("repo/.git/objects/aa/bb", "needle");
  folder.write("repo/.git/refs/heads/main", "needle");
  folder.write("objects/f", "needle");  // of no repository
  const Tally tally = search(folder.path());
  EXPECT_EQ(places(tally), (std::vector<std::string>{folder / "objects/f:1:1",
                                                     folder / "repo/.git/refs/heads/main:1:1"}));
  EXPECT_EQ(tally.repositories, std::vector<std::string>{folder / "repo/.git"});
  EXPECT_EQ(tally.skipped.count(Reason::git_objects), 1);
}

TEST(Tree, LargeFilesAreSharedOut) {
  const TestFolder folder;
  folder.write("large", "first\n");
  // Sparse, but read as any other: a copy at each seam of two shares, and around them.
  const int file = ::open((folder / "large").c_str(), O_WRONLY);
  constexpr off_t share = 64 << 20;
  for (const off_t at : {share - 3, 2 * share - 6, 2 * share + 100}) {
    ASSERT_EQ(::pwrite(file, "\nneedle", 7, at), 7);
  }
  ::close(file);
  const Tally tally = search(folder / "large");
  EXPECT_EQ(places(tally), (std::vector<std::string>{folder / "large:3:1", folder / "large:4:1",
                                                     folder / "large:5:1"}));
}

TEST(Tree, StopsWhenAsked) {
  const TestFolder folder;
  folder.write("f", "needle");
  std::stop_source stop;
  stop.request_stop();
  TreeOptions options;
  options.starts = {{folder.path()}};
  options.stop = stop.get_token();
  EXPECT_EQ(search_tree(TextDetector("needle"), options).files, 0);
}

}  // namespace
}  // namespace locksmith::leaks

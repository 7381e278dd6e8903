#include "record/private_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/test_folder.hpp"

namespace locksmith::record {
namespace {

namespace fs = std::filesystem;

class Parent : public testing::Test {
 protected:
  bool is_empty() const { return fs::is_empty(path_); }
  const base::TestFolder folder_;
  const std::string path_ = folder_.path();
};

TEST_F(Parent, TheFolderIsPrivateAndGoes) {
  {
    const auto folder = PrivateFolder::make(path_);
    ASSERT_TRUE(folder);
    const auto file = (*folder)->write("a.pem", "text");
    ASSERT_TRUE(file);
    struct stat facts {};
    stat((*folder)->path().c_str(), &facts);
    EXPECT_EQ(facts.st_mode & 0777u, 0700u);
    stat(file->c_str(), &facts);
    EXPECT_EQ(facts.st_mode & 0777u, 0600u);
    EXPECT_FALSE((*folder)->write("a.pem", "again"));
    EXPECT_EQ(sweep(path_), 0);  // in use
  }
  EXPECT_TRUE(is_empty());
}

TEST_F(Parent, NotEvenKillLeavesItBehind) {
  const pid_t child = fork();
  if (child == 0) {
    auto folder = PrivateFolder::make(path_);
    (void)(*folder)->write("a.pem", "text");
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  for (int i = 0; i < 200 && !is_empty(); ++i) usleep(50'000);
  EXPECT_TRUE(is_empty());
}

TEST_F(Parent, WhatADeadRunLeftIsSweptAndNothingElse) {
  const pid_t dead = fork();
  if (dead == 0) _exit(0);
  waitpid(dead, nullptr, 0);
  const std::string stale = path_ + "/locksmith-record-" + std::to_string(dead) + "-abcdef";
  const std::string live = path_ + "/locksmith-record-" + std::to_string(getpid()) + "-abcdef";
  const std::string other = path_ + "/another-folder";
  for (const std::string& folder : {stale, live, other}) fs::create_directory(folder);
  std::ofstream(stale + "/bundle.pem") << "x";
  fs::create_directory_symlink(other,
                               path_ + "/locksmith-record-" + std::to_string(dead) + "-linked");
  EXPECT_EQ(sweep(path_), 1);
  EXPECT_FALSE(fs::exists(stale));
  EXPECT_TRUE(fs::exists(live));
  EXPECT_TRUE(fs::exists(other));
}

TEST_F(Parent, ItIsMadeWhereItCanBe) {
  EXPECT_EQ(temporary_parent({{"XDG_RUNTIME_DIR", path_}, {"TMPDIR", "/tmp"}}), path_);
  EXPECT_EQ(temporary_parent({{"XDG_RUNTIME_DIR", "/nowhere"}, {"TMPDIR", path_}}), path_);
  EXPECT_EQ(temporary_parent({{"TMPDIR", "relative"}}), "/tmp");
  EXPECT_FALSE(PrivateFolder::make("/nowhere"));
}

}  // namespace
}  // namespace locksmith::record

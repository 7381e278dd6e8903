// A made-up machine: a home, a project in it, /etc and /proc below a root of their own.
#include "whereabouts/find.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/test_folder.hpp"

namespace locksmith::whereabouts {
namespace {

namespace fs = std::filesystem;

class Machine : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ / "home/me/app");
    fs::create_directories(root_ / "proc");
    where_.root = root_.string();
    where_.home = (root_ / "home/me").string();
    where_.cwd = (root_ / "home/me/app").string();
  }

  void write(std::string_view path, std::string_view text) { folder_.write(path, text); }
  Whereabouts found() { return find_places(where_, Names({"KEY"})); }
  std::vector<std::string> places() {
    std::vector<std::string> out;
    for (const Place& place : found().places) out.push_back(place.where());
    return out;
  }

  base::TestFolder folder_;
  const fs::path root_ = folder_.path();
  Where where_;
};
using Strings = std::vector<std::string>;

TEST_F(Machine, PlacesInTheOrderInWhichTheyWin) {
  where_.variables = {{"KEY", "k"}, {"OTHER", "x"}};
  write("home/me/app/.env", "KEY=k\n");
  write("home/me/app/.env.local", "KEY=k\n");
  write("home/me/.env", "KEY=k\n");
  write("home/me/app/backend/.env", "KEY=k\n");
  write("home/me/.bashrc", "export KEY=k\n");
  write("etc/environment", "KEY=k\n");
  write("etc/systemd/system/a.service", "EnvironmentFile=/etc/a.env\n");
  write("etc/systemd/system/b.service.d/x.conf", "[Service]\nEnvironment=KEY=k\n");
  write("etc/a.env", "KEY=k\n");
  write("etc/cron.d/job", "KEY=k\n");
  const std::string home = "/home/me/";
  EXPECT_EQ(places(),
            (Strings{"this shell", ".env.local, line 1", ".env, line 1", home + ".env, line 1",
                     "backend/.env, line 1", home + ".bashrc, line 1", "/etc/environment, line 1",
                     "/etc/a.env, line 1", "/etc/systemd/system/b.service.d/x.conf, line 2",
                     "/etc/cron.d/job, line 1"}));
}

TEST_F(Machine, FilesThatOthersName) {
  write("home/me/app/deploy/compose.yml",
        "services:\n  web:\n    env_file: [../.env, web.env]\n  job:\n    env_file: web.env\n"
        "secrets:\n  key:\n    file: key.txt\n");
  write("home/me/app/.env", "KEY=k\n");
  write("home/me/app/deploy/web.env", "KEY=k\n");
  write("home/me/app/deploy/key.txt", "k\n");
  write("etc/systemd/system/a.service",
        "[Service]\nEnvironment=KEY=k\nEnvironmentFile=/etc/a\nLoadCredential=key:/etc/key\n");
  write("etc/a", "KEY=k\n");
  write("etc/key", "k");
  std::vector<std::string> out;
  for (const Place& place : found().places)
    out.push_back(place.where() + (place.notes.empty() ? "" : ": " + place.notes.front()));
  const std::string compose = " in deploy/compose.yml", unit = "/etc/systemd/system/a.service";
  EXPECT_EQ(out, (Strings{".env, line 1", "deploy/web.env, line 1",
                          "deploy/compose.yml, line 8: is the secret key, from a file",
                          "deploy/key.txt: the secret key of deploy/compose.yml",
                          "deploy/web.env, line 1: env_file of job, web" + compose,
                          ".env, line 1: env_file of web" + compose,
                          "/etc/a, line 1: EnvironmentFile= of a.service", unit + ", line 2",
                          unit + ", line 4: is the unit's credential key",
                          "/etc/key: LoadCredential=key of a.service"}));
}

TEST_F(Machine, WhatCannotBeReadIsCounted) {
  write("home/me/app/.env", "KEY=k\n");
  ASSERT_EQ(::mkfifo((root_ / "home/me/app/.env.pipe").c_str(), 0600), 0);
  fs::create_directory_symlink(root_ / "home/me/app", root_ / "home/me/app/loop");
  fs::create_symlink("/nowhere", root_ / "home/me/app/.env.gone");
  write("home/me/app/.env.large", std::string(2 << 20, 'x'));
  const Whereabouts all = found();
  EXPECT_EQ(all.places.size(), 1u);
  std::vector<std::string> skipped;
  for (const Skipped& one : all.skipped) skipped.push_back(one.path + ": " + one.reason);
  EXPECT_EQ(skipped, (Strings{".env.large: too large", ".env.pipe: not a regular file"}));
}

TEST_F(Machine, FoldersOfToolsAreLeftOut) {
  write("home/me/app/node_modules/x/.env", "KEY=k\n");
  write("home/me/app/a/b/c/d/e/f/.env", "KEY=k\n");
  EXPECT_EQ(places(), Strings{});
}

TEST_F(Machine, AWalkHasAnEnd) {
  for (int i = 0; i < 40; ++i) write("home/me/app/" + std::to_string(i) + "/.env", "KEY=k\n");
  where_.limits.entries = 50;
  const Whereabouts all = found();
  EXPECT_LT(all.places.size(), 40u);
  ASSERT_FALSE(all.skipped.empty());
  EXPECT_TRUE(all.skipped.front().reason.starts_with("too many files"));
}

TEST_F(Machine, TheSameValueUnderAnotherName) {
  const std::string value(20, 'v');
  write("home/me/app/.env", "KEY=" + value + "\n");
  write("home/me/.npmrc", "a=b\n//r.test/:_authToken=" + value + "\n");
  write("home/me/.netrc", "machine r.test login me password other\n");
  EXPECT_EQ(places(), (Strings{".env, line 1", "/home/me/.npmrc, line 2"}));
}

TEST_F(Machine, AnExampleThatHoldsTheKey) {
  const std::string value = std::string("Zx9Qw7Vt") + "5Rp3Ks1M";
  write("home/me/app/.env", "KEY=" + value + "\n");
  write("home/me/app/.env.example", "KEY=" + value + "\n");
  write("home/me/app/web/.env.example", "KEY=your-key\n");
  const Places all = found().places;
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].environment, "example");
  EXPECT_EQ(all[1].notes, Strings{"holds the key itself, and examples are usually committed"});
  EXPECT_EQ(all[2].notes, Strings{});
}

TEST_F(Machine, NamesOfKeysInDotenvFiles) {
  write("home/me/app/.env", "API_KEY=1\nPORT=80\nexport DB_PASSWORD=x\n");
  write("home/me/app/web/.env", "API_KEY=1\nSESSION_SECRET=y\n");
  write("home/me/app/.env.example", "OTHER_KEY=\n");
  EXPECT_EQ(key_names(where_), (Strings{"API_KEY", "DB_PASSWORD", "SESSION_SECRET"}));
}

TEST_F(Machine, NothingAtAll) {
  where_.cwd = where_.home = (root_ / "gone").string();
  EXPECT_TRUE(found().places.empty());
}

}  // namespace
}  // namespace locksmith::whereabouts

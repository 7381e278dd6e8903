#include "leaks/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "leaks/git_test_repository.hpp"

namespace locksmith::leaks {
namespace {

class History : public testing::Test {
 protected:
  HistoryFinds search(const std::string& path, HistoryOptions options = {}) {
    const std::vector<base::Secret> keys{base::Secret(key_), base::Secret(other_)};
    const Searcher searcher(keys);
    auto finds = search_history(path, searcher, options);
    EXPECT_TRUE(finds.has_value()) << (finds ? "" : finds.error().message);
    return finds ? std::move(*finds) : HistoryFinds{};
  }
  HistoryFinds search() { return search(folder_.path()); }

  std::string git(const std::string& arguments) {
    return shell(folder_.path(), "git " + arguments);
  }
  void init(const std::string& options = "") { git("init -q -b main " + options + " ."); }
  // The id of a commit of these files.
  std::string commit(const std::map<std::string, std::string>& files,
                     const std::string& message = "x") {
    for (const auto& [path, text] : files) folder_.write(path, text);
    static int day = 10;
    const auto date = "2026-01-" + std::to_string(day++ % 20 + 10) + "T12:00:00+0100";
    shell(folder_.path(), "git add -A && GIT_AUTHOR_DATE=" + date + " GIT_COMMITTER_DATE=" + date +
                              " git commit -q --allow-empty -F - << 'END'\n" + message + "\nEND");
    return head();
  }
  std::string head() { return git("rev-parse HEAD").substr(0, git("rev-parse HEAD").size() - 1); }

  std::mt19937_64 random_{7};
  std::string key_ = some_key(random_), other_ = some_key(random_);
  TestFolder folder_;
};

// More commits than one thread takes at once; the key goes and comes back in another folder.
TEST_F(History, ThreadsShareALongHistory) {
  init();
  std::string stream;
  const auto file = [&](const std::string& path, const std::string& text) {
    stream += "M 644 inline " + path + "\ndata " + std::to_string(text.size()) + "\n" + text + "\n";
  };
  for (int i = 0; i < 900; ++i) {
    stream += "commit refs/heads/main\ncommitter Ada <ada@example.com> " +
              std::to_string(1'700'000'000 + i) + " +0000\ndata 1\nx\n";
    file("count/" + std::to_string(i % 30) + "/now", std::to_string(i));
    if (i % 300 == 100) file("a/b/config", "key = " + key_ + std::to_string(i));
    if (i % 300 == 200) file("a/b/config", "none");
    if (i == 890) file("c/config", "key = " + other_);
  }
  folder_.write("stream", stream);
  git("fast-import --quiet < stream");
  for (const unsigned threads : {1u, 3u}) {
    auto finds = search(folder_.path(), {.threads = threads}).finds;
    std::ranges::sort(finds, {}, &HistoryFind::path);
    ASSERT_EQ(finds.size(), 2u) << threads;
    EXPECT_EQ(finds[0].path, "a/b/config");
    EXPECT_EQ(finds[0].versions, 3u);
    EXPECT_EQ(finds[0].first->date, 1'700'000'100);
    EXPECT_EQ(finds[0].last->date, 1'700'000'799);
    EXPECT_TRUE(finds[0].refs.empty());
    EXPECT_EQ(finds[1].path, "c/config");
    EXPECT_EQ(finds[1].first->date, 1'700'000'890);
    EXPECT_EQ(finds[1].refs, std::vector<std::string>{"main"});
  }
}

TEST_F(History, TellsPathLineAndTheCommitsThatHoldIt) {
  init();
  commit({{"a/config.txt", "one\ntwo\n"}});
  const auto first = commit({{"a/config.txt", "one\nkey = " + key_ + "\ntwo\n"}});
  const auto last = commit({{"a/config.txt", "zero\none\nkey = " + key_ + "\ntwo\n"}});
  commit({{"a/config.txt", "zero\none\ntwo\n"}});
  for (const auto* store : {"status", "gc -q"}) {  // loose, then packed
    git(store);
    const auto finds = search().finds;
    ASSERT_EQ(finds.size(), 1u) << store;
    const auto& find = finds[0];
    EXPECT_EQ(find.key, 0u);
    EXPECT_EQ(find.kind, HistoryKind::file);
    EXPECT_EQ(find.path, "a/config.txt");
    EXPECT_EQ(find.line, 3u);
    EXPECT_EQ(find.versions, 2u);
    ASSERT_TRUE(find.first && find.last);
    EXPECT_EQ(find.first->id, first);
    EXPECT_EQ(find.last->id, last);
    EXPECT_EQ(find.first->author, "Ada <ada@example.com>");
    EXPECT_EQ(find.first->zone_minutes, 60);
    EXPECT_TRUE(find.reach & by_branch);
    EXPECT_FALSE(find.published());
    EXPECT_TRUE(find.refs.empty());  // no branch holds it now
    EXPECT_EQ(find.stored, "");
  }
}

TEST_F(History, SaysWhetherARemoteBranchHasIt) {
  init();
  commit({{"a", key_}});
  git("update-ref refs/remotes/origin/main HEAD");
  commit({{"b", other_}});
  const auto finds = search().finds;
  ASSERT_EQ(finds.size(), 2u);
  for (const auto& find : finds) {
    EXPECT_EQ(find.published(), find.key == 0) << find.path;
    EXPECT_EQ(find.refs, find.key == 0 ? (std::vector<std::string>{"main", "origin/main"})
                                       : std::vector<std::string>{"main"});
  }
}

TEST_F(History, LooksIntoStashReflogTagsAndMessages) {
  init();
  commit({{"a", "x"}});
  folder_.write("a", "stashed " + key_);
  git("stash -q");
  commit({{"b", "lost " + key_}});
  git("reset -q --hard HEAD~1");
  commit({}, "the key is\n" + key_ + " now");
  git("tag -a v1 -m 'tagged " + key_ + "'");
  git("branch holds-" + key_);
  const auto result = search();
  std::map<std::string, const HistoryFind*> by;
  for (const auto& find : result.finds)
    by[find.kind == HistoryKind::file          ? find.path
       : find.kind == HistoryKind::tag_message ? "tag"
                                               : "message"] = &find;
  ASSERT_EQ(by.size(), 4u);
  EXPECT_EQ(by["a"]->reach & (by_stash | by_branch), by_stash);
  EXPECT_EQ(by["b"]->reach & (by_reflog | by_branch | by_stash), by_reflog);
  EXPECT_TRUE(by["message"]->reach & by_branch);
  EXPECT_EQ(by["message"]->line, 2u);
  EXPECT_EQ(by["tag"]->line, 1u);
  EXPECT_EQ(by["tag"]->refs, std::vector<std::string>{"v1"});
}

TEST_F(History, ANameThatIsAKeyIsFoundAndNotShown) {
  init();
  commit({{"keys/" + key_ + ".txt", "x"}});
  const auto finds = search().finds;
  ASSERT_EQ(finds.size(), 1u);
  EXPECT_EQ(finds[0].kind, HistoryKind::file_name);
  EXPECT_EQ(finds[0].path, "keys/[key].txt");
}

TEST_F(History, WhatNoCommitHoldsIsSaidToBeDangling) {
  init();
  commit({{"a", "x"}});
  shell(folder_.path(), "printf 'k %s' " + key_ + " | git hash-object -w --stdin");
  const auto finds = search().finds;
  ASSERT_EQ(finds.size(), 1u);
  EXPECT_EQ(finds[0].stored, "loose");
  EXPECT_FALSE(finds[0].first);
}

TEST_F(History, Sha256BareWorktreesAndAlternates) {
  init("--object-format=sha256");
  const auto id = commit({{"a", "k " + key_}});
  git("worktree add -q ../$(basename $PWD)_tree -b side");
  const TestFolder others;
  git("clone -q --bare . " + others / "bare");
  git("clone -q --shared . " + others / "shared");
  const auto tree = folder_.path() + "_tree";
  for (const auto& path :
       {folder_.path(), folder_ / ".git", tree, others / "bare", others / "shared"}) {
    const auto result = search(path);
    ASSERT_EQ(result.finds.size(), 1u) << path;
    EXPECT_EQ(result.finds[0].first->id, id);
    EXPECT_TRUE(result.skipped.empty()) << result.skipped[0].reason;
  }
  std::filesystem::remove_all(tree);
  EXPECT_FALSE(git_dir_of(others.path()));
}

TEST_F(History, LooksIntoSubmodules) {
  const TestFolder inner;
  shell(inner.path(), "git init -q . && echo " + key_ + " > a && git add a && git commit -q -m x");
  init();
  git("-c protocol.file.allow=always submodule --quiet add " + inner.path() + " lib/inner");
  const auto finds = search().finds;
  ASSERT_EQ(finds.size(), 1u);
  EXPECT_EQ(finds[0].repository, "lib/inner");
  EXPECT_EQ(finds[0].path, "a");
}

bool has_reason(const HistoryFinds& finds, std::string_view reason) {
  return std::any_of(finds.skipped.begin(), finds.skipped.end(), [&](const SkippedObjects& s) {
    return s.reason.find(reason) != std::string::npos && s.count > 0;
  });
}

TEST_F(History, SaysWhatAShallowOrPartialCloneHasNot) {
  init();
  commit({{"a", "k " + key_}});
  commit({{"a", "gone"}});
  git("config uploadpack.allowFilter true");
  const TestFolder clones;
  git("clone -q --depth 1 file://" + folder_.path() + " " + clones / "shallow");
  git("clone -q --no-checkout --filter=blob:none file://" + folder_.path() + " " +
      clones / "partial");
  const auto shallow = search(clones / "shallow"), partial = search(clones / "partial");
  EXPECT_TRUE(shallow.finds.empty());
  EXPECT_TRUE(has_reason(shallow, "shallow"));
  EXPECT_TRUE(partial.finds.empty());
  EXPECT_TRUE(has_reason(partial, "promised"));
}

TEST_F(History, DamageIsSaid) {
  init();
  commit({{"a", "k " + key_}});
  git("gc -q");
  for (const auto& file : std::filesystem::directory_iterator(folder_ / ".git/objects/pack"))
    if (file.path().extension() == ".pack") {
      std::filesystem::permissions(file.path(), std::filesystem::perms::owner_all);
      std::filesystem::resize_file(file.path(), 40);
    }
  EXPECT_TRUE(has_reason(search(), "outside of the pack"));
  for (const auto& file : std::filesystem::directory_iterator(folder_ / ".git/objects/pack")) {
    std::filesystem::permissions(file.path(), std::filesystem::perms::owner_all);
    std::filesystem::resize_file(file.path(), 10);
  }
  EXPECT_TRUE(has_reason(search(), "damaged"));
}

TEST_F(History, LoopsOfAlternatesAndLinksEnd) {
  init();
  commit({{"a", "k " + key_}});
  folder_.write(".git/objects/info/alternates",
                "../objects\n/nowhere/objects\n" + folder_ / ".git/objects" + "\n");
  std::filesystem::create_directory_symlink(folder_ / ".git", folder_ / ".git/refs/heads/loop");
  const auto result = search();
  EXPECT_EQ(result.finds.size(), 1u);
  EXPECT_TRUE(has_reason(result, "not there"));
}

TEST_F(History, WhatWasPushedAndOverwrittenIsPublished) {
  init();
  commit({{"a", "x"}});
  git("update-ref --create-reflog refs/remotes/origin/main HEAD");
  commit({{"a", key_}});
  git("update-ref --create-reflog refs/remotes/origin/main HEAD");
  git("reset -q --hard HEAD~1 && git update-ref refs/remotes/origin/main HEAD");
  const auto finds = search().finds;
  ASSERT_EQ(finds.size(), 1u);
  EXPECT_TRUE(finds[0].published());
  EXPECT_TRUE(finds[0].refs.empty());
}

TEST_F(History, LargeObjectsAreSearchedAsAStream) {
  init();
  const std::size_t size = 33 << 20;
  std::string text(size, '\n');
  text.replace(size / 2, key_.size(), key_);
  const auto id = commit({{"large", text}});
  for (const auto* store : {"status", "gc -q"}) {  // loose, then packed
    git(store);
    const auto result = search();
    ASSERT_EQ(result.finds.size(), 1u) << store;
    EXPECT_TRUE(result.skipped.empty());
    EXPECT_EQ(result.finds[0].line, size / 2 + 1);
    EXPECT_EQ(result.finds[0].first->id, id);
  }
}

TEST_F(History, StopsWhenToldAndSaysSo) {
  init();
  commit({{"a", "k " + key_}});
  const std::atomic<bool> stop = true;
  EXPECT_TRUE(search(folder_.path(), {.stop = &stop}).stopped);
  EXPECT_FALSE(search().stopped);
}

}  // namespace
}  // namespace locksmith::leaks

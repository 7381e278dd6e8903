// What differs between two versions of a folder is found in their bytes: held against git's own
// listing of every version, over random histories.
#include "leaks/history_trees.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "leaks/git_repository.hpp"
#include "leaks/git_test_repository.hpp"

namespace locksmith::leaks {
namespace {

// Commits that add, change, remove and replace files, in names and folders that begin alike.
std::string random_history(std::mt19937_64& random, int commits) {
  const auto one_of = [&](std::initializer_list<const char*> all) {
    return std::string(all.begin()[random() % all.size()]);
  };
  std::string stream;
  for (int i = 0; i < commits; ++i) {
    stream += "commit refs/heads/main\ncommitter Ada <ada@example.com> " +
              std::to_string(1'700'000'000 + i) + " +0000\ndata 1\nx\n";
    for (auto n = random() % 4; n-- > 0;) {
      const auto path = one_of({"", "a/", "a/b/", "ab/", "a.b/", "b/a/"}) +
                        one_of({"f", "g", "h"}) + one_of({"", "0", "00", ".txt"});
      if (random() % 3 == 0) {
        stream += "D " + path + "\n";
        continue;
      }
      const auto text = std::to_string(random() % 12);
      stream += "M " + one_of({"644", "755"}) + " inline " + path + "\ndata " +
                std::to_string(text.size()) + "\n" + text + "\n";
    }
  }
  return stream;
}

std::set<std::string> listed(const std::string& folder, const std::string& tree,
                             const std::string& blob) {
  std::set<std::string> out;
  std::istringstream lines(shell(folder, "git ls-tree -r " + tree));
  for (std::string line; std::getline(lines, line);)
    if (line.find(blob) != line.npos) out.insert(line.substr(line.find('\t') + 1));
  return out;
}

TEST(HistoryTrees, SeesWhatGitLists) {
  std::mt19937_64 random(20261121);
  for (int round = 0; round < 3; ++round) {
    const TestFolder folder;
    shell(folder.path(), "git init -q -b main .");
    folder.write("stream", random_history(random, 120));
    shell(folder.path(), "git fast-import --quiet < stream");
    const auto blob = shell(folder.path(), "printf 7 | git hash-object --stdin").substr(0, 40);
    HitObjects hits;
    const auto id = *ObjectId::from_hex(blob, 20);
    hits[id] = {id, ObjectType::blob, "", {}};

    std::istringstream lines(shell(folder.path(), "git log --format=%T main"));
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) names.push_back(line);
    std::vector<ObjectId> trees;
    for (const auto& name : names) trees.push_back(*ObjectId::from_hex(name, 20));

    const auto repository = *open_repository(folder.path());
    std::vector<SkippedObjects> skipped;
    const ObjectStore store(repository, skipped);
    const auto held = held_by_trees(repository, store, hits, trees, {.threads = 1});
    EXPECT_TRUE(held.wrong.empty());
    std::size_t found = 0;
    for (std::size_t i = 0; i < trees.size(); ++i) {
      std::set<std::string> paths;
      if (held.lists[i])
        for (const auto& one : *held.lists[i]) paths.insert(one.path);
      EXPECT_EQ(paths, listed(folder.path(), names[i], blob)) << "round " << round << ", " << i;
      found += paths.size();
    }
    EXPECT_GT(found, 20u);
  }
}

// No git makes such folders, but some repositories have them, and who hides a key may.
TEST(HistoryTrees, TellsEntriesOfOneNameApart) {
  const TestFolder folder;
  shell(folder.path(), "git init -q -b main .");
  const auto blob = [&](const std::string& text) {
    return shell(folder.path(), "printf " + text + " | git hash-object -w --stdin").substr(0, 40);
  };
  const auto raw = [](const std::string& hex) {
    const auto id = *ObjectId::from_hex(hex, 20);
    return std::string(id.bytes.begin(), id.bytes.begin() + 20);
  };
  const auto tree = [&](const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string bytes;
    for (const auto& [name, id] : entries) bytes += "100644 " + name + '\0' + raw(id);
    folder.write("tree", bytes);
    const auto id = shell(folder.path(), "git hash-object -t tree -w --literally tree");
    return *ObjectId::from_hex(id.substr(0, 40), 20);
  };
  const auto key = blob("key"), one = blob("one"), two = blob("two");
  const std::vector trees{tree({{"a", key}, {"a", one}}),   tree({{"a", key}, {"a", two}}),
                          tree({{"", key}, {"b", one}}),    tree({{"", key}, {"b", two}}),
                          tree({{"b/c", key}, {"z", one}}), tree({{"b/c", one}, {"z", one}})};
  HitObjects hits;
  const auto id = *ObjectId::from_hex(key, 20);
  hits[id] = {id, ObjectType::blob, "", {}};
  const auto repository = *open_repository(folder.path());
  std::vector<SkippedObjects> skipped;
  const ObjectStore store(repository, skipped);
  const auto held = held_by_trees(repository, store, hits, trees, {.threads = 1});
  for (std::size_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(held.lists[i]) << i;
    EXPECT_EQ(held.lists[i]->size(), 1u) << i;
  }
  EXPECT_FALSE(held.lists[5]);
}

// Six folders, each ten times in the next: a million places of one file.
TEST(HistoryTrees, FoldersWithinFoldersDoNotFillTheMemory) {
  const TestFolder folder;
  shell(folder.path(), "git init -q -b main .");
  const auto blob = shell(folder.path(), "printf key | git hash-object -w --stdin").substr(0, 40);
  auto tree =
      shell(folder.path(), "printf '100644 blob " + blob + "\tf\n' | git mktree").substr(0, 40);
  for (int level = 0; level < 6; ++level) {
    const auto list = "for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree " + tree +
                      "\t%d\n' $i; done | git mktree";
    tree = shell(folder.path(), list).substr(0, 40);
  }
  HitObjects hits;
  const auto id = *ObjectId::from_hex(blob, 20);
  hits[id] = {id, ObjectType::blob, "", {}};
  const auto repository = *open_repository(folder.path());
  std::vector<SkippedObjects> skipped;
  const ObjectStore store(repository, skipped);
  const std::vector trees{*ObjectId::from_hex(tree, 20)};
  const auto held = held_by_trees(repository, store, hits, trees, {.threads = 1});
  ASSERT_TRUE(held.lists[0]);
  EXPECT_EQ(held.lists[0]->size(), 100'000u);
  EXPECT_FALSE(held.wrong.empty());
}

}  // namespace
}  // namespace locksmith::leaks

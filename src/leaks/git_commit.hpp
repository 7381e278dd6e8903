// What commits, tags and trees say: gitformat-signature(5) shows the headers, git-mktree(1) a tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "leaks/git_id.hpp"

namespace locksmith::leaks {

// What leads from a commit to the rest of the history.
struct CommitLinks {
  ObjectId tree;
  std::vector<ObjectId> parents;
  std::int64_t committer_date = 0;
};

struct CommitFacts : CommitLinks {
  std::string_view author;  // "Ada <ada@example.com>"
  std::int64_t author_date = 0;
  int author_zone_minutes = 0;
  std::size_t message = 0;  // offset in the object
};
std::optional<CommitFacts> read_commit(std::string_view object, std::size_t hash_size);

// What a tag object names.
std::optional<ObjectId> read_tag(std::string_view object, std::size_t hash_size);

struct TreeEntry {
  unsigned mode = 0;
  std::string_view name;
  ObjectId id;
  std::size_t offset = 0, end = 0;  // in the object
  bool is_tree() const { return mode == 040000; }
  bool is_submodule() const { return mode == 0160000; }
};
// False when the tree is damaged: what stands before the damage is in `entries`.
bool read_tree(std::string_view object, std::size_t hash_size, std::vector<TreeEntry>& entries);

}  // namespace locksmith::leaks

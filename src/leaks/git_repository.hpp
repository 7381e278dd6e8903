// Where the parts of a git repository are: gitrepository-layout(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "leaks/git_id.hpp"

namespace locksmith::leaks {

struct Repository {
  std::string name;                        // of a submodule; empty for the repository itself
  std::string git_dir;                     // of this work tree
  std::string common_dir;                  // of all its work trees
  std::vector<std::string> object_dirs;    // its own, then its alternates
  std::vector<std::string> worktree_dirs;  // the git_dirs of all its work trees, `common_dir` too
  std::size_t hash_size = 20;
  bool partial = false;                                // promised objects are elsewhere
  std::unordered_set<ObjectId, ObjectIdHash> shallow;  // commits whose parents were not fetched
  std::vector<SkippedObjects> skipped;
};

// The git directory of a work tree, a bare repository or a ".git"; nothing when `path` is none.
std::optional<std::string> git_dir_of(const std::string& path);

Result<Repository> open_repository(const std::string& path);
// Those of submodules, which git keeps below modules/; also those that are not checked out now.
std::vector<Repository> submodules_of(const Repository& repository,
                                      std::vector<SkippedObjects>& skipped);

// From where a commit can be reached.
enum Reach : std::uint8_t {
  by_remote = 1,  // a remote branch, as it is or once was: somebody else has it, or had
  by_branch = 2,
  by_tag = 4,
  by_stash = 8,
  by_reflog = 16,
  by_other = 32,  // HEAD, notes, FETCH_HEAD, …
};

struct Root {
  ObjectId id;
  std::uint8_t reach = 0;
  std::string name;  // as git shows it: "main", "origin/main"; of a reflog empty
};
std::vector<Root> roots_of(const Repository& repository, std::vector<SkippedObjects>& skipped);

}  // namespace locksmith::leaks

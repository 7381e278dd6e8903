// From objects that hold a key to where they are in the history: path, commits, branches.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "leaks/history.hpp"
#include "leaks/history_trees.hpp"

namespace locksmith::leaks {

// Commits that the search came by: reading them once more would cost as much as the search did.
using KnownCommits = std::unordered_map<ObjectId, CommitLinks, ObjectIdHash>;

// Reads every other commit and every distinct tree once. Objects that no commit leads to are
// dangling. Without hits there is nothing to walk for, but in a partial clone what was promised is
// counted.
std::vector<HistoryFind> walk_history(const Repository& repository, ObjectStore& store,
                                      const HitObjects& hits, const KnownCommits& commits,
                                      const Searcher& searcher,
                                      std::vector<SkippedObjects>& skipped,
                                      const SearchControl& control);

}  // namespace locksmith::leaks

// From objects that hold a key to where they are in the history: path, commits, branches.
#pragma once

#include <string>
#include <vector>

#include "leaks/history.hpp"
#include "leaks/history_trees.hpp"

namespace locksmith::leaks {

// Reads every commit and every distinct tree once. Objects that no commit leads to are dangling.
// Without hits there is nothing to walk for, but in a partial clone what was promised is counted.
std::vector<HistoryFind> walk_history(const Repository& repository, ObjectStore& store,
                                      const HitObjects& hits, const Searcher& searcher,
                                      std::vector<SkippedObjects>& skipped,
                                      const SearchControl& control);

}  // namespace locksmith::leaks

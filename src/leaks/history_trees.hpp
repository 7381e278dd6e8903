// Which objects with hits the trees of a history hold, and at what path.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "leaks/objects.hpp"

namespace locksmith::leaks {

using HitObjects = std::unordered_map<ObjectId, ObjectHits, ObjectIdHash>;

// An object with hits, somewhere in a tree.
struct Held {
  std::string path;
  const ObjectHits* object = nullptr;
};
using HeldList = std::shared_ptr<const std::vector<Held>>;  // null when there are none

struct HeldByTrees {
  std::vector<HeldList> lists;  // of each tree
  // Objects that could not be looked at, and why; no reason when they are not there.
  std::unordered_map<ObjectId, std::string, ObjectIdHash> wrong;
};

// `trees` are the root trees of commits, neighbours in time next to each other: of each only what
// differs from the one before is looked at. Stretches of them go to several threads.
HeldByTrees held_by_trees(const Repository& repository, const ObjectStore& store,
                          const HitObjects& hits, std::span<const ObjectId> trees,
                          const SearchControl& control);

}  // namespace locksmith::leaks

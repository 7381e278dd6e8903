// Searches every object of a pack without unpacking it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "leaks/git_commit.hpp"
#include "leaks/git_id.hpp"
#include "leaks/pack.hpp"
#include "leaks/searcher.hpp"

namespace locksmith::leaks {

// What an object holds: of each key the first hit in each disguise.
struct ObjectHits {
  ObjectId id;
  ObjectType type = ObjectType::none;
  std::string where;  // the pack's name, or "loose"
  std::vector<Hit> hits;
};

struct ObjectFinds {
  std::vector<ObjectHits> objects;
  // As many as were read on the way and fit into memory: who walks the history needs them.
  std::vector<std::pair<ObjectId, CommitLinks>> commits;
  std::vector<SkippedObjects> skipped;
  std::uint64_t searched = 0;  // objects
};

struct SearchControl {
  unsigned threads = 2;
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  // bytes of packs
  const std::atomic<bool>* stop = nullptr;

  bool stopped() const { return stop && stop->load(std::memory_order_relaxed); }
};

void add_skipped(std::vector<SkippedObjects>& skipped, std::string what, std::string reason,
                 std::size_t count = 1);
void add_hit(std::vector<Hit>& hits, const Hit& hit);  // unless that key has one in that disguise

// An object is whole, or a delta: pieces of another object, its base, and bytes of its own. Where a
// piece of the base was searched already, nothing in it is new. So, with the base's candidates
// known (Searcher::candidates), those of the delta's object are: the base's that lie within one
// piece, and those that touch its own bytes or the place where two pieces meet. Only the
// neighbourhood of a candidate is put together, to see whether it is a hit. Bases come before what
// is made of them, and what a thread holds is one line of descent: the first in full, of the others
// the deltas.
ObjectFinds search_pack(const Pack& pack, const Searcher& searcher, const SearchControl& control);

}  // namespace locksmith::leaks

#include "leaks/history_trees.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "leaks/git_commit.hpp"

namespace locksmith::leaks {
namespace {

constexpr int deepest_tree = 1024;
// Whoever begins a stretch looks at every folder once: stretches are long.
constexpr std::size_t shortest_stretch = 256, stretches_per_thread = 3;

class TreeReader {
 public:
  TreeReader(const Repository& repository, const ObjectStore& store, const HitObjects& hits)
      : repository_(repository), store_(store.for_another_thread()), hits_(hits) {}

  HeldList held_by(const ObjectId& tree) { return held_by(tree, top_, 0); }

  std::unordered_map<ObjectId, std::string, ObjectIdHash> wrong;

 private:
  // A folder as it was looked at last. Of its next version, only what differs is looked at.
  struct Folder {
    std::shared_ptr<const std::string> data;
    std::vector<TreeEntry> entries;  // of `data`
    HeldList held;
    std::unordered_map<std::string, Folder> below;
  };

  // Which objects with hits a tree holds, each distinct tree looked at once; null when none.
  HeldList held_by(const ObjectId& tree, Folder& last, int depth) {
    if (const auto known = held_.find(tree); known != held_.end()) return known->second;
    const auto object = store_.read(tree);
    if (!object || object->type != ObjectType::tree) {
      wrong.try_emplace(tree);
      return held_[tree] = nullptr;
    }
    auto entries = std::move(spare_);
    if (!read_tree(*object->data, repository_.hash_size, entries))
      wrong.try_emplace(tree, "damaged");
    if (depth > deepest_tree) wrong.try_emplace(tree, "folders nested too deeply");
    std::vector<Held> held;
    if (const auto hit = hits_.find(tree); hit != hits_.end()) held.push_back({"", &hit->second});
    for (const auto* entry : differing(last, entries, held)) {
      if (entry->is_submodule()) continue;
      if (!entry->is_tree())
        add_blob(*entry, held);
      else if (depth <= deepest_tree)
        add_tree(*entry, last, depth, held);
    }
    last.data = object->data;
    spare_ = std::exchange(last.entries, std::move(entries));
    last.held = held.empty() ? nullptr : std::make_shared<const std::vector<Held>>(std::move(held));
    return held_[tree] = last.held;
  }

  // Entries that are not in the folder as it was; what is held by those that are goes to `held`.
  std::vector<const TreeEntry*> differing(const Folder& last, const std::vector<TreeEntry>& entries,
                                          std::vector<Held>& held) const {
    std::vector<const TreeEntry*> out;
    std::unordered_set<std::string_view> same;
    auto old = last.entries.begin();
    for (const auto& entry : entries) {
      auto at = old;  // entries have an order, so that most are where they are looked for
      while (at != last.entries.end() && at - old < 4 && at->name != entry.name) ++at;
      const bool found = at != last.entries.end() && at - old < 4;
      if (found) old = at + 1;
      if (!found || at->id != entry.id || at->mode != entry.mode)
        out.push_back(&entry);
      else if (last.held)
        same.insert(entry.name);
    }
    if (!last.held) return out;
    for (const auto& one : *last.held)
      if (same.contains(std::string_view(one.path).substr(0, one.path.find('/'))))
        held.push_back(one);
    return out;
  }

  void add_blob(const TreeEntry& entry, std::vector<Held>& out) {
    if (const auto hit = hits_.find(entry.id); hit != hits_.end())
      out.push_back({std::string(entry.name), &hit->second});
    else if (repository_.partial && looked_for_.insert(entry.id).second && !store_.has(entry.id))
      wrong.try_emplace(entry.id);
  }

  void add_tree(const TreeEntry& entry, Folder& last, int depth, std::vector<Held>& out) {
    const std::string name(entry.name);
    const auto below = held_by(entry.id, last.below[name], depth + 1);
    if (!below) return;
    for (const auto& held : *below) out.push_back({name + "/" + held.path, held.object});
  }

  const Repository& repository_;
  ObjectStore store_;
  const HitObjects& hits_;
  std::unordered_map<ObjectId, HeldList, ObjectIdHash> held_;
  Folder top_;
  std::vector<TreeEntry> spare_;  // memory for the next tree
  std::unordered_set<ObjectId, ObjectIdHash> looked_for_;
};

}  // namespace

HeldByTrees held_by_trees(const Repository& repository, const ObjectStore& store,
                          const HitObjects& hits, std::span<const ObjectId> trees,
                          const SearchControl& control) {
  HeldByTrees all{.lists = std::vector<HeldList>(trees.size())};
  const auto threads = std::max(1u, control.threads);
  const auto stretch =
      std::max(shortest_stretch, trees.size() / (threads * stretches_per_thread) + 1);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // of `all.wrong`
  const auto work = [&] {
    TreeReader reader(repository, store, hits);
    for (std::size_t begin; (begin = next.fetch_add(stretch)) < trees.size();)
      for (auto i = begin; i < std::min(begin + stretch, trees.size()); ++i)
        if (!control.stopped()) all.lists[i] = reader.held_by(trees[i]);
    const std::scoped_lock lock(mutex);
    all.wrong.merge(reader.wrong);
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads && i * stretch < trees.size(); ++i) others.emplace_back(work);
  work();
  others.clear();
  return all;
}

}  // namespace locksmith::leaks

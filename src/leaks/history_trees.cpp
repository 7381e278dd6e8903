#include "leaks/history_trees.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "leaks/git_commit.hpp"

namespace locksmith::leaks {
namespace {

constexpr int deepest_tree = 1024;
// Folders within folders, each several times: a few of them stand for any number of places. Of a
// folder that has more than this, an object in one place is enough.
constexpr std::size_t most_places = 100'000;
// Whoever begins a stretch looks at every folder once: stretches are long.
constexpr std::size_t shortest_stretch = 256, stretches_per_thread = 3;

constexpr std::size_t block = 64;

std::size_t common_start(const char* a, const char* b, std::size_t most) {
  std::size_t same = 0;
  while (same + block <= most && std::memcmp(a + same, b + same, block) == 0) same += block;
  while (same < most && a[same] == b[same]) ++same;
  return same;
}

// Both point behind what is compared.
std::size_t common_end(const char* a, const char* b, std::size_t most) {
  std::size_t same = 0;
  while (same + block <= most && std::memcmp(a - same - block, b - same - block, block) == 0)
    same += block;
  while (same < most && *(a - same - 1) == *(b - same - 1)) ++same;
  return same;
}

class TreeReader {
 public:
  TreeReader(const Repository& repository, const ObjectStore& store, const HitObjects& hits)
      : repository_(repository), store_(store.for_another_thread()), hits_(hits) {}

  HeldList held_by(const ObjectId& tree) { return held_by(tree, top_, 0); }

  std::unordered_map<ObjectId, std::string, ObjectIdHash> wrong;

 private:
  static constexpr auto itself = std::string::npos;

  // A folder as it was looked at last. Of its next version, only what differs is looked at.
  struct Folder {
    std::shared_ptr<const std::string> data;  // none: not looked at yet, or damaged
    std::vector<std::size_t> starts;          // of its entries in `data`
    HeldList held;
    std::vector<std::size_t> held_at;  // where the entry of each begins; `itself` for the folder
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
    auto middle = middle_of(last, *object->data);
    bool whole = read_tree(middle.of(*object->data), repository_.hash_size, entries);
    if (!whole && last.data) {
      last.data = nullptr;
      middle = middle_of(last, *object->data);
      whole = read_tree(middle.of(*object->data), repository_.hash_size, entries);
    }
    if (!whole) wrong.try_emplace(tree, "damaged");
    if (depth > deepest_tree) wrong.try_emplace(tree, "folders nested too deeply");
    std::vector<Held> held;
    std::vector<std::size_t> held_at;
    if (const auto hit = hits_.find(tree); hit != hits_.end()) {
      held.push_back({"", &hit->second});
      held_at.push_back(itself);
    }
    keep_held(last, middle, held, held_at);
    for (const auto& entry : entries) {
      if (entry.is_submodule()) continue;
      if (!entry.is_tree())
        add_blob(entry, held);
      else if (depth <= deepest_tree)
        add_tree(entry, last, depth, held);
      held_at.resize(held.size(), middle.begin + entry.offset);
    }
    replace(last, middle, entries);
    last.data = whole ? object->data : nullptr;
    last.held_at = std::move(held_at);
    last.held = held.empty() ? nullptr : std::make_shared<const std::vector<Held>>(std::move(held));
    spare_ = std::move(entries);
    return held_[tree] = last.held;
  }

  // The entries that a folder does not share with its last version, as a range of the bytes of
  // both; and which of the last one's entries they were.
  struct Middle {
    std::size_t begin = 0, old_end = 0, end = 0;
    std::size_t first = 0, behind = 0;
    std::string_view of(std::string_view data) const { return data.substr(begin, end - begin); }
  };

  // Where both are the same bytes, entries begin at the same places: also behind the middle, when
  // what is in it can be read as whole entries.
  static Middle middle_of(const Folder& last, std::string_view data) {
    if (!last.data || last.starts.empty()) return {.end = data.size()};
    const std::string_view old = *last.data;
    const auto common = std::min(old.size(), data.size());
    const auto before = common_start(old.data(), data.data(), common);
    const auto after =
        common_end(old.data() + old.size(), data.data() + data.size(), common - before);
    const auto first = std::ranges::upper_bound(last.starts, before) - 1;
    const auto behind = std::ranges::lower_bound(last.starts, old.size() - after);
    Middle middle{.begin = *first,
                  .old_end = behind == last.starts.end() ? old.size() : *behind,
                  .first = static_cast<std::size_t>(first - last.starts.begin()),
                  .behind = static_cast<std::size_t>(behind - last.starts.begin())};
    middle.end = data.size() - (old.size() - middle.old_end);
    return middle;
  }

  // What is held by entries that are as they were. Told by their places: of a damaged folder two
  // entries may have one name, or a name a slash in it.
  static void keep_held(const Folder& last, const Middle& middle, std::vector<Held>& held,
                        std::vector<std::size_t>& held_at) {
    if (!last.data || !last.held) return;
    for (std::size_t i = 0; i < last.held->size(); ++i) {
      const auto at = last.held_at[i];
      if (at == itself || (at >= middle.begin && at < middle.old_end)) continue;
      held.push_back((*last.held)[i]);
      held_at.push_back(at < middle.begin ? at : at + middle.end - middle.old_end);
    }
  }

  static void replace(Folder& last, const Middle& middle, const std::vector<TreeEntry>& entries) {
    if (!last.data) last.starts.clear();
    auto& starts = last.starts;
    const auto at = [&](std::size_t i) { return starts.begin() + static_cast<std::ptrdiff_t>(i); };
    for (auto i = middle.behind; i < starts.size(); ++i)
      starts[i] += middle.end - middle.old_end;  // perhaps "less": unsigned, it comes out right
    std::vector<std::size_t> fresh;
    for (const auto& entry : entries) fresh.push_back(middle.begin + entry.offset);
    starts.erase(at(middle.first), at(middle.behind));
    starts.insert(at(middle.first), fresh.begin(), fresh.end());
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
    std::unordered_set<const ObjectHits*> objects;  // in `out`, once it has many places
    for (const auto& held : *below) {
      if (out.size() >= most_places) {
        if (objects.empty())
          for (const auto& one : out) objects.insert(one.object);
        if (!objects.insert(held.object).second) {
          wrong.try_emplace(entry.id, "the same again and again: not all places are named");
          continue;
        }
      }
      out.push_back({name + "/" + held.path, held.object});
    }
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

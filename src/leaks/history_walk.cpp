#include "leaks/history_walk.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "leaks/git_commit.hpp"

namespace locksmith::leaks {
namespace {

constexpr std::size_t most_refs = 32;  // named for each find

struct Commit {
  ObjectId id, tree;
  std::vector<std::uint32_t> parents;
  std::int64_t date = 0;
  std::uint8_t reach = 0;
};

// When the trees of the history were there: as places in the order of commits.
struct Span {
  std::uint32_t first = 0, last = 0;
  std::uint8_t reach = 0;
};

class Walk {
 public:
  Walk(const Repository& repository, ObjectStore& store, const HitObjects& hits,
       const KnownCommits& known, const Searcher& searcher, std::vector<SkippedObjects>& skipped,
       const SearchControl& control)
      : repository_(repository),
        store_(store),
        hits_(hits),
        known_(known),
        searcher_(searcher),
        skipped_(skipped),
        control_(control) {}

  std::vector<HistoryFind> run() {
    for (const auto& root : roots_of(repository_, skipped_)) add_root(root);
    read_commits();
    sort_commits();
    spread_reach();
    add_files();
    add_refs();
    add_commit_messages();
    add_dangling();
    std::vector<HistoryFind> out;
    for (auto& [key, find] : finds_) out.push_back(finish(find));
    for (auto& find : others_) out.push_back(std::move(find));
    if (missing_) add_skipped(skipped_, label(), missing_reason(), missing_);
    return out;
  }

 private:
  struct Building {
    HistoryFind find;
    Span span;
    const ObjectHits* newest = nullptr;
    std::set<ObjectId> versions;
  };

  bool stopped() const { return control_.stopped(); }
  std::string label() const {
    return repository_.name.empty() ? "objects" : "objects of " + repository_.name;
  }
  const char* missing_reason() const {
    return repository_.partial ? "promised, not here" : "missing";
  }

  // A key in a path or a name must not come out this way.
  std::string mask(std::string_view text) const {
    std::string out;
    std::size_t at = 0;
    searcher_.search(text, [&](const Hit& hit) {
      if (hit.offset < at) return;
      out += text.substr(at, hit.offset - at);
      out += "[key]";
      at = hit.offset + hit.length;
    });
    return out += text.substr(at);
  }

  // A tag leads to what it names, perhaps another tag.
  void add_root(const Root& root) {
    auto id = root.id;
    for (int depth = 0; depth < 16; ++depth) {
      if (const auto known = numbers_.find(id); known != numbers_.end())
        return add_tip(root, known->second);
      if (known_.contains(id)) return add_tip(root, number_of(id));
      const auto object = store_.read(id);
      if (!object) {
        if (missing_ids_.insert(id).second) ++missing_;
        return;
      }
      if (object->type == ObjectType::commit) return add_tip(root, number_of(id));
      if (object->type != ObjectType::tag) return add_loose_root(root, id);
      add_tag(root, id);
      const auto target = read_tag(*object->data, repository_.hash_size);
      if (!target) return add_skipped(skipped_, label(), "damaged");
      id = *target;
    }
  }

  void add_tip(const Root& root, std::uint32_t number) {
    commits_[number].reach |= root.reach;
    if (!root.name.empty() && root.reach != by_other) tips_.emplace_back(number, root.name);
  }

  // A branch, or rather a tag, that names a file or a folder.
  void add_loose_root(const Root& root, const ObjectId& id) {
    if (const auto hit = hits_.find(id); hit != hits_.end()) add_other(hit->second, root);
  }

  void add_tag(const Root& root, const ObjectId& id) {
    if (const auto hit = hits_.find(id); hit != hits_.end()) add_other(hit->second, root);
  }

  void add_other(const ObjectHits& object, const Root& root) {
    reached_.insert(object.id);
    for (const auto& hit : object.hits) {
      auto find = find_of(object, hit);
      find.reach = root.reach;
      if (!root.name.empty()) find.refs.push_back(mask(root.name));
      others_.push_back(std::move(find));
    }
  }

  std::uint32_t number_of(const ObjectId& id) {
    const auto [at, fresh] = numbers_.emplace(id, static_cast<std::uint32_t>(commits_.size()));
    if (fresh) commits_.push_back({.id = id});
    return at->second;
  }

  void read_commits() {
    std::size_t cut = 0;
    for (std::uint32_t i = 0; i < commits_.size() && !stopped(); ++i) {
      const auto facts = links_of(commits_[i].id);
      if (!facts) continue;
      commits_[i].tree = facts->tree;
      commits_[i].date = facts->committer_date;
      if (repository_.shallow.contains(commits_[i].id)) {
        cut += !facts->parents.empty();
        continue;
      }
      for (const auto& parent : facts->parents) {
        const auto number = number_of(parent);
        commits_[i].parents.push_back(number);
      }
    }
    if (cut) add_skipped(skipped_, "history", "a shallow clone: older commits are not here", cut);
  }

  std::optional<CommitLinks> links_of(const ObjectId& id) {
    if (const auto known = known_.find(id); known != known_.end()) return known->second;
    const auto object = store_.read(id);
    if (object && object->type == ObjectType::commit)
      if (auto facts = read_commit(*object->data, repository_.hash_size)) return *facts;
    object ? add_skipped(skipped_, label(), "damaged") : void(++missing_);
    return std::nullopt;
  }

  // Parents before children, else by date.
  void sort_commits() {
    std::vector<std::uint32_t> waiting(commits_.size());
    std::vector<std::vector<std::uint32_t>> children(commits_.size());
    for (std::uint32_t i = 0; i < commits_.size(); ++i) {
      waiting[i] = static_cast<std::uint32_t>(commits_[i].parents.size());
      for (const auto parent : commits_[i].parents) children[parent].push_back(i);
    }
    using Next = std::pair<std::int64_t, std::uint32_t>;
    std::priority_queue<Next, std::vector<Next>, std::greater<>> ready;
    for (std::uint32_t i = 0; i < commits_.size(); ++i)
      if (waiting[i] == 0) ready.emplace(commits_[i].date, i);
    while (!ready.empty()) {
      const auto i = ready.top().second;
      ready.pop();
      order_.push_back(i);
      for (const auto child : children[i])
        if (--waiting[child] == 0) ready.emplace(commits_[child].date, child);
    }
  }

  void spread_reach() {
    for (auto i = order_.rbegin(); i != order_.rend(); ++i)
      for (const auto parent : commits_[*i].parents) commits_[parent].reach |= commits_[*i].reach;
  }

  void add_files() {
    std::unordered_map<ObjectId, Span, ObjectIdHash> spans;
    for (std::uint32_t at = 0; at < order_.size(); ++at) {
      const auto& commit = commits_[order_[at]];
      if (commit.tree.size == 0) continue;
      auto& span = spans.try_emplace(commit.tree, Span{at, at, 0}).first->second;
      span.last = at;
      span.reach |= commit.reach;
    }
    // Neighbours in time are neighbours in the pack: in order, what a tree is made of is
    // remembered.
    std::vector<std::pair<ObjectId, Span>> sorted(spans.begin(), spans.end());
    std::ranges::sort(sorted, std::greater<>(), [](const auto& s) { return s.second.last; });
    std::vector<ObjectId> trees;
    for (const auto& [tree, span] : sorted) trees.push_back(tree);
    const auto held = held_by_trees(repository_, store_, hits_, trees, control_);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (!held.lists[i]) continue;
      held_[sorted[i].first] = held.lists[i];
      for (const auto& one : *held.lists[i]) add_file(one, sorted[i].second);
    }
    for (const auto& [id, reason] : held.wrong)
      if (!reason.empty())
        add_skipped(skipped_, label(), reason);
      else if (missing_ids_.insert(id).second)
        ++missing_;
  }

  void add_file(const Held& held, const Span& span) {
    reached_.insert(held.object->id);
    for (const auto& hit : held.object->hits) {
      auto& building = finds_[{hit.key, hit.disguise, held.object->type, held.path}];
      const bool fresh = !building.newest;
      if (fresh || span.last > building.span.last) {
        building.find = find_of(*held.object, hit);
        building.newest = held.object;
      }
      building.find.path = held.path;
      building.versions.insert(held.object->id);
      auto& all = building.span;
      all = fresh ? span
                  : Span{std::min(all.first, span.first), std::max(all.last, span.last),
                         static_cast<std::uint8_t>(all.reach | span.reach)};
    }
  }

  // Which branches and tags hold it still.
  void add_refs() {
    std::ranges::sort(tips_, {}, [](const auto& tip) { return tip.second; });
    for (const auto& [number, name] : tips_) {
      const auto held = held_.find(commits_[number].tree);
      if (held == held_.end()) continue;
      for (const auto& one : *held->second)
        for (const auto& hit : one.object->hits) {
          auto& refs = finds_[{hit.key, hit.disguise, one.object->type, one.path}].find.refs;
          if (refs.size() < most_refs && (refs.empty() || refs.back() != name))
            refs.push_back(name);
        }
    }
  }

  void add_commit_messages() {
    for (const auto number : order_) {
      const auto& commit = commits_[number];
      const auto hit = hits_.find(commit.id);
      if (hit == hits_.end()) continue;
      reached_.insert(commit.id);
      for (const auto& one : hit->second.hits) {
        auto find = find_of(hit->second, one);
        find.first = find.last = commit_of(commit.id);
        find.reach = commit.reach;
        others_.push_back(std::move(find));
      }
    }
  }

  void add_dangling() {
    for (const auto& [id, object] : hits_) {
      if (reached_.contains(id)) continue;
      for (const auto& hit : object.hits) {
        auto find = find_of(object, hit);
        if (!stopped()) find.stored = object.where;
        if (object.type == ObjectType::commit) find.first = find.last = commit_of(id);
        others_.push_back(std::move(find));
      }
    }
  }

  // What the object itself tells.
  HistoryFind find_of(const ObjectHits& object, const Hit& hit) {
    HistoryFind find;
    find.key = hit.key;
    find.disguise = hit.disguise;
    find.repository = repository_.name;
    find.object = object.id.hex();
    find.versions = 1;
    constexpr HistoryKind kinds[] = {HistoryKind::file, HistoryKind::commit_message,
                                     HistoryKind::file_name, HistoryKind::file,
                                     HistoryKind::tag_message};
    find.kind = kinds[static_cast<std::size_t>(object.type)];
    if (object.type == ObjectType::commit || object.type == ObjectType::tag)
      find.line = line_of(object, hit);
    return find;
  }

  std::size_t line_of(const ObjectHits& object, const Hit& hit) {
    const auto read = store_.read(object.id);
    if (!read || hit.offset > read->data->size()) return 0;
    std::size_t from = 0;
    if (object.type == ObjectType::commit || object.type == ObjectType::tag)
      from = std::min(read->data->find("\n\n"), read->data->size() - 2) + 2;  // the message
    if (hit.offset < from) return 0;
    const auto begin = read->data->begin();
    return 1 + static_cast<std::size_t>(std::count(begin + static_cast<std::ptrdiff_t>(from),
                                                   begin + static_cast<std::ptrdiff_t>(hit.offset),
                                                   '\n'));
  }

  HistoryFind finish(Building& building) {
    auto find = std::move(building.find);
    for (const auto& hit : building.newest->hits) {
      if (hit.key != find.key || hit.disguise != find.disguise) continue;
      if (find.kind == HistoryKind::file)
        find.line = line_of(*building.newest, hit);
      else
        find.path += name_at(building.newest->id, hit.offset);
    }
    find.path = mask(find.path);
    for (auto& ref : find.refs) ref = mask(ref);
    find.versions = building.versions.size();
    find.first = commit_of(commits_[order_[building.span.first]].id);
    find.last = commit_of(commits_[order_[building.span.last]].id);
    find.reach = building.span.reach;
    return find;
  }

  // The entry of a tree that the byte at `offset` belongs to.
  std::string name_at(const ObjectId& tree, std::size_t offset) {
    const auto object = store_.read(tree);
    std::vector<TreeEntry> entries;
    if (object) read_tree(*object->data, repository_.hash_size, entries);
    for (const auto& entry : entries)
      if (offset >= entry.offset && offset < entry.end) return std::string(entry.name);
    return {};
  }

  std::optional<HistoryCommit> commit_of(const ObjectId& id) {
    const auto object = store_.read(id);
    const auto facts = object ? read_commit(*object->data, repository_.hash_size) : std::nullopt;
    if (!facts) return std::nullopt;
    return HistoryCommit{id.hex(), mask(facts->author), facts->author_date,
                         facts->author_zone_minutes};
  }

  const Repository& repository_;
  ObjectStore& store_;
  const HitObjects& hits_;
  const KnownCommits& known_;
  const Searcher& searcher_;
  std::vector<SkippedObjects>& skipped_;
  const SearchControl& control_;

  std::vector<Commit> commits_;
  std::unordered_map<ObjectId, std::uint32_t, ObjectIdHash> numbers_;
  std::vector<std::uint32_t> order_;
  std::vector<std::pair<std::uint32_t, std::string>> tips_;
  std::unordered_map<ObjectId, HeldList, ObjectIdHash> held_;  // by root trees that hold any
  std::unordered_set<ObjectId, ObjectIdHash> reached_, missing_ids_;
  std::size_t missing_ = 0;
  std::map<std::tuple<std::size_t, Disguise, ObjectType, std::string>, Building> finds_;
  std::vector<HistoryFind> others_;  // that are in no tree
};

}  // namespace

std::vector<HistoryFind> walk_history(const Repository& repository, ObjectStore& store,
                                      const HitObjects& hits, const KnownCommits& commits,
                                      const Searcher& searcher,
                                      std::vector<SkippedObjects>& skipped,
                                      const SearchControl& control) {
  if (hits.empty() && !repository.partial && repository.shallow.empty()) return {};
  return Walk(repository, store, hits, commits, searcher, skipped, control).run();
}

}  // namespace locksmith::leaks

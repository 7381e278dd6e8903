#include "leaks/pack_search.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "leaks/pack_family.hpp"
#include "leaks/searcher_stream.hpp"

namespace locksmith::leaks {
namespace {

constexpr std::uint32_t no_base = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t held_by_all = 32 << 20;   // larger objects one at a time, or as a stream
constexpr std::uint64_t largest_held = 1u << 30;  // as the base of others
constexpr std::size_t most_pieces = 1 << 22;
constexpr std::uint64_t release_after = 64 << 20;
constexpr std::size_t most_commits = 1 << 17;  // kept, of each thread

// Entries by their place in the pack, each with those that are deltas upon it.
struct Families {
  struct Entry {
    std::uint64_t offset = 0;
    std::uint32_t index = 0;  // in the pack's index
    std::uint32_t base = no_base;
    std::uint32_t first_child = 0;  // in `children`; they end where the next entry's begin
    bool whole = false;
  };
  std::vector<Entry> entries;  // one more than there are
  std::vector<std::uint32_t> children;
  std::vector<std::uint32_t> orphans;  // whose base is not there, or who cannot be read

  std::size_t size() const { return entries.size() - 1; }
  std::uint64_t end(std::uint32_t entry) const { return entries[entry + 1].offset; }
};

std::uint32_t entry_at(const Families& families, std::uint64_t offset) {
  const auto last = families.entries.end() - 1;
  const auto found = std::ranges::lower_bound(families.entries.begin(), last, offset, {},
                                              &Families::Entry::offset);
  if (found == last || found->offset != offset) return no_base;
  return static_cast<std::uint32_t>(found - families.entries.begin());
}

void find_base(const Pack& pack, Families& families, std::uint32_t i) {
  auto& entry = families.entries[i];
  const auto header = pack.header(entry.offset);
  if (!header) return families.orphans.push_back(i);
  entry.whole = header->storage == Storage::whole;
  if (entry.whole) return;
  if (header->storage == Storage::offset_delta) {
    entry.base = entry_at(families, header->base_offset);
  } else if (const auto at = pack.index().find(header->base_id)) {
    if (const auto offset = pack.index().offset(*at)) entry.base = entry_at(families, *offset);
  }
  if (entry.base == no_base) families.orphans.push_back(i);
}

Families read_families(const Pack& pack, std::vector<SkippedObjects>& skipped) {
  Families families;
  std::size_t damaged = 0;
  for (std::uint32_t i = 0; i < pack.index().size(); ++i) {
    const auto offset = pack.index().offset(i);
    if (offset && *offset < pack.bytes().size())
      families.entries.push_back({*offset, i});
    else
      ++damaged;
  }
  if (damaged) add_skipped(skipped, pack.name(), "its index points outside of the pack", damaged);
  std::ranges::sort(families.entries, {}, &Families::Entry::offset);
  families.entries.push_back({pack.bytes().size()});
  const auto count = static_cast<std::uint32_t>(families.size());
  for (std::uint32_t i = 0; i < count; ++i) find_base(pack, families, i);
  for (std::uint32_t i = 0; i < count; ++i)
    if (const auto base = families.entries[i].base; base != no_base)
      ++families.entries[base + 1].first_child;
  for (std::uint32_t i = 0; i < count; ++i)
    families.entries[i + 1].first_child += families.entries[i].first_child;
  families.children.resize(families.entries[count].first_child);
  std::vector<std::uint32_t> next(count);
  for (std::uint32_t i = 0; i < count; ++i) next[i] = families.entries[i].first_child;
  for (std::uint32_t i = 0; i < count; ++i)
    if (const auto base = families.entries[i].base; base != no_base)
      families.children[next[base]++] = i;
  return families;
}

// What the threads share.
struct Work {
  const Pack& pack;
  const Searcher& searcher;
  const SearchControl& control;
  const Families& families;
  std::atomic<std::uint32_t> next = 0;
  std::atomic<std::uint64_t> done = 0, searched = 0, seen = 0;
  std::mutex mutex;  // of what follows, and of on_progress
  ObjectFinds finds;
  std::uint64_t told = 0, released = 0;
  std::mutex large;  // held by who holds a large object
};

class FamilySearch {
 public:
  explicit FamilySearch(Work& work) : work_(work), families_(work.families) {}

  void run() {
    constexpr std::uint32_t at_once = 16;
    const auto count = static_cast<std::uint32_t>(families_.size());
    while (!work_.control.stopped()) {
      const auto begin = work_.next.fetch_add(at_once);
      if (begin >= count) break;
      for (auto i = begin; i < std::min(begin + at_once, count); ++i)
        if (families_.entries[i].whole) search(i);
      tell();
    }
    const std::scoped_lock lock(work_.mutex);
    auto& all = work_.finds;
    all.objects.insert(all.objects.end(), std::make_move_iterator(found_.begin()),
                       std::make_move_iterator(found_.end()));
    all.commits.insert(all.commits.end(), std::make_move_iterator(commits_.begin()),
                       std::make_move_iterator(commits_.end()));
    for (auto& s : skipped_) add_skipped(all.skipped, s.what, s.reason, s.count);
  }

  void skip(std::uint32_t entry, const std::string& reason) {
    std::vector<std::uint32_t> rest{entry};
    std::size_t count = 0;
    while (!rest.empty()) {
      const auto one = rest.back();
      rest.pop_back();
      ++count;
      for (auto c = families_.entries[one].first_child; c < families_.entries[one + 1].first_child;
           ++c)
        rest.push_back(families_.children[c]);
    }
    work_.seen += count;
    add_skipped(skipped_, work_.pack.name(), reason, count);
  }

 private:
  std::string_view compressed(std::uint32_t entry, const EntryHeader& header) const {
    const auto end = families_.end(entry);
    return header.data < end ? work_.pack.bytes().substr(header.data, end - header.data)
                             : std::string_view();
  }
  Member& member(std::size_t depth) {
    while (members_.size() <= depth) members_.emplace_back();
    return members_[depth];
  }

  void search(std::uint32_t root) {
    const auto header = work_.pack.header(families_.entries[root].offset);
    type_ = header->type;
    const auto bytes = compressed(root, *header);
    const bool alone =
        families_.entries[root].first_child == families_.entries[root + 1].first_child;
    std::unique_lock<std::mutex> large(work_.large, std::defer_lock);
    if (header->size > held_by_all) {
      if (alone) return search_stream(root, bytes, header->size);
      if (header->size > largest_held)
        return skip(root, "larger than 1 GiB, and others are deltas upon it");
      large.lock();
    }
    auto& first = member(0);
    if (!inflate(bytes, header->size, first)) return skip(root, "damaged");
    first.pieces.clear();
    first.pieces.append(first.data.bytes());
    find_candidates(work_.searcher, first);
    conclude(root, first);
    if (!alone) descend(root);
    for (auto& m : members_)
      if (m.data.capacity() > 1 << 20) m.data.drop();
  }

  // Depth first: what is made of an object comes while the object is at hand.
  void descend(std::uint32_t root) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> line{
        {root, families_.entries[root].first_child}};
    while (!line.empty() && !work_.control.stopped()) {
      auto& [entry, next] = line.back();
      if (next == families_.entries[entry + 1].first_child) {
        line.pop_back();
        continue;
      }
      const auto child = families_.children[next++];
      if (search_delta(child, line.size()))
        line.emplace_back(child, families_.entries[child].first_child);
    }
  }

  bool search_delta(std::uint32_t entry, std::size_t depth) {
    const auto header = work_.pack.header(families_.entries[entry].offset);
    auto& self = member(depth);
    const auto& base = members_[depth - 1];
    if (!inflate(compressed(entry, *header), header->size, self) ||
        !read_delta(self.data.bytes(), base.pieces.size(), delta_))
      return skip(entry, "damaged"), false;
    self.pieces.clear();
    for (const auto& step : delta_.steps) {
      if (step.insert)
        self.pieces.append({step.insert, step.length});
      else
        self.pieces.append(base.pieces, step.offset, step.length);
      if (self.pieces.count() > most_pieces) return skip(entry, "in too many pieces"), false;
    }
    find_candidates(work_.searcher, delta_, base, self);
    conclude(entry, self);
    return true;
  }

  bool inflate(std::string_view bytes, std::uint64_t size, Member& into) {
    return size <= largest_held && Inflater::plausible(bytes, size) &&
           inflater_.inflate(bytes, into.data.room(size), size);
  }

  void search_stream(std::uint32_t entry, std::string_view bytes, std::uint64_t size) {
    std::vector<Hit> hits;
    StreamSearch stream(work_.searcher, [&](Hit hit, std::uint64_t place, std::string_view) {
      hit.offset = place;
      add_hit(hits, hit);
    });
    std::uint64_t since_release = 0;
    const bool whole = inflate_stream(bytes, size, [&](std::string_view piece) {
      stream.add(piece);
      since_release += piece.size();
      if (since_release > 4 * release_after) work_.pack.release(), since_release = 0;
      return !work_.control.stopped();
    });
    stream.finish();
    if (!whole && !work_.control.stopped()) add_skipped(skipped_, work_.pack.name(), "damaged");
    count(entry, std::move(hits));
  }

  void conclude(std::uint32_t entry, const Member& self) {
    if (type_ == ObjectType::commit) keep_commit(entry, self);
    if (self.candidates.empty() && !self.everywhere) return count(entry, {});
    count(entry, find_hits(work_.searcher, self));
  }

  void keep_commit(std::uint32_t entry, const Member& self) {
    if (commits_.size() >= most_commits) return;
    const auto id = work_.pack.index().id(families_.entries[entry].index);
    if (auto facts = read_commit(self.pieces.view(0, self.pieces.size(), scratch_), id.size))
      commits_.emplace_back(id, std::move(*facts));
  }

  void count(std::uint32_t entry, std::vector<Hit> hits) {
    const auto offset = families_.entries[entry].offset;
    done_ += families_.end(entry) - offset;
    ++searched_;
    if (hits.empty()) return;
    found_.push_back({work_.pack.index().id(families_.entries[entry].index), type_,
                      work_.pack.name(), std::move(hits)});
  }

  void tell() {
    const auto done = work_.done += std::exchange(done_, 0);
    work_.seen += searched_;
    work_.searched += std::exchange(searched_, 0);
    const std::unique_lock lock(work_.mutex, std::try_to_lock);
    if (!lock || done < work_.told + (1 << 20)) return;
    work_.told = done;
    if (work_.control.on_progress) work_.control.on_progress(done, work_.pack.bytes().size());
    if (done < work_.released + release_after) return;
    work_.released = done;
    work_.pack.release();
  }

  Work& work_;
  const Families& families_;
  Inflater inflater_;
  ObjectType type_ = ObjectType::none;
  std::deque<Member> members_;  // the line of descent
  Delta delta_;
  std::vector<ObjectHits> found_;
  std::vector<std::pair<ObjectId, CommitLinks>> commits_;
  std::string scratch_;
  std::vector<SkippedObjects> skipped_;
  std::uint64_t done_ = 0, searched_ = 0;
};

}  // namespace

void add_skipped(std::vector<SkippedObjects>& skipped, std::string what, std::string reason,
                 std::size_t count) {
  for (auto& s : skipped)
    if (s.what == what && s.reason == reason) {
      s.count += count;
      return;
    }
  skipped.push_back({std::move(what), std::move(reason), count});
}

void add_hit(std::vector<Hit>& hits, const Hit& hit) {
  for (const auto& h : hits)
    if (h.key == hit.key && h.disguise == hit.disguise) return;
  hits.push_back(hit);
}

ObjectFinds search_pack(const Pack& pack, const Searcher& searcher, const SearchControl& control) {
  std::vector<SkippedObjects> skipped;
  const auto families = read_families(pack, skipped);
  Work work{pack, searcher, control, families};
  work.finds.skipped = std::move(skipped);
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < control.threads; ++i)
      threads.emplace_back([&] { FamilySearch(work).run(); });
    FamilySearch here(work);
    for (const auto orphan : families.orphans)
      here.skip(orphan, families.entries[orphan].base == no_base && !families.entries[orphan].whole
                            ? "its base is not in the pack, or it is damaged"
                            : "damaged");
    here.run();
  }
  work.finds.searched = work.searched;
  if (!control.stopped() && work.seen < families.size())
    add_skipped(work.finds.skipped, pack.name(), "deltas upon each other in a circle",
                families.size() - work.seen);
  return std::move(work.finds);
}

}  // namespace locksmith::leaks

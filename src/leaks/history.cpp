#include "leaks/history.hpp"

#include <algorithm>
#include <utility>

#include "leaks/history_walk.hpp"
#include "leaks/objects.hpp"

namespace locksmith::leaks {
namespace {

// The packs of the repository and its submodules are one length of work.
struct Progress {
  const HistoryOptions& options;
  std::uint64_t before = 0, total = 0;

  SearchControl control() const {
    SearchControl control{std::max(1u, options.threads), {}, options.stop};
    if (options.on_progress)
      control.on_progress = [this](std::uint64_t done, std::uint64_t) {
        options.on_progress(before + done, total);
      };
    return control;
  }
};

struct Part {
  Repository repository;
  ObjectStore store;
};

void take(ObjectFinds found, HitObjects& hits, KnownCommits& commits, HistoryFinds& finds) {
  finds.objects += found.searched;
  for (auto& s : found.skipped) add_skipped(finds.skipped, s.what, s.reason, s.count);
  for (auto& object : found.objects) {
    const auto id = object.id;
    hits.try_emplace(id, std::move(object));
  }
  commits.insert(std::make_move_iterator(found.commits.begin()),
                 std::make_move_iterator(found.commits.end()));
}

void search_part(Part& part, const Searcher& searcher, Progress& progress, HistoryFinds& finds) {
  HitObjects hits;
  KnownCommits commits;
  const auto control = progress.control();
  for (const auto& pack : part.store.packs()) {
    take(search_pack(pack, searcher, control), hits, commits, finds);
    progress.before += pack.bytes().size();
  }
  const auto loose = loose_files(part.repository, part.store, finds.skipped);
  take(search_loose(loose, searcher, control), hits, commits, finds);
  auto found =
      walk_history(part.repository, part.store, hits, commits, searcher, finds.skipped, control);
  finds.finds.insert(finds.finds.end(), std::make_move_iterator(found.begin()),
                     std::make_move_iterator(found.end()));
}

}  // namespace

Result<HistoryFinds> search_history(const std::string& path, const Searcher& searcher,
                                    const HistoryOptions& options) {
  auto opened = open_repository(path);
  if (!opened) return std::unexpected(opened.error());
  HistoryFinds finds;
  std::vector<Repository> repositories;
  repositories.push_back(std::move(*opened));
  for (auto& submodule : submodules_of(repositories[0], finds.skipped))
    repositories.push_back(std::move(submodule));
  std::vector<Part> parts;
  Progress progress{options};
  for (auto& repository : repositories) {
    for (auto& s : repository.skipped) add_skipped(finds.skipped, s.what, s.reason, s.count);
    ObjectStore store(repository, finds.skipped);
    for (const auto& pack : store.packs()) progress.total += pack.bytes().size();
    parts.push_back({std::move(repository), std::move(store)});
  }
  for (auto& part : parts) search_part(part, searcher, progress, finds);
  finds.stopped = options.stop && options.stop->load();
  return finds;
}

}  // namespace locksmith::leaks

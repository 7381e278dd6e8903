// Unpacks each object, in the order in which they stand in their pack: a delta and its base are
// near each other. Two threads or more, each with a share of every pack.
#include "leaks/any_history.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "leaks/git_repository.hpp"
#include "leaks/objects.hpp"

namespace locksmith::leaks {
namespace {

struct Shown {
  const Detector& detector;
  const std::stop_token& stop;
  std::atomic<std::uint64_t> done = 0;

  void show(ObjectStore& store, const ObjectId& id) {
    const auto object = store.read(id);
    ++done;
    if (!object || object->type == ObjectType::tree || !object->data) return;
    detector.search(*object->data, [](const Hit&) {});
  }
};

std::vector<ObjectId> objects_of(const Repository& repository, ObjectStore& store,
                                 std::vector<SkippedObjects>& skipped) {
  std::vector<ObjectId> ids;
  for (const Pack& pack : store.packs()) {
    std::vector<std::pair<std::uint64_t, ObjectId>> entries;
    for (std::uint32_t i = 0; i < pack.index().size(); ++i) {
      if (const auto offset = pack.index().offset(i))
        entries.emplace_back(*offset, pack.index().id(i));
    }
    std::ranges::sort(entries, {}, &std::pair<std::uint64_t, ObjectId>::first);
    for (const auto& entry : entries) ids.push_back(entry.second);
  }
  for (const LooseFile& file : loose_files(repository, store, skipped)) ids.push_back(file.id);
  return ids;
}

void show_all(const Repository& repository, const std::vector<ObjectId>& ids, Shown& shown,
              const std::function<void(std::uint64_t, std::uint64_t)>& on_progress) {
  const std::size_t count = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < count; ++t) {
    threads.emplace_back([&, t] {
      std::vector<SkippedObjects> skipped;
      ObjectStore store(repository, skipped);
      const std::size_t from = ids.size() * t / count, to = ids.size() * (t + 1) / count;
      for (std::size_t i = from; i < to && !shown.stop.stop_requested(); ++i) {
        shown.show(store, ids[i]);
        if (t == 0 && i % 512 == 0 && on_progress) on_progress(shown.done, ids.size());
      }
    });
  }
}

}  // namespace

Result<std::uint64_t> show_history(
    const std::string& path, const Detector& detector, const std::stop_token& stop,
    const std::function<void(std::uint64_t, std::uint64_t)>& on_progress) {
  auto opened = open_repository(path);
  if (!opened) return std::unexpected(opened.error());
  std::vector<SkippedObjects> skipped;
  std::vector<Repository> all = submodules_of(*opened, skipped);
  all.push_back(std::move(*opened));
  Shown shown{detector, stop};
  for (const Repository& repository : all) {
    ObjectStore store(repository, skipped);
    show_all(repository, objects_of(repository, store, skipped), shown, on_progress);
  }
  return shown.done.load();
}

}  // namespace locksmith::leaks

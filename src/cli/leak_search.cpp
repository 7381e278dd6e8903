#include "cli/leak_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <stop_token>
#include <thread>

#include "base/text.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "leaks/any_history.hpp"
#include "leaks/repositories.hpp"
#include "leaks/shell_history.hpp"
#include "leaks/staged.hpp"
#include "leaks/tree.hpp"

namespace locksmith::cli {
namespace {

void show_tree_progress(const leaks::Progress& now) {
  show_progress(fmt::format("{}, {} MB searched, {}, {} to go", base::count_of(now.files, "file"),
                            now.bytes / 1'000'000, base::count_of(now.finds, "copy", "copies"),
                            base::count_of(now.folders_left, "folder")));
}

void show_history_progress(const std::string& name, std::uint64_t done, std::uint64_t total) {
  if (total == 0) return;
  show_progress(
      fmt::format("the history of {}: {} % searched", name, std::min(done, total) * 100 / total));
}

std::string variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value ? value : "";
}

// Without a PATH: what stands here, and what was typed.
std::vector<leaks::TreeOptions::Start> starts(const LeakSearch& search) {
  std::vector<leaks::TreeOptions::Start> out;
  for (const std::string& path : search.paths) out.push_back({path, leaks::Where::file});
  if (search.paths.empty()) out.push_back({".", leaks::Where::file});
  if (search.shell_histories.value_or(search.paths.empty())) {
    for (std::string& path : leaks::shell_histories(variable)) {
      out.push_back({std::move(path), leaks::Where::shell_history});
    }
  }
  if (search.logs) {
    for (std::string& path : leaks::log_places(variable)) {
      out.push_back({std::move(path), leaks::Where::log});
    }
  }
  return out;
}

Result<void> search_files(const LeakSearch& search, const leaks::Detector& detector,
                          const Interruption& interruption, leaks::Report& report) {
  if (search.staged) {
    auto tally = leaks::search_staged(detector, ".", {}, interruption.token());
    if (!tally) return std::unexpected(tally.error());
    report.tally = std::move(*tally);
    return {};
  }
  report.tally = leaks::search_tree(
      detector,
      {.starts = starts(search), .stop = interruption.token(), .progress = show_tree_progress});
  show_progress({});
  return {};
}

std::vector<std::string> repositories(const LeakSearch& search, const leaks::Report& report) {
  if (!search.history || search.staged) return {};
  const std::vector<std::string> here{"."};
  return leaks::repositories_of(search.paths.empty() ? here : search.paths,
                                report.tally.repositories);
}

void search_histories(const std::vector<std::string>& paths, const leaks::Searcher& searcher,
                      const Interruption& interruption, leaks::Report& report) {
  std::atomic<bool> stop = false;
  const std::stop_callback on_stop(interruption.token(), [&] { stop = true; });
  for (const std::string& path : paths) {
    if (stop) return;
    const std::string name = leaks::repository_name(path);
    auto found = leaks::search_history(
        path, searcher,
        {.threads = std::clamp(std::thread::hardware_concurrency(), 1u, 16u),
         .on_progress = [&](auto done, auto total) { show_history_progress(name, done, total); },
         .stop = &stop});
    show_progress({});
    if (found) {
      report.repositories.push_back({name, std::move(*found)});
    } else {
      report.tally.skipped.add(leaks::Reason::unreadable, path, found.error().message);
    }
  }
}

}  // namespace

Result<void> search_keys(const LeakSearch& search, const leaks::Searcher& searcher,
                         leaks::Report& report) {
  const Interruption interruption;
  if (auto done = search_files(search, leaks::KeyDetector(searcher), interruption, report); !done) {
    return done;
  }
  search_histories(repositories(search, report), searcher, interruption, report);
  report.interrupted = interruption.happened();
  return {};
}

// The keys of a history are looked at first, and then for: who wrote them, and when.
Result<void> search_any(const LeakSearch& search, const leaks::AnyDetector& detector,
                        leaks::Report& report) {
  const Interruption interruption;
  if (auto done = search_files(search, detector, interruption, report); !done) return done;
  const std::vector<std::string> paths = repositories(search, report);
  for (const std::string& path : paths) {
    const std::string name = leaks::repository_name(path);
    // Who cannot be opened is reported below.
    (void)leaks::show_history(path, detector, interruption.token(), [&](auto done, auto total) {
      show_history_progress(name, done, total);
    });
  }
  std::vector<base::Secret> keys;
  for (const auto& seen : detector.seen()) keys.push_back(seen.value);
  if (!keys.empty()) search_histories(paths, leaks::Searcher(keys), interruption, report);
  report.interrupted = interruption.happened();
  return {};
}

}  // namespace locksmith::cli

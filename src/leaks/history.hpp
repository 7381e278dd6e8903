// Searches the whole history of a git repository: every object of every branch, tag, stash and
// reflog, those that nothing names any more, and submodules.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "leaks/git_id.hpp"
#include "leaks/git_repository.hpp"
#include "leaks/searcher.hpp"

namespace locksmith::leaks {

struct HistoryCommit {
  std::string id;         // hexadecimal
  std::string author;     // "Ada <ada@example.com>", as the commit has it
  std::int64_t date = 0;  // the author's, seconds since 1970
  int zone_minutes = 0;   // the author's, east of UTC
};

enum class HistoryKind {
  file,            // in a file's content
  file_name,       // in the name of a file or folder
  commit_message,  // anywhere in a commit object
  tag_message,     // anywhere in a tag object
};

// One key in one disguise in one place: for a file, in all its versions.
struct HistoryFind {
  std::size_t key = 0;
  Disguise disguise = Disguise::plain;
  HistoryKind kind = HistoryKind::file;
  std::string repository;    // the submodule's name; empty for the repository itself
  std::string path;          // in the repository; a key in it is replaced by "[key]"
  std::size_t line = 0;      // in the newest version that holds it, from 1; 0 when not known
  std::string object;        // the newest version that holds it, hexadecimal
  std::size_t versions = 0;  // how many versions of the file hold it
  std::optional<HistoryCommit> first;  // the oldest commit that holds it; nothing when dangling
  std::optional<HistoryCommit> last;   // the newest
  std::uint8_t reach = 0;              // of these commits: from where (Reach)
  bool published() const { return reach & by_remote; }
  std::vector<std::string> refs;  // branches and tags that hold it still
  // When no commit holds it: the pack it is in, or "loose". Empty and without commits is a find of
  // a search that was stopped: where it is was not looked at any more.
  std::string stored;
};

struct HistoryFinds {
  std::vector<HistoryFind> finds;
  std::vector<SkippedObjects> skipped;
  std::uint64_t objects = 0;  // searched
  bool stopped = false;       // before the end: what was found so far, perhaps without commits
};

struct HistoryOptions {
  unsigned threads = 2;
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  // bytes of packs
  const std::atomic<bool>* stop = nullptr;
};

// `path` is a work tree, a bare repository or a .git. (git_dir_of() says whether it is one.)
Result<HistoryFinds> search_history(const std::string& path, const Searcher& searcher,
                                    const HistoryOptions& options = {});

}  // namespace locksmith::leaks

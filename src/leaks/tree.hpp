// Searches files and folders: every regular file, ignored or not, by as many threads as there are
// processors.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "leaks/archive.hpp"
#include "leaks/detector.hpp"
#include "leaks/find.hpp"

namespace locksmith::leaks {

struct Progress {
  std::uint64_t files = 0, bytes = 0, finds = 0;
  std::uint64_t folders_left = 0;  // that are known of
};

struct TreeOptions {
  struct Start {
    std::string path;  // a file or a folder; a symbolic link is followed here, and only here
    Where where = Where::file;
  };
  std::vector<Start> starts;
  ArchiveLimits archives;
  unsigned threads = 0;  // 0: one per processor
  std::stop_token stop;
  std::function<void(const Progress&)> progress;  // several times a second
};

// The finds are in the order of their paths. A path that is named and cannot be read is among the
// skipped.
Tally search_tree(const Detector& detector, const TreeOptions& options);

}  // namespace locksmith::leaks

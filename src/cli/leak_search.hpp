// The searches of `locksmith leaks`, one after the other, with their progress and Ctrl-C.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "leaks/any.hpp"
#include "leaks/report.hpp"
#include "leaks/searcher.hpp"

namespace locksmith::cli {

struct LeakSearch {
  std::vector<std::string> paths;
  bool staged = false;  // and nothing else
  bool history = true;  // of git
  bool logs = false;
  std::optional<bool> shell_histories;  // by default when no path is named
};

// What was found becomes part of the report. Ctrl-C ends the search and not the program.
Result<void> search_keys(const LeakSearch& search, const leaks::Searcher& searcher,
                         leaks::Report& report);
Result<void> search_any(const LeakSearch& search, const leaks::AnyDetector& detector,
                        leaks::Report& report);

}  // namespace locksmith::cli

// Searches what `git commit` would write: the contents that are staged, for a pre-commit hook.
#pragma once

#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "leaks/archive.hpp"
#include "leaks/detector.hpp"
#include "leaks/find.hpp"

namespace locksmith::leaks {

// Of the repository around `folder`, or the one that GIT_DIR and GIT_INDEX_FILE name, as in a hook.
// Every file that differs from HEAD is searched as a whole. Errors: unreadable, when there is no
// repository.
Result<Tally> search_staged(const Detector& detector, const std::string& folder,
                            const ArchiveLimits& limits, std::stop_token stop);

}  // namespace locksmith::leaks

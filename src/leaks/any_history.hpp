// Shows every object of a git repository to a detector: for --any, whose keys are not known before.
// Where they stand is then the search of the history's business, which needs the keys.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "leaks/detector.hpp"

namespace locksmith::leaks {

// How many objects were read; the detector remembers what it saw. `path` as in search_history().
Result<std::uint64_t> show_history(
    const std::string& path, const Detector& detector, const std::stop_token& stop,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& on_progress);

}  // namespace locksmith::leaks

// One sentence for each check that failed, and what mends it. Internal to problem.cpp and
// trace.cpp.
#pragma once

#include <string>

#include "authority/decide.hpp"

namespace locksmith::authority {

// What a refusal is made from.
struct Telling {
  const Snapshot& snapshot;
  const Request& request;
  const Decision& decision;
  Instant now;
};

struct Words {
  std::string fact;  // "The key expired on 2026-05-03T00:00:00Z, 202 days ago."
  std::string fix;   // "Extend it: locksmith keys change key_… --expires …"; may be empty
};
Words words_of(const Telling& telling, Check check, Cause cause);

std::string_view name_of(Check check);  // "validity"

// Scopes that are required and not granted.
std::vector<std::string> missing_scopes(const Telling& telling);

}  // namespace locksmith::authority

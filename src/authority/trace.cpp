// The trace of a decision: every check with what it saw.
#include <fmt/format.h>

#include "authority/problem.hpp"
#include "authority/problem_words.hpp"

namespace locksmith::authority {

std::string_view name_of_check(Check check) { return name_of(check); }

std::vector<Step> trace(const Snapshot& snapshot, const Request& request, const Decision& decision,
                        Instant now) {
  const Telling t{snapshot, request, decision, now};
  std::vector<Step> out;
  for (std::size_t i = 0; i < check_count; ++i) {
    Step step{static_cast<Check>(i), decision.made[i], !decision.failed[i], {}};
    if (!step.passed) step.saw = words_of(t, step.check, decision.causes[i]).fact;
    out.push_back(std::move(step));
  }
  return out;
}

std::string single_change(const Snapshot& snapshot, const Request& request,
                          const Decision& decision, Instant now) {
  if (decision.failed.count() != 1) return {};
  return words_of({snapshot, request, decision, now}, decision.failed_first, decision.cause).fix;
}

}  // namespace locksmith::authority

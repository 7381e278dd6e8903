// Two requests tried for real: is it still so, and which of their differences makes it so?
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compare/bisect.hpp"
#include "compare/compare.hpp"
#include "compare/trial.hpp"

namespace locksmith::compare {

// What to look at when the requests themselves do not tell.
std::vector<std::string> beyond_the_request();

// Writes what it finds out into the report. `units` are those of `trials`.
class Experiment {
 public:
  Experiment(Report& report, const std::vector<Unit>& units, Trials& trials)
      : report_(report), units_(units), trials_(trials) {}

  // GOOD works now and BAD is refused now; false when that is not so, which ends the experiment.
  bool confirm(http::Exchange& refused);
  void bisect(std::size_t budget);

 private:
  bool unreachable(const Error& error);
  void same_but_refused();
  // All differences of a unit are named: they could not be mixed.
  void name(const Subset& units);
  void conclude(const Bisection& found, std::size_t budget);
  void conclude_narrowed(const Guilt& guilt, std::size_t budget);
  std::string left_out_names() const;

  Report& report_;
  const std::vector<Unit>& units_;
  Trials& trials_;
};

}  // namespace locksmith::compare

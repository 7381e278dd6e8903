// The places of a variable, for people and for machines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "whereabouts/verdict.hpp"

namespace locksmith::report {

// One variable that was asked for.
struct Variable {
  std::string name;
  whereabouts::Places places;
  whereabouts::Verdict verdict;
  // The values that the places were compared by, in the order in which they were met.
  std::vector<base::Secret> values() const;
};

struct Survey {
  std::vector<Variable> variables;
  std::vector<whereabouts::Skipped> skipped;
  std::size_t processes = 0, closed_processes = 0;
  std::optional<base::Secret> replacement;  // of a checklist: what each place is to have
  base::Time now;
};
// Sorts what was found by the names that were asked for.
Survey survey(whereabouts::Whereabouts found, const std::vector<std::string>& names,
              base::Time now);

struct SurveyStyle {
  bool color = false;
  std::size_t width = 80;
  bool checklist = false;
  bool verbose = false;  // lists what was left out
};
std::string to_text(const Survey& survey, const SurveyStyle& style);
std::string to_json(const Survey& survey);

}  // namespace locksmith::report

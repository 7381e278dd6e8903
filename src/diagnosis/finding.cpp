#include "diagnosis/finding.hpp"

#include <cmath>
#include <map>
#include <utility>

namespace locksmith::diagnosis {

void count_once(Findings& findings) {
  std::map<std::pair<std::string_view, std::string_view>, double> told;  // by fact and cause
  for (Finding& finding : findings) {
    if (finding.fact.empty()) continue;
    for (catalogue::Weight& weight : finding.weights) {
      double& before = told[{finding.fact, weight.cause}];
      const double now = std::abs(weight.decibans) > std::abs(before) ? weight.decibans : before;
      weight.decibans = now - before;
      before = now;
    }
    std::erase_if(finding.weights, [](const auto& weight) { return weight.decibans == 0; });
  }
}

}  // namespace locksmith::diagnosis

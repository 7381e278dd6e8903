// One observed fact, where it was seen, and how much it says for or against causes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace locksmith::diagnosis {

struct Finding {
  std::string id;     // stable, for machines: "credential.white-space", "response.refusal"
  std::string place;  // "Authorization header, byte 57", "response body, /error/code"
  std::string text;   // one sentence, without any secret
  std::vector<catalogue::Weight> weights;  // causes by slug; views of the catalogue or of literals
  std::string source;                      // URL of the rule that it rests on; may be empty
  std::vector<std::string> fix;            // commands that mend exactly this; may be empty
  std::string look_next;                   // what would tell the causes apart; may be empty
  // What it tells, where a server may tell it in several places: in its body, in a header. A view
  // of the catalogue or of a literal; empty: nobody else tells it.
  std::string_view fact = {};
};
using Findings = std::vector<Finding>;

// Weights add up only where findings are independent: of a fact that several tell, the strongest
// weight counts for each cause. What is told first keeps its weight, the next adds its surplus.
// Such a finding lists a cause once.
void count_once(Findings& findings);

// What a finding says of one cause, in decibans; 0 when it says nothing of it.
inline double weight_for(const Finding& finding, std::string_view cause) {
  double sum = 0;
  for (const catalogue::Weight& weight : finding.weights) {
    if (weight.cause == cause) sum += weight.decibans;
  }
  return sum;
}

// Weights that inspectors use, so that the same strength has the same figure everywhere.
inline constexpr double decisive = 40;  // hardly ever seen with another cause
inline constexpr double strong = 28;
inline constexpr double clear = 18;
inline constexpr double moderate = 10;
inline constexpr double weak = 5;

}  // namespace locksmith::diagnosis

// What would be asked, and why, without asking: locksmith why --plan.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "doctor/doctor.hpp"

namespace locksmith::doctor {

struct PlannedRequest {
  std::string probe, reason;  // a sentence
  std::string method, url;    // the URL without query and credentials
  double gain_bits = 0;       // expected; of the failing request itself nothing is said
};

// The failing request itself first, then every probe that applies, is allowed and is worth its
// request, best first, as things stand: after each answer the doctor decides anew. Without a known
// answer the probabilities are those of a refusal of unknown status.
std::vector<PlannedRequest> plan(const Question& question, const catalogue::Catalogue& catalogue,
                                 const Options& options);

std::string plan_as_text(const std::vector<PlannedRequest>& plan, std::size_t budget);
std::string plan_as_json(const std::vector<PlannedRequest>& plan, std::size_t budget);

}  // namespace locksmith::doctor

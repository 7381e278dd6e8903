// The heart of the doctor: findings and priors in, ranked causes out. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "diagnosis/finding.hpp"

namespace locksmith::diagnosis {

struct Candidate {
  const catalogue::Cause* cause = nullptr;
  double decibans = 0;                                // prior plus the weights of all findings
  double probability = 0;                             // softmax over all candidates
  std::vector<const Finding*> evidence_for, against;  // strongest first; views of the input
  bool excluded = false;                              // the evidence rules it out: see `against`
};

struct Diagnosis {
  std::vector<Candidate> causes;  // ranked, likeliest first, every cause of the catalogue
  bool determined = false;        // the leader is likely enough, and far enough ahead, to be named
  std::string look_next;          // when it is not: the one observation that would settle it

  const Candidate& leader() const { return causes.front(); }
};

// The leader is named at this probability or more …
inline constexpr double naming_probability = 0.5;
// … and when it is at least this far ahead of the second, in decibans.
inline constexpr double naming_lead_decibans = 3.0;
// A cause that lies this far behind the leader because of a finding against it is excluded.
inline constexpr double exclusion_decibans = 20.0;

// `status` is the refusal's; 0 when there was none. `findings` must outlive the result.
Diagnosis diagnose(std::span<const Finding> findings, const catalogue::Catalogue& catalogue,
                   int status);

}  // namespace locksmith::diagnosis

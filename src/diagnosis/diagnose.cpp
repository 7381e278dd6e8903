#include "diagnosis/diagnose.hpp"

#include <algorithm>
#include <cmath>

namespace locksmith::diagnosis {
namespace {

Candidate weigh(const catalogue::Cause& cause, std::span<const Finding> findings, int status) {
  Candidate candidate{.cause = &cause, .decibans = cause.prior(status)};
  std::vector<std::pair<double, const Finding*>> weighed;
  for (const Finding& finding : findings) {
    const double decibans = weight_for(finding, cause.slug);
    if (decibans != 0) weighed.emplace_back(decibans, &finding);
  }
  std::ranges::stable_sort(weighed, [](const auto& a, const auto& b) {
    return std::pair(std::abs(a.first), a.first) > std::pair(std::abs(b.first), b.first);
  });
  // Summed in sorted order: a sum of fractions depends on its order, and a tie must not.
  for (const auto& [decibans, finding] : weighed) {
    candidate.decibans += decibans;
    (decibans > 0 ? candidate.evidence_for : candidate.against).push_back(finding);
  }
  return candidate;
}

// Softmax over decibans: p ∝ 10^(d/10). The leader's exponent is 0, so nothing overflows.
void normalize(std::vector<Candidate>& ranked) {
  double sum = 0;
  for (Candidate& candidate : ranked) {
    candidate.probability = std::pow(10, (candidate.decibans - ranked.front().decibans) / 10);
    sum += candidate.probability;
  }
  for (Candidate& candidate : ranked) candidate.probability /= sum;
}

std::string next_look(const Diagnosis& diagnosis) {
  // What a finding behind the leader asks for is closer to the case than the leader's general
  // advice.
  for (const Finding* finding : diagnosis.leader().evidence_for) {
    if (!finding->look_next.empty()) return finding->look_next;
  }
  return std::string(diagnosis.leader().cause->look_next);
}

}  // namespace

Diagnosis diagnose(std::span<const Finding> findings, const catalogue::Catalogue& catalogue,
                   int status) {
  Diagnosis diagnosis;
  diagnosis.causes.reserve(catalogue.causes.size());
  for (const catalogue::Cause& cause : catalogue.causes)
    diagnosis.causes.push_back(weigh(cause, findings, status));
  if (diagnosis.causes.empty()) return diagnosis;
  std::ranges::stable_sort(diagnosis.causes, std::greater(), &Candidate::decibans);
  normalize(diagnosis.causes);

  const Candidate& leader = diagnosis.leader();
  for (Candidate& candidate : diagnosis.causes) {
    candidate.excluded =
        !candidate.against.empty() &&
        weight_for(*candidate.against.front(), candidate.cause->slug) <= -moderate &&
        leader.decibans - candidate.decibans >= exclusion_decibans;
  }
  const double lead = diagnosis.causes.size() > 1 ? leader.decibans - diagnosis.causes[1].decibans
                                                  : exclusion_decibans;
  diagnosis.determined = leader.probability >= naming_probability && lead >= naming_lead_decibans;
  diagnosis.look_next = next_look(diagnosis);
  return diagnosis;
}

}  // namespace locksmith::diagnosis

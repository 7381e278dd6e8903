// What the readable reports share: how a probability reads, and which causes are worth a line.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>

#include "diagnosis/diagnose.hpp"

namespace locksmith::report {

// Nothing that was inferred is certain, and nothing that is listed is impossible.
inline std::string percent(double probability) {
  if (probability < 0.01) return "<1 %";
  return fmt::format("{:.0f} %", std::min(probability * 100, 99.0));
}

// Up to four: the first two, and others that are not far-fetched.
inline std::span<const diagnosis::Candidate> likeliest(const diagnosis::Diagnosis& diagnosis) {
  const std::span<const diagnosis::Candidate> all = diagnosis.causes;
  std::size_t n = std::min<std::size_t>(2, all.size());
  while (n < all.size() && n < 4 && all[n].probability >= 0.03) ++n;
  return all.first(n);
}

}  // namespace locksmith::report

// What a probe's outcome says for and against causes. Pure.
#pragma once

#include "diagnosis/finding.hpp"
#include "http/message.hpp"
#include "inspect/inspect.hpp"
#include "probe/probes.hpp"

namespace locksmith::probe {

enum class Outcome {
  accepted,      // 2xx, or, with a key, an error that comes only after the key was let in
  same,          // refused with the same words
  differs,       // refused otherwise
  inconclusive,  // rate limited, out of order, nothing comparable
};

// `original` is the answer to compare with: the failure itself, or, when its method could not be
// repeated, what as-is brought back.
Outcome outcome_of(const Probe& probe, const http::Exchange& original,
                   const http::Exchange& outcome, const inspect::Case& failure);

// What an outcome says of causes, as a finding without its place. `sent` is the probe's request.
diagnosis::Finding reading_of(const Probe& probe, Outcome outcome, const http::Request& sent,
                              const inspect::Case& failure);

// One finding; it has no weights when the outcome tells nothing.
diagnosis::Findings interpret(const Probe& probe, const http::Exchange& original,
                              const http::Exchange& outcome, const inspect::Case& failure);

}  // namespace locksmith::probe

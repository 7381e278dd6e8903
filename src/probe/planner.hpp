// Chooses the next experiment: the one whose outcome is expected to tell most, per request. Pure.
//
// Each probe predicts, for each cause, how likely each outcome is; the table that reads outcomes
// (interpret.cpp) serves for both directions. The expected information gain of a probe is the
// mutual information between cause and outcome under the present probabilities: how many bits of
// doubt the answer is expected to remove (D. V. Lindley, On a Measure of the Information Provided
// by an Experiment, 1956).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "diagnosis/diagnose.hpp"
#include "http/message.hpp"
#include "probe/interpret.hpp"
#include "probe/probes.hpp"

namespace locksmith::probe {

inline constexpr std::size_t outcome_count = 4;
// The probability of each Outcome, in the order of the enumeration; sums to 1.
using Forecast = std::array<double, outcome_count>;

// What to expect of `probe`, whose request is `sent`, if `cause` is the true one.
Forecast forecast(const Probe& probe, const http::Request& sent, const inspect::Case& failure,
                  std::string_view cause);

// Expected information gain in bits; `probabilities` and `forecasts` run over the same causes.
double information_gain(std::span<const double> probabilities, std::span<const Forecast> forecasts);

struct Choice {
  const Probe* probe = nullptr;
  http::Request request;
  http::ClientOptions options;   // to send it with
  std::chrono::seconds wait{0};  // before it is sent
  double gain_bits = 0;
};

// Gains below this are not worth a request.
inline constexpr double least_gain_bits = 0.03;

// The probes that apply and are worth their request, best first.
std::vector<Choice> rank_probes(const diagnosis::Diagnosis& diagnosis,
                                std::span<const Probe* const> candidates, const Setting& setting);

}  // namespace locksmith::probe

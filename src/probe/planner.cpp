#include "probe/planner.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace locksmith::probe {
namespace {

constexpr std::array<Outcome, outcome_count> outcomes = {Outcome::accepted, Outcome::same,
                                                         Outcome::differs, Outcome::inconclusive};

// How often a probe ends in each outcome, whatever the cause: what the weights of interpret.cpp
// shift. `cost` is in requests: one that may count as a failed login costs more.
struct Base {
  std::string_view probe;
  Forecast rates;
  double cost = 1;
};
constexpr std::array bases = {
    Base{"as-is", {0.05, 0.85, 0.05, 0.05}},
    Base{"no-credential", {0.03, 0.45, 0.45, 0.07}},
    Base{"cleaned", {0.03, 0.80, 0.12, 0.05}},
    Base{"where-expected", {0.03, 0.80, 0.12, 0.05}},
    Base{"random-key", {0.02, 0.50, 0.40, 0.08}, 1.2},
    Base{"whoami", {0.30, 0.50, 0.10, 0.10}},
    // What mends a rare cause is hardly ever accepted with another one: a decisive weight makes
    // that a likely outcome for its own cause.
    Base{"no-proxy", {0.0003, 0.86, 0.02, 0.12}, 1.2},
    Base{"one-credential", {0.0002, 0.60, 0.30, 0.10}},
    Base{"plain-user-agent", {0.0001, 0.94, 0.01, 0.05}},
    Base{"ipv4", {0.00004, 0.90, 0.005, 0.095}, 1.2},
    Base{"ipv6", {0.00002, 0.60, 0.005, 0.395}, 1.5},  // many hosts have no such address
    Base{"no-origin", {0.0001, 0.90, 0.02, 0.08}},
    Base{"preflight", {0.45, 0.25, 0.15, 0.15}},
    Base{"trailing-slash", {0.00003, 0.40, 0.50, 0.10}},
    Base{"other-http-version", {0.00005, 0.94, 0.01, 0.05}},
    Base{"other-header", {0.0005, 0.55, 0.40, 0.05}},
    Base{"other-scheme", {0.0005, 0.60, 0.35, 0.05}},
    Base{"simple-endpoint", {0.20, 0.40, 0.10, 0.30}},
    Base{"after-waiting", {0.10, 0.75, 0.05, 0.10}, 2},  // its time counts, too
    Base{"neighbour-host", {0.0005, 0.70, 0.05, 0.25}},
};
constexpr Base unknown_probe{"", {0.05, 0.60, 0.25, 0.10}};

const Base& base_of(const Probe& probe) {
  const auto hit = std::ranges::find(bases, kind_of(probe.name), &Base::probe);
  return hit == bases.end() ? unknown_probe : *hit;
}

// The readings of all outcomes of one probe; worked out once, then looked at for every cause.
using Readings = std::array<diagnosis::Finding, outcome_count>;

Readings readings_of(const Probe& probe, const http::Request& sent, const inspect::Case& failure) {
  Readings readings;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    readings[i] = reading_of(probe, outcomes[i], sent, failure);
  }
  return readings;
}

Forecast forecast_from(const Base& base, const Readings& readings, std::string_view cause) {
  Forecast forecast;
  double sum = 0;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    forecast[i] = base.rates[i] * std::pow(10, diagnosis::weight_for(readings[i], cause) / 10);
    sum += forecast[i];
  }
  for (double& probability : forecast) probability /= sum;
  return forecast;
}

}  // namespace

Forecast forecast(const Probe& probe, const http::Request& sent, const inspect::Case& failure,
                  std::string_view cause) {
  return forecast_from(base_of(probe), readings_of(probe, sent, failure), cause);
}

double information_gain(std::span<const double> probabilities,
                        std::span<const Forecast> forecasts) {
  Forecast expected{};
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    for (std::size_t o = 0; o < outcome_count; ++o) {
      expected[o] += probabilities[c] * forecasts[c][o];
    }
  }
  double gain = 0;
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    for (std::size_t o = 0; o < outcome_count; ++o) {
      const double joint = probabilities[c] * forecasts[c][o];
      if (joint > 0) gain += joint * std::log2(forecasts[c][o] / expected[o]);
    }
  }
  return std::max(gain, 0.0);  // rounding may leave a little less than nothing
}

std::vector<Choice> rank_probes(const diagnosis::Diagnosis& diagnosis,
                                std::span<const Probe* const> candidates, const Setting& setting) {
  std::vector<double> probabilities;
  for (const diagnosis::Candidate& candidate : diagnosis.causes) {
    probabilities.push_back(candidate.probability);
  }
  std::vector<std::pair<double, Choice>> worth;
  for (const Probe* probe : candidates) {
    auto request = probe->build(setting);
    if (!request) continue;  // it does not apply
    const Base& base = base_of(*probe);
    const Readings readings = readings_of(*probe, *request, setting.failure);
    std::vector<Forecast> forecasts;
    for (const diagnosis::Candidate& candidate : diagnosis.causes) {
      forecasts.push_back(forecast_from(base, readings, candidate.cause->slug));
    }
    const double gain = information_gain(probabilities, forecasts);
    if (gain < least_gain_bits) continue;
    worth.emplace_back(gain / base.cost,
                       Choice{probe, *std::move(request), options_of(*probe, setting),
                              probe->wait ? probe->wait(setting) : std::chrono::seconds(0), gain});
  }
  std::ranges::stable_sort(worth, std::greater(), &std::pair<double, Choice>::first);
  std::vector<Choice> ranked;
  for (auto& [_, choice] : worth) ranked.push_back(std::move(choice));
  return ranked;
}

}  // namespace locksmith::probe

// A probe tells the causes of one family from all others (probe/interpret.cpp has the weights). It
// pays most where that family is as likely as not: with p for its probability, p·(1−p) is the
// variance of the outcome, and a good stand-in for the expected information gain.
#include "doctor/plan.hpp"

#include <algorithm>
#include <array>

namespace locksmith::doctor {
namespace {

using Causes = std::span<const std::string_view>;

// What sticks to the key: tried without it.
constexpr std::array<std::string_view, 8> sticks = {
    "whitespace", "invisible-character", "quoted",       "env-unset",
    "encoding",   "placeholder",         "interpolated", "wrong-scheme"};
constexpr std::array<std::string_view, 3> misplaced = {"wrong-header", "wrong-scheme", "missing"};
// The server never looked at the key: it says the same without one.
constexpr std::array<std::string_view, 12> unseen = {
    "missing",          "env-unset",      "wrong-header",       "wrong-scheme",
    "redirect-dropped", "proxy-stripped", "gateway-auth",       "waf-blocked",
    "cors-preflight",   "csrf",           "client-certificate", "provider-outage"};
// It knows the key, and does not want it, or not for this: it says something else to a made-up one.
constexpr std::array<std::string_view, 14> recognised = {"expired",
                                                         "not-yet-active",
                                                         "revoked",
                                                         "leaked",
                                                         "retired",
                                                         "wrong-audience",
                                                         "missing-scope",
                                                         "method-not-permitted",
                                                         "plan-required",
                                                         "endpoint-not-enabled",
                                                         "resource-forbidden",
                                                         "account-suspended",
                                                         "billing",
                                                         "org-policy"};
// The key is good, but not for this request: it may at least say whose it is.
constexpr std::array<std::string_view, 9> good_elsewhere = {
    "missing-scope",          "method-not-permitted", "plan-required",  "endpoint-not-enabled",
    "resource-forbidden",     "org-policy",           "wrong-endpoint", "billing",
    "missing-required-header"};

struct Split {
  std::string_view probe;
  Causes family;
};
constexpr std::array splits = {Split{"cleaned", sticks}, Split{"where-expected", misplaced},
                               Split{"no-credential", unseen}, Split{"random-key", recognised},
                               Split{"whoami", good_elsewhere}};

double probability_of(Causes family, const diagnosis::Diagnosis& diagnosis) {
  double sum = 0;
  for (const diagnosis::Candidate& candidate : diagnosis.causes) {
    if (std::ranges::find(family, candidate.cause->slug) != family.end()) {
      sum += candidate.probability;
    }
  }
  return sum;
}

}  // namespace

const probe::Probe* next_probe(const diagnosis::Diagnosis& diagnosis,
                               std::span<const probe::Probe* const> candidates) {
  constexpr double least = 0.02;  // a family at 2 % or 98 %: hardly a question any more
  const probe::Probe* best = nullptr;
  double best_worth = least;
  for (const probe::Probe* probe : candidates) {
    const auto split = std::ranges::find(splits, probe->name, &Split::probe);
    if (split == splits.end()) continue;
    const double p = probability_of(split->family, diagnosis);
    if (p * (1 - p) <= best_worth) continue;
    best = probe;
    best_worth = p * (1 - p);
  }
  return best;
}

}  // namespace locksmith::doctor

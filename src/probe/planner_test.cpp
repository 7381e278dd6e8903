// The planner against a simulation: a cause is drawn, probes are answered as that cause would, and
// asking by expected information gain is held against asking in a fixed order.
#include "probe/planner.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "catalogue/catalogue.hpp"
#include "http/bundle.hpp"

namespace locksmith::probe {
namespace {

http::Bundle refused() {
  http::Exchange exchange;
  exchange.request.url = "https://api.openai.com/v1/models";
  // Something sticks to the key, so that `cleaned` applies as well.
  exchange.request.headers.add("Authorization", "Token sk-proj-" + std::string(40, 'a') + "\"");
  exchange.response.status = 401;
  exchange.partial = true;
  return {.exchanges = {exchange}};
}

std::vector<const Probe*> experiments() {
  std::vector<const Probe*> all;
  for (const Probe& probe : probes()) {
    if (probe.name != "as-is") all.push_back(&probe);
  }
  return all;
}

TEST(InformationGain, IsNothingWhereAllCausesPredictTheSame) {
  const std::vector<double> probabilities{0.5, 0.3, 0.2};
  const std::vector<Forecast> forecasts(3, Forecast{0.1, 0.6, 0.2, 0.1});
  EXPECT_NEAR(information_gain(probabilities, forecasts), 0, 1e-12);
}

TEST(InformationGain, IsOneBitWhereTwoEvenCausesPredictOpposites) {
  const std::vector<double> probabilities{0.5, 0.5};
  const std::vector<Forecast> forecasts{{1, 0, 0, 0}, {0, 1, 0, 0}};
  EXPECT_NEAR(information_gain(probabilities, forecasts), 1, 1e-12);
}

TEST(InformationGain, NeverExceedsTheDoubtThatIsLeft) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0.001, 1);
  for (int round = 0; round < 500; ++round) {
    std::vector<double> probabilities(6);
    std::vector<Forecast> forecasts(6);
    double sum = 0;
    for (double& p : probabilities) sum += p = uniform(random);
    double doubt = 0;
    for (double& p : probabilities) {
      p /= sum;
      doubt -= p * std::log2(p);
    }
    for (Forecast& forecast : forecasts) {
      double all = 0;
      for (double& p : forecast) all += p = uniform(random);
      for (double& p : forecast) p /= all;
    }
    const double gain = information_gain(probabilities, forecasts);
    EXPECT_GE(gain, 0);
    EXPECT_LE(gain, doubt + 1e-9);
  }
}

TEST(Forecast, SumsToOneForEveryProbeAndCause) {
  const http::Bundle bundle = refused();
  const inspect::Case failure(bundle, catalogue::embedded());
  for (const Probe& probe : probes()) {
    const auto request = probe.build({.failure = failure, .replay = false, .seed = 1});
    if (!request) continue;
    for (const catalogue::Cause& cause : catalogue::embedded().causes) {
      const Forecast expected = forecast(probe, *request, failure, cause.slug);
      EXPECT_NEAR(std::accumulate(expected.begin(), expected.end(), 0.0), 1, 1e-9);
    }
  }
}

// What a probe that mends one thing is expected to bring: nothing where another thing is wrong, and
// where it is the one, no certainty either: a block list may hold both addresses.
TEST(Forecast, OfAMendingProbeIsAcceptedForItsOwnCauseOnly) {
  const std::tuple<const char*, const char*, double> table[] = {
      {"no-proxy", "proxy-stripped", 0.4},
      {"plain-user-agent", "waf-blocked", 0.3},
      {"ipv4", "ip-blocked", 0.2},
      {"ipv6", "ip-blocked", 0.1},
      {"one-credential", "conflicting-credentials", 0.5},
      {"no-origin", "referrer-blocked", 0.3},
      {"trailing-slash", "wrong-endpoint", 0.2},
      {"other-http-version", "waf-blocked", 0.2}};
  const http::Bundle bundle = refused();
  const inspect::Case failure(bundle, catalogue::embedded());
  for (const auto& [probe, cause, least] : table) {
    const Probe& own = *find_probe(probe);
    const double accepted = forecast(own, failure.request, failure, cause)[0];
    EXPECT_GT(accepted, least) << probe;
    EXPECT_LT(accepted, 0.9) << probe;
    EXPECT_LT(forecast(own, failure.request, failure, "unknown-key")[0], 0.001) << probe;
  }
}

// --- the simulation -----------------------------------------------------------------------------

struct Tally {
  double requests = 0;
  int wrong = 0;
};

class Simulation {
 public:
  explicit Simulation(const http::Bundle& bundle) : failure_(bundle, catalogue::embedded()) {}

  // One case: the true cause is drawn from the present probabilities; `planned` asks by information
  // gain, else in the order of the table.
  void run(bool planned, std::mt19937& random, Tally& tally) const {
    diagnosis::Findings findings = inspect::inspect(failure_);
    auto diagnosis = diagnosis::diagnose(findings, catalogue::embedded(), 401);
    const std::string_view truth = draw(diagnosis, random);
    auto left = experiments();
    const Setting setting{.failure = failure_, .replay = false, .seed = 1};
    while (diagnosis.leader().probability < 0.9 && !left.empty()) {
      const Probe* probe = left.front();
      if (planned) {
        const auto choices = rank_probes(diagnosis, left, setting);
        if (choices.empty()) break;
        probe = choices.front().probe;
      }
      std::erase(left, probe);
      const auto request = probe->build(setting);
      if (!request) continue;
      ++tally.requests;
      findings.push_back(
          reading_of(*probe, answer(*probe, *request, truth, random), *request, failure_));
      diagnosis = diagnosis::diagnose(findings, catalogue::embedded(), 401);
    }
    if (diagnosis.determined && diagnosis.leader().cause->slug != truth) ++tally.wrong;
  }

 private:
  static std::string_view draw(const diagnosis::Diagnosis& diagnosis, std::mt19937& random) {
    std::vector<double> weights;
    for (const auto& candidate : diagnosis.causes) weights.push_back(candidate.probability);
    std::discrete_distribution<std::size_t> distribution(weights.begin(), weights.end());
    return diagnosis.causes[distribution(random)].cause->slug;
  }
  Outcome answer(const Probe& probe, const http::Request& request, std::string_view truth,
                 std::mt19937& random) const {
    const Forecast expected = forecast(probe, request, failure_, truth);
    std::discrete_distribution<int> distribution(expected.begin(), expected.end());
    return static_cast<Outcome>(distribution(random));
  }

  inspect::Case failure_;
};

TEST(Planner, AsksLessThanAFixedOrderAndIsNotMoreOftenWrong) {
  const http::Bundle bundle = refused();
  const Simulation simulation(bundle);
  Tally planned, fixed;
  constexpr int cases = 300;
  // The same draws for both, so that chance does not decide between them.
  for (int seed = 0; seed < cases; ++seed) {
    std::mt19937 one(static_cast<unsigned>(seed)), other(static_cast<unsigned>(seed));
    simulation.run(true, one, planned);
    simulation.run(false, other, fixed);
  }
  RecordProperty("planned_requests", std::to_string(planned.requests / cases));
  RecordProperty("fixed_requests", std::to_string(fixed.requests / cases));
  EXPECT_LT(planned.requests, fixed.requests * 0.9);
  EXPECT_LE(planned.wrong, fixed.wrong + cases / 100);
}

TEST(Planner, SendsEachProbeItsOwnWay) {
  http::Bundle bundle = refused();
  bundle.exchanges[0].response.status = 403;
  bundle.exchanges[0].remote_address = "2001:db8::1";
  const inspect::Case failure(bundle, catalogue::embedded());
  const diagnosis::Findings findings{{.id = "guess", .weights = {{"ip-blocked", 20}}}};
  const auto diagnosis = diagnosis::diagnose(findings, catalogue::embedded(), 403);
  const auto choices = rank_probes(diagnosis, experiments(),
                                   {.failure = failure, .options = {.connect_timeout_s = 3}});
  ASSERT_FALSE(choices.empty());
  int over_ipv4 = 0;
  for (const Choice& choice : choices) {
    EXPECT_EQ(choice.options.connect_timeout_s, 3) << choice.probe->name;
    EXPECT_EQ(choice.options.ip_version, choice.probe->name == "ipv4" ? 4 : 0);
    over_ipv4 += choice.probe->name == "ipv4";
  }
  EXPECT_EQ(over_ipv4, 1);
}

TEST(Planner, AsksNothingWhereNothingWouldTellMore) {
  const http::Bundle bundle = refused();
  const inspect::Case failure(bundle, catalogue::embedded());
  diagnosis::Findings findings{{.id = "certain", .weights = {{"csrf", 200}}}};
  const auto diagnosis = diagnosis::diagnose(findings, catalogue::embedded(), 401);
  EXPECT_TRUE(rank_probes(diagnosis, experiments(), {.failure = failure}).empty());
}

}  // namespace
}  // namespace locksmith::probe

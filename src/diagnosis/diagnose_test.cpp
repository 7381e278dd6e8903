// The arithmetic of the diagnosis, mostly as properties that hold for whatever was found.
#include "diagnosis/diagnose.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

namespace locksmith::diagnosis {
namespace {

using catalogue::Cause;

// Sorted by slug, as the catalogue is.
constexpr std::array<Cause::Prior, 2> prior_a{{{401, -10}, {0, -20}}};
constexpr std::array<Cause::Prior, 1> prior_b{{{0, -13.5}}};
constexpr std::array<Cause::Prior, 2> prior_c{{{401, -12}, {403, -3}}};
const std::array<Cause, 6> causes{Cause{.slug = "alpha", .priors = prior_a, .look_next = "Look."},
                                  Cause{.slug = "beta", .priors = prior_b},
                                  Cause{.slug = "delta", .priors = prior_c},
                                  Cause{.slug = "epsilon", .priors = prior_a},
                                  Cause{.slug = "gamma", .priors = prior_b},
                                  Cause{.slug = "zeta"}};

catalogue::Catalogue six_causes() { return {.causes = causes}; }

// Findings at random: weights such as inspectors use, and fractions as provider rules scale them.
Findings random_findings(std::mt19937& random) {
  const auto up_to = [&](int n) { return std::uniform_int_distribution<int>(0, n)(random); };
  Findings findings(static_cast<std::size_t>(up_to(8)));
  for (std::size_t i = 0; i < findings.size(); ++i) {
    findings[i].id = "f" + std::to_string(i);
    for (int n = up_to(4); n > 0; --n) {
      const double factor = up_to(1) ? 1 : 0.35;
      findings[i].weights.push_back({causes[up_to(5)].slug, factor * (up_to(80) - 40)});
    }
  }
  return findings;
}

std::map<std::string_view, double> by_slug(const Diagnosis& diagnosis, double Candidate::*member) {
  std::map<std::string_view, double> out;
  for (const Candidate& candidate : diagnosis.causes)
    out[candidate.cause->slug] = candidate.*member;
  return out;
}

std::size_t rank_of(const Diagnosis& diagnosis, std::string_view slug) {
  const auto hit =
      std::ranges::find(diagnosis.causes, slug, [](const Candidate& c) { return c.cause->slug; });
  return static_cast<std::size_t>(hit - diagnosis.causes.begin());
}

Finding finding(std::vector<catalogue::Weight> weights, std::string look_next = {}) {
  Finding out{.id = "x", .weights = std::move(weights)};
  out.look_next = std::move(look_next);
  return out;
}

class AnyFindings : public testing::TestWithParam<unsigned> {
 protected:
  std::mt19937 random{GetParam()};
  Findings findings = random_findings(random);
  catalogue::Catalogue known = six_causes();
  int status = std::array{0, 401, 403, 404, 429}[GetParam() % 5];
  Diagnosis diagnosis = diagnose(findings, known, status);
};
INSTANTIATE_TEST_SUITE_P(Seeds, AnyFindings, testing::Range(1u, 60u));

TEST_P(AnyFindings, ProbabilitiesSumToOneAndFollowDecibans) {
  ASSERT_EQ(diagnosis.causes.size(), causes.size());
  double sum = 0;
  for (std::size_t i = 0; i < diagnosis.causes.size(); ++i) {
    const Candidate& c = diagnosis.causes[i];
    EXPECT_TRUE(std::isfinite(c.probability));
    EXPECT_GE(c.probability, 0);
    sum += c.probability;
    if (i == 0) continue;
    EXPECT_GE(diagnosis.causes[i - 1].decibans, c.decibans);
    EXPECT_GE(diagnosis.causes[i - 1].probability, c.probability);
  }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST_P(AnyFindings, DecibansArePriorPlusWeights) {
  for (const Candidate& c : diagnosis.causes) {
    double sum = c.cause->prior(status);
    for (const Finding& f : findings) sum += weight_for(f, c.cause->slug);
    EXPECT_NEAR(c.decibans, sum, 1e-9);
  }
}

TEST_P(AnyFindings, OrderOfFindingsChangesNothing) {
  Findings shuffled = findings;
  std::ranges::shuffle(shuffled, random);
  const Diagnosis other = diagnose(shuffled, known, status);
  for (std::size_t i = 0; i < causes.size(); ++i) {
    EXPECT_EQ(other.causes[i].cause->slug, diagnosis.causes[i].cause->slug);
    EXPECT_EQ(other.causes[i].decibans, diagnosis.causes[i].decibans);  // to the last bit
    EXPECT_EQ(other.causes[i].excluded, diagnosis.causes[i].excluded);
  }
  EXPECT_EQ(other.determined, diagnosis.determined);
}

TEST_P(AnyFindings, MoreWeightNeverLowersARank) {
  for (const Cause& cause : causes) {
    Findings more = findings;
    more.push_back(finding({{cause.slug, 0.5 + static_cast<double>(GetParam())}}));
    const Diagnosis other = diagnose(more, known, status);
    EXPECT_LE(rank_of(other, cause.slug), rank_of(diagnosis, cause.slug));
    EXPECT_GE(by_slug(other, &Candidate::probability)[cause.slug],
              by_slug(diagnosis, &Candidate::probability)[cause.slug]);
  }
}

TEST_P(AnyFindings, WhatSpeaksForAllAlikeChangesNoProbability) {
  std::vector<catalogue::Weight> all;
  for (const Cause& cause : causes) all.push_back({cause.slug, 7.25});
  Findings more = findings;
  more.push_back(finding(all));
  const Diagnosis other = diagnose(more, known, status);
  for (const auto& [slug, probability] : by_slug(diagnosis, &Candidate::probability)) {
    EXPECT_NEAR(by_slug(other, &Candidate::probability)[slug], probability, 1e-9);
  }
}

TEST_P(AnyFindings, AFindingWithoutWeightsChangesNothing) {
  Findings more = findings;
  more.insert(more.begin(), finding({}));
  more.push_back(finding({{"no-such-cause", 40}, {"alpha", 0}}));
  const Diagnosis other = diagnose(more, known, status);
  EXPECT_EQ(by_slug(other, &Candidate::decibans), by_slug(diagnosis, &Candidate::decibans));
  for (const Candidate& c : other.causes) {
    for (const Finding* f : c.evidence_for) EXPECT_NE(f->id, "x");
    for (const Finding* f : c.against) EXPECT_NE(f->id, "x");
  }
}

TEST_P(AnyFindings, EvidenceStandsOnItsSideStrongestFirst) {
  for (const Candidate& c : diagnosis.causes) {
    const auto weight = [&](const Finding* f) { return weight_for(*f, c.cause->slug); };
    EXPECT_TRUE(std::ranges::is_sorted(c.evidence_for, std::greater(), weight));
    EXPECT_TRUE(std::ranges::is_sorted(c.against, std::less(), weight));
    for (const Finding* f : c.evidence_for) EXPECT_GT(weight(f), 0);
    for (const Finding* f : c.against) EXPECT_LT(weight(f), 0);
  }
}

TEST_P(AnyFindings, OnlyAFindingAgainstItExcludes) {
  const double best = diagnosis.leader().decibans;
  EXPECT_FALSE(diagnosis.leader().excluded);
  for (const Candidate& c : diagnosis.causes) {
    if (!c.excluded) continue;
    ASSERT_FALSE(c.against.empty());
    EXPECT_LE(weight_for(*c.against.front(), c.cause->slug), -moderate);
    EXPECT_GE(best - c.decibans, exclusion_decibans);
  }
}

TEST_P(AnyFindings, DeterminedMeansLikelyEnoughAndFarEnoughAhead) {
  const Candidate& first = diagnosis.causes[0];
  const double lead = first.decibans - diagnosis.causes[1].decibans;
  EXPECT_EQ(diagnosis.determined,
            first.probability >= naming_probability && lead >= naming_lead_decibans);
}

// Ten decibans are a factor of ten (I. J. Good).
TEST(Diagnose, TenDecibansAreTenTimesLikelier) {
  const Findings findings{finding({{"gamma", 10}})};
  const Diagnosis diagnosis = diagnose(findings, six_causes(), 401);
  auto p = by_slug(diagnosis, &Candidate::probability);
  EXPECT_NEAR(p["gamma"] / p["beta"], 10, 1e-9);
}

TEST(Diagnose, PriorDependsOnTheStatus) {
  EXPECT_EQ(diagnose({}, six_causes(), 403).leader().cause->slug, "delta");
  EXPECT_EQ(diagnose({}, six_causes(), 401).leader().cause->slug, "alpha");
}

TEST(Diagnose, TiesKeepTheOrderOfTheCatalogue) {
  const Diagnosis diagnosis = diagnose({}, six_causes(), 401);
  EXPECT_LT(rank_of(diagnosis, "alpha"), rank_of(diagnosis, "epsilon"));
  EXPECT_FALSE(diagnosis.determined);
}

TEST(Diagnose, HugeWeightsStayFinite) {
  const Findings findings{finding({{"alpha", 1e6}, {"beta", -1e6}})};
  const Diagnosis diagnosis = diagnose(findings, six_causes(), 401);
  EXPECT_NEAR(diagnosis.leader().probability, 1, 1e-12);
  EXPECT_EQ(diagnosis.causes.back().cause->slug, "beta");
  EXPECT_TRUE(diagnosis.causes.back().excluded);
  EXPECT_TRUE(diagnosis.determined);
}

TEST(Diagnose, FarBehindWithoutEvidenceAgainstItIsNotExcluded) {
  const Findings findings{finding({{"alpha", 60}, {"beta", -5}, {"gamma", -15}})};
  const Diagnosis diagnosis = diagnose(findings, six_causes(), 401);
  EXPECT_FALSE(diagnosis.causes[rank_of(diagnosis, "delta")].excluded);  // nothing against it
  EXPECT_FALSE(diagnosis.causes[rank_of(diagnosis, "beta")].excluded);   // too little
  EXPECT_TRUE(diagnosis.causes[rank_of(diagnosis, "gamma")].excluded);
}

TEST(Diagnose, AnEmptyCatalogueHasNoCauses) {
  const Findings findings{finding({{"alpha", 10}})};
  const Diagnosis diagnosis = diagnose(findings, {}, 401);
  EXPECT_TRUE(diagnosis.causes.empty());
  EXPECT_FALSE(diagnosis.determined);
}

TEST(Diagnose, TheOnlyCauseIsDetermined) {
  const catalogue::Catalogue known{.causes = std::span(causes).first(1)};
  const Diagnosis diagnosis = diagnose({}, known, 401);
  EXPECT_EQ(diagnosis.leader().probability, 1);
  EXPECT_TRUE(diagnosis.determined);
}

TEST(Diagnose, LookNextIsThatOfTheEvidenceElseOfTheCause) {
  EXPECT_EQ(diagnose({}, six_causes(), 401).look_next, "Look.");
  const Findings findings{finding({{"alpha", 5}}, "Here."), finding({{"alpha", 9}}),
                          finding({{"beta", 30}, {"alpha", 30}}, "First.")};
  EXPECT_EQ(diagnose(findings, six_causes(), 401).look_next, "First.");
}

// One finding may weigh the same cause twice: an answer's weights and those of its rule.
TEST(Diagnose, WeightsOfOneFindingAddUp) {
  EXPECT_EQ(weight_for(finding({{"alpha", 4}, {"beta", 1}, {"alpha", -1.5}}), "alpha"), 2.5);
  EXPECT_EQ(weight_for(finding({}), "alpha"), 0);
}

TEST(CountOnce, OfOneFactTheStrongestWeightCounts) {
  Findings findings{finding({{"alpha", 10}, {"beta", 6}}), finding({{"alpha", 14}, {"beta", 6}}),
                    finding({{"alpha", 3}, {"gamma", -5}})};
  for (Finding& each : findings) each.fact = "refused";
  findings.push_back(finding({{"alpha", 9}}));  // a fact of its own
  findings.push_back(finding({{"alpha", 8}}));
  findings.back().fact = "another";
  count_once(findings);
  const auto told = [&](std::string_view cause) {
    std::vector<double> out;
    for (const Finding& each : findings) out.push_back(weight_for(each, cause));
    return out;
  };
  EXPECT_EQ(told("alpha"), (std::vector<double>{10, 4, 0, 9, 8}));
  EXPECT_EQ(told("beta"), (std::vector<double>{6, 0, 0, 0, 0}));
  EXPECT_EQ(told("gamma"), (std::vector<double>{0, 0, -5, 0, 0}));
  EXPECT_EQ(findings[2].weights.size(), 1u);
}

}  // namespace
}  // namespace locksmith::diagnosis

// The causes that inspectors and the catalogue name are those that have a page, and the other way
// round: a page that nothing can lead to, or a cause without a fix, is of no use.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "catalogue/catalogue.hpp"

namespace locksmith::inspect {
namespace {

using catalogue::embedded;

// Each cause that something yields, with an example of what does.
using Yields = std::map<std::string, std::string, std::less<>>;

void add(Yields& yields, catalogue::Weights weights, std::string_view from) {
  for (const catalogue::Weight& weight : weights) {
    if (weight.decibans > 0) yields.emplace(weight.cause, from);
  }
}

Yields of_catalogue() {
  Yields yields;
  for (const auto& answer : embedded().answers) add(yields, answer.weights, answer.kind);
  for (const auto& provider : embedded().providers) {
    for (const auto& refusal : provider.refusals) add(yields, refusal.weights, provider.slug);
    for (const auto& companion : provider.companions)
      yields.emplace(companion.cause, provider.slug);
  }
  for (const auto& box : embedded().intermediaries) {
    for (const auto& refusal : box.refusals) add(yields, refusal.weights, box.slug);
  }
  return yields;
}

// The literals {"slug", decibans of the inspectors' sources; tests apart.
Yields of_inspectors(bool positive) {
  static const std::regex weight(R"re(\{"([a-z][a-z-]*[a-z])", *(-?)([A-Za-z0-9_]+))re");
  Yields yields;
  const auto folder = std::filesystem::path(LOCKSMITH_SOURCE_DIR) / "src" / "inspect";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::sregex_iterator hit(text.begin(), text.end(), weight), end; hit != end; ++hit) {
      if (positive && (*hit)[2].length() > 0) continue;
      yields.emplace((*hit)[1].str(), name);
    }
  }
  return yields;
}

TEST(Vocabulary, EveryCauseThatIsNamedHasAPage) {
  const Yields inspectors = of_inspectors(false);
  EXPECT_GT(inspectors.size(), 20u);  // the expression still fits how weights are written
  for (const Yields& yields : {of_catalogue(), inspectors}) {
    for (const auto& [cause, from] : yields)
      EXPECT_TRUE(embedded().cause(cause)) << cause << " in " << from;
  }
}

TEST(Vocabulary, EveryCauseIsYieldedBySomething) {
  Yields yields = of_catalogue();
  yields.merge(of_inspectors(true));
  for (const auto& cause : embedded().causes)
    EXPECT_TRUE(yields.contains(cause.slug)) << cause.slug;
}

TEST(Vocabulary, EveryCauseIsExplained) {
  const std::set<std::string_view> groups{"credential", "permission", "request"};
  for (const auto& cause : embedded().causes) {
    EXPECT_FALSE(cause.title.empty()) << cause.slug;
    EXPECT_TRUE(cause.sentence.ends_with('.')) << cause.slug;
    EXPECT_TRUE(groups.contains(cause.group)) << cause.slug << ": " << cause.group;
    EXPECT_FALSE(cause.statuses.empty()) << cause.slug;
    EXPECT_FALSE(cause.who.empty()) << cause.slug;
    EXPECT_FALSE(cause.priors.empty()) << cause.slug;
    EXPECT_FALSE(cause.fix.empty()) << cause.slug;
    EXPECT_FALSE(cause.look_next.empty()) << cause.slug;
    for (const char* heading :
         {"## How it looks", "## Why it happens", "## How to be sure", "## Fix", "## Prevent it"}) {
      EXPECT_TRUE(cause.page.contains(heading)) << cause.slug << ": " << heading;
    }
  }
}

TEST(Vocabulary, EveryAnswerOfARuleIsKnown) {
  for (const auto& provider : embedded().providers) {
    for (const auto& refusal : provider.refusals) {
      EXPECT_TRUE(refusal.answer.empty() || embedded().answer(refusal.answer))
          << provider.slug << ": " << refusal.answer;
    }
  }
}

}  // namespace
}  // namespace locksmith::inspect

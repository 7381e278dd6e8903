// The labelled failures of tests/cases: how often their true cause is named, and that redaction
// changes no diagnosis. `make accuracy` prints the same in detail.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "credential/redact.hpp"
#include "evaluate.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::evaluate {
namespace {

const std::vector<Labelled>& cases() {
  static const std::vector<Labelled> all = [] {
    auto read = read_cases(LOCKSMITH_SOURCE_DIR "/tests/cases", catalogue::embedded());
    if (!read) throw std::runtime_error(read.error().message);
    return std::move(*read);
  }();
  return all;
}

TEST(Cases, AreNamedRightlyFromTheirEvidence) {
  std::vector<Verdict> verdicts;
  for (const Labelled& labelled : cases()) {
    if (labelled.machine) verdicts.push_back(judge(labelled, catalogue::embedded()));
  }
  const Score all = score(verdicts);
  EXPECT_GE(all.right * 10, all.count * 9) << as_text(all, true);
  EXPECT_LE(all.confidently_wrong * 100, all.count * 3) << as_text(all, true);
}

TEST(Cases, HoldEveryCauseOfTheVocabulary) {
  std::set<std::string_view> seen;
  for (const Labelled& labelled : cases()) {
    seen.insert(labelled.truth);
    EXPECT_TRUE(catalogue::embedded().cause(labelled.truth)) << labelled.name;
  }
  for (const catalogue::Cause& cause : catalogue::embedded().causes) {
    EXPECT_TRUE(seen.contains(cause.slug)) << cause.slug << " is the truth of no case";
  }
}

TEST(Cases, KeepTheirDiagnosisWhenTheyAreRedacted) {
  for (const Labelled& labelled : cases()) {
    // A secret below six characters is replaced in its own place only (docs/evidence-bundle.md), so
    // that its relation to a copy elsewhere is lost.
    const inspect::Case c(labelled.bundle, catalogue::embedded());
    if (c.main && c.main->secret().size() < 6) continue;
    Labelled redacted = labelled;
    credential::Redactor redactor(7);
    redactor.learn(labelled.bundle);
    redacted.bundle = redactor.redact(labelled.bundle);
    const Verdict before = judge(labelled, catalogue::embedded());
    const Verdict after = judge(redacted, catalogue::embedded());
    EXPECT_EQ(before.ranked.front().first, after.ranked.front().first) << labelled.name;
    EXPECT_NEAR(before.ranked.front().second, after.ranked.front().second, 0.01) << labelled.name;
  }
}

}  // namespace
}  // namespace locksmith::evaluate

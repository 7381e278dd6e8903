// Holds diagnoses against known truths: the bundles of a folder with truth.jsonl, and the examples
// of the catalogue. What `make accuracy` prints and what the tests check rests on this.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/load.hpp"
#include "http/bundle.hpp"

namespace locksmith::evaluate {

// One failure whose cause is known.
struct Labelled {
  std::string name;
  http::Bundle bundle;
  std::string truth;              // the true cause
  std::vector<std::string> also;  // others that count as right
  bool machine = true;            // can be told from the evidence alone
  bool spelled_out = false;       // the answer names the cause
  std::string owner;              // the provider whose example it is; empty for a case
};

struct Verdict {
  const Labelled* labelled = nullptr;
  std::vector<std::pair<std::string, double>> ranked;  // causes with their probabilities
  bool determined = false;
  bool right = false;  // the first is the truth, or counts as right
  bool in_top_three = false;
};

// FOLDER/truth.jsonl and the bundles beside it. {{key:…}} in a bundle is made from the catalogue's
// shapes.
Result<std::vector<Labelled>> read_cases(const std::filesystem::path& folder,
                                         const catalogue::Catalogue& catalogue);
Result<std::vector<Labelled>> read_examples(const catalogue::Files& files);

Verdict judge(const Labelled& labelled, const catalogue::Catalogue& catalogue);
// As if no file knew the example's provider.
Verdict judge_as_unknown(const Labelled& labelled, const catalogue::Catalogue& catalogue);

struct Score {
  std::size_t count = 0, right = 0, top_three = 0, abstained = 0;
  std::size_t confidently_wrong = 0;  // a wrong cause with 80 % or more
  double brier = 0;  // mean of (probability of the first − whether it is right)²
  struct Bucket {
    std::size_t count = 0, right = 0;
    double probability = 0;  // mean
  };
  // A probability speaks of one cause, so that here only the truth itself is right, not what also
  // counts.
  std::vector<Bucket> reliability;  // ten, by the first cause's probability
};
Score score(const std::vector<Verdict>& verdicts);
std::string as_text(const Score& score, bool reliability);

}  // namespace locksmith::evaluate

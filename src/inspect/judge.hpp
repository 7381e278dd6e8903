// Holds the diagnosis of a failure against what is known of it: the examples of catalogue files,
// and the cases that `make accuracy` counts.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/load.hpp"
#include "http/bundle.hpp"

namespace locksmith::inspect {

struct Judgement {
  std::vector<std::pair<std::string_view, double>> ranked;  // causes, with their probabilities
  bool determined = false;
  const catalogue::Provider* provider = nullptr;  // whom the request or the answer led to
};

// From the evidence alone: nothing is sent. Views the catalogue.
Judgement judge(const http::Bundle& bundle, const catalogue::Catalogue& catalogue);

// What an example of `catalogue` wants and the diagnosis does not give; empty when it holds. It
// wants its own provider or intermediary recognised, one of `expect` first, and none of
// `expect_not` first.
catalogue::Problems faults(const catalogue::Example& example,
                           const catalogue::Catalogue& catalogue);

}  // namespace locksmith::inspect

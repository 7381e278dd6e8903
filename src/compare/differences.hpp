// What two requests differ in, as far as it may explain that one of them is let in. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "compare/draft.hpp"
#include "compare/kinds.hpp"

namespace locksmith::compare {

struct Difference {
  Kind kind;
  std::string place;  // "Authorization header"
  std::string text;   // one sentence, which calls the requests GOOD and BAD; shows no key
  std::vector<std::string_view> causes;  // that it speaks for: those of the kind, or fewer
  std::vector<Facet> facets;             // what to take from BAD to have this difference
  double decibans = 0;                   // of the kind, later with what the answer says
  double probability = 0;                // its share of all differences
};

struct LeftOut {
  std::string name;    // "Date header"
  std::string reason;  // why it explains no refusal
  Facet facet;
};

struct Differences {
  std::vector<Difference> all;  // likeliest first
  std::vector<LeftOut> left_out;
};

// `provider` is the one that both talk to; null when none is known.
Differences find_differences(const Draft& good, const Draft& bad,
                             const catalogue::Catalogue& catalogue,
                             const catalogue::Provider* provider);

// How the key of a request is shown: where it was, and its fingerprint.
std::string shown_key(const Draft& draft);

// Internal to differences: those of the key, and of its secret, which is another.
void compare_keys(const Draft& good, const Draft& bad, const catalogue::Catalogue& catalogue,
                  const catalogue::Provider* provider, std::vector<Difference>& out);
Difference difference(Kind kind, std::string place, std::string text, std::vector<Facet> facets,
                      std::vector<std::string_view> causes = {});
Difference compare_secrets(const Key& good, const Key& bad, const catalogue::Catalogue& catalogue,
                           const catalogue::Provider* provider);
std::string where(const Key& key);  // "Authorization header"
// What only its maker can make: a signature, which covers the request.
bool is_signed(const Draft& draft);

}  // namespace locksmith::compare

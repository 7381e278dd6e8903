// Finds providers and intermediaries by whatever somebody knows of them: a name, a host, a
// variable, the start of a key.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace locksmith::catalogue {

// Sorted by slug, like the catalogue.
struct Found {
  std::vector<const Provider*> providers;
  std::vector<const Intermediary*> intermediaries;

  bool empty() const { return providers.empty() && intermediaries.empty(); }
};

// Those of which every word is found somewhere, case ignored; all of them when there is no word.
// A whole host name finds the pattern that it fits, and a whole key the prefix that it starts with.
Found find(const Catalogue& catalogue, std::span<const std::string> words);

const Intermediary* intermediary(const Catalogue& catalogue, std::string_view slug);

// The slug that somebody meant by `name`, a misspelt slug or name; empty when nothing is near.
std::string_view nearest_slug(const Catalogue& catalogue, std::string_view name);

}  // namespace locksmith::catalogue

// Which environment a file is for, by its name: production has another key than development, and an
// example has none. So a difference between them is no disagreement.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "whereabouts/place.hpp"

namespace locksmith::whereabouts {

inline constexpr std::string_view example = "example", development = "development";

// "production" of .env.production.local, compose.prod.yml and overlays/production/secret.yaml;
// "example" of .env.example; empty: it is for whatever is started there. Folders count in relative
// paths only: those above the current one say nothing of a file.
std::string environment_of(std::string_view path);

using Pointers = std::vector<const Place*>;

// The places that are compared with one another, and those which may differ. The pointers are into
// `places`.
struct Split {
  Places here;
  Pointers others;    // with a value
  Pointers examples;  // with or without one
};
Split by_environment(const Places& places);

}  // namespace locksmith::whereabouts

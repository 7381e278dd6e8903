// Looks for the places that define a variable: where a program of this machine would get it from.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "whereabouts/place.hpp"

namespace locksmith::whereabouts {

// A walk ends where any of them is reached; that it did is one of `skipped`.
struct Limits {
  int depth = 5;  // folders below the current one
  std::size_t entries = 30'000;
  std::size_t file_bytes = 1 << 20;
  std::chrono::milliseconds time{1500};
};

struct Where {
  std::string cwd, home;
  std::string root;  // stands in front of /etc, /proc and their like; tests plant a tree there
  std::vector<std::pair<std::string, std::string>> variables;  // of this shell
  long self = 0;
  bool below = true;   // the folders below the current one
  bool system = true;  // /etc, units, cron
  bool processes = true;
  Limits limits;
};
// Of this process.
Where here();

Whereabouts find_places(const Where& where, const Names& names);

// The names in the .env files here that look as if they held a key.
std::vector<std::string> key_names(const Where& where);

}  // namespace locksmith::whereabouts

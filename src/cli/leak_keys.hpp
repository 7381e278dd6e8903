// Which of the words of `locksmith leaks` name keys, and which name places to search.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace locksmith::cli {

struct LeakKey {
  std::string name;  // as the user named it; empty for one given as it is
  base::Secret value;
  std::string home;  // the file that it was taken from: a copy there is no leak
};

struct LeakWords {
  std::vector<LeakKey> keys;
  std::vector<std::string> paths;
  std::vector<std::string> notes;  // for people, on standard error
};

// `any`: no key is looked for, all words are paths.
Result<LeakWords> read_leak_words(const std::vector<std::string>& words, bool any);

}  // namespace locksmith::cli

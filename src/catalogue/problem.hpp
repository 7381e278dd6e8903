// What is wrong with a catalogue file. All problems of a file are reported at once.
#pragma once

#include <string>
#include <vector>

namespace locksmith::catalogue {

struct Problem {
  std::string file;
  int line = 0;         // 1-based; 0: the whole file
  std::string message;  // one fact, no full stop
  std::string hint;     // may be empty
};
using Problems = std::vector<Problem>;

}  // namespace locksmith::catalogue

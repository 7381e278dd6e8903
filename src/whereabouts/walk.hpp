// Which files are looked at: those of the current folder and above, of the home folder, of the
// system. Paths only; nothing is read.
#pragma once

#include <string>
#include <vector>

#include "whereabouts/find.hpp"
#include "whereabouts/sources.hpp"

namespace locksmith::whereabouts {

struct Candidate {
  std::string path;  // absolute
  Source source = Source::dotenv;
  int rank = 0;
};

// Below the current folder, bounded; and the folders above it.
std::vector<Candidate> project_files(const Where& where, std::vector<Skipped>& skipped);
std::vector<Candidate> user_files(const Where& where, std::vector<Skipped>& skipped);
std::vector<Candidate> system_files(const Where& where, std::vector<Skipped>& skipped);

}  // namespace locksmith::whereabouts

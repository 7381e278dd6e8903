// The catalogue that a command works with: the one that is built in, and over it the user's own
// folders ($XDG_CONFIG_HOME/locksmith/catalogue, --catalogue DIR), in that order. The later wins.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "arguments/command.hpp"
#include "base/result.hpp"
#include "catalogue/load.hpp"

namespace locksmith::cli {

class Catalogues {
 public:
  // A folder with a problem is left out, and the problem kept: a command that needs nothing of it
  // goes on. Where no folder exists nothing is read and nothing copied.
  explicit Catalogues(const std::vector<std::string>& folders);

  const catalogue::Catalogue& all() const { return all_; }
  // The first problem of a folder, how many more there are, and how to see them.
  std::optional<Error> error() const;

  // `files` over what is there so far.
  void add(catalogue::Files files);

 private:
  void read(const std::filesystem::path& folder);

  std::vector<catalogue::Files> files_;  // own what `all_` views
  catalogue::Catalogue all_;
  catalogue::Problems problems_;
};

// --catalogue DIR, as often as one likes.
void add_catalogue_option(arguments::Command& command, std::vector<std::string>& folders);

// `file:line: message`, without the line where the whole file is meant.
std::string one_line(const catalogue::Problem& problem);

}  // namespace locksmith::cli

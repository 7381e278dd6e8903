// The readers of the formats, one file each, and what they share. Internal to settings/: others
// call read_settings().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "settings/setting.hpp"

namespace locksmith::settings {

using Settings = Result<std::vector<Setting>>;

Settings read_json(std::string_view text);
Settings read_toml(std::string_view text);
Settings read_yaml(std::string_view text);
Settings read_ini(std::string_view text);
Settings read_netrc(std::string_view text);
Settings read_npmrc(std::string_view text);

// The line at which yaml-cpp would read for ever; what it cannot read it throws.
std::optional<std::size_t> where_yaml_stalls(std::string_view text);

// What is odd about a value, whatever file it comes from: white space or a line end at its ends,
// quotes around it.
std::vector<std::string> oddities_of(std::string_view value);

// "line 3 is not JSON". Never what a library says about it: that may quote the text.
std::unexpected<Error> not_of_format(std::string_view format, std::size_t line);

// Gathers the texts of a tree under their paths. A path is repeated for each text below it, and an
// alias of YAML repeats all it stands for, so a small file may stand for gigabytes: the sum of what
// is gathered has a limit.
class Gatherer {
 public:
  void enter(std::string_view member);
  void enter(std::size_t index) { enter(std::to_string(index)); }
  void leave();
  void add(std::string_view value, std::size_t line, std::string oddity = {});

  std::size_t depth() const { return lengths_.size(); }
  bool overflows() const { return bytes_ > most_bytes; }
  Settings take(std::string_view format);

 private:
  static constexpr std::size_t most_bytes = 64 << 20;

  std::string path_;
  std::vector<std::size_t> lengths_;  // of path_, before each member was entered
  std::vector<Setting> settings_;
  std::size_t bytes_ = 0;
};

}  // namespace locksmith::settings

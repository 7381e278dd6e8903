// What a search found, and what it could not look at: the words that all searches of this folder
// share.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "leaks/searcher.hpp"

namespace locksmith::leaks {

enum class Where { file, log, shell_history, staged };
std::string_view to_string(Where where);
std::string_view to_string(Disguise disguise);

// One copy of a key. Paths hold the bytes of the file system; who shows one escapes it.
struct Find {
  std::size_t key = 0;  // index into the keys that are looked for
  Disguise disguise = Disguise::plain;
  Where where = Where::file;
  std::string path;
  std::string inside;  // the way through archives: "layer.tar!etc/app.env"
  std::uint64_t offset = 0;
  std::uint64_t line = 0, column = 0;  // 1-based; the column counts bytes
  std::uint64_t more = 0;              // further copies in the same content, not listed
  std::string variable;                // the name in front of it: NAME=KEY, "name": "KEY"
  std::string original;                // in a source map: the file that it was built from
  std::string exposure;                // why whoever opens the web page gets it; empty: not known
  bool at_home = false;                // where the key was taken from: no leak
};

// Why something was not searched, or not to its end.
enum class Reason {
  unreadable,
  vanished,
  socket,
  fifo,
  device,
  link,           // within the tree; what it leads to is searched where it stands
  dangling_link,  // shown with --verbose only
  link_loop,
  pseudo_file_system,
  git_objects,  // left to the search of the history
  encrypted,
  damaged,
  limit,
  unsupported,
};
inline constexpr std::size_t reasons = static_cast<std::size_t>(Reason::unsupported) + 1;
std::string_view to_string(Reason reason);

struct Omission {
  Reason reason = Reason::unreadable;
  std::string path;
  std::string detail;
};

// Counts everything, remembers the first of each reason.
class SkipList {
 public:
  static constexpr std::size_t remembered = 200;  // per reason

  void add(Reason reason, std::string path, std::string detail = {});
  void add(const SkipList& other);
  std::uint64_t count(Reason reason) const { return counts_[static_cast<std::size_t>(reason)]; }
  const std::vector<Omission>& examples() const { return examples_; }

 private:
  std::array<std::uint64_t, reasons> counts_{};
  std::vector<Omission> examples_;
};

// What one thread, or a whole search, has to tell.
struct Tally {
  std::vector<Find> finds;
  SkipList skipped;
  std::uint64_t files = 0, bytes = 0;
  std::uint64_t unreached = 0;  // places that were named, and could not be read
  std::vector<std::string> repositories;  // git folders that were met

  void add(Tally&& other);
};

}  // namespace locksmith::leaks

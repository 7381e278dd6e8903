// What all forms of the report have in common.
#include "leaks/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::leaks {

std::size_t Report::leaks(std::size_t key) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      tally.finds, [&](const Find& find) { return find.key == key && !find.at_home; }));
}

std::size_t Report::leaks() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(tally.finds, [](const Find& find) { return !find.at_home; }));
}

bool Report::unreadable() const {
  return tally.files == 0 &&
         (tally.skipped.count(Reason::unreadable) > 0 || tally.skipped.count(Reason::vanished) > 0);
}

std::string place(const Find& find) {
  std::string out = base::printable(find.path);
  if (!find.inside.empty()) out += "!" + base::printable(find.inside);
  if (find.line > 0) out += fmt::format(":{}:{}", find.line, find.column);
  return out;
}

}  // namespace locksmith::leaks

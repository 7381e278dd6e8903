#include "base/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace locksmith::base {
namespace {

// No name is longer; a pasted text must not cost its square.
constexpr std::size_t longest = 64;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> choice) {
  std::string_view best;
  std::size_t least = std::min<std::size_t>(3, word.size() / 2) + 1;
  for (const std::string_view candidate : choice) {
    const std::size_t d = distance(word.substr(0, longest), candidate.substr(0, longest));
    if (d < least) least = d, best = candidate;
  }
  return best;
}

}  // namespace locksmith::base

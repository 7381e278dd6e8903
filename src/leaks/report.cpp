// What all forms of the report have in common.
#include "leaks/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/file.hpp"
#include "base/text.hpp"
#include "leaks/client_side.hpp"
#include "leaks/source_map.hpp"

namespace locksmith::leaks {

namespace {

constexpr std::size_t largest_map = 64 << 20;

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error);
}

// The copies of one map stand side by side: it is read once.
struct LastMap {
  std::string path, text;

  std::string original(const Find& find) {
    if (path != find.path) {
      path = find.path;
      text = base::read_regular_file(path, largest_map).value_or("");
    }
    return original_of(text, find.offset);
  }
};

}  // namespace

void Report::annotate() {
  LastMap map;
  for (Find& find : tally.finds) {
    const Subject& subject = keys.at(find.key);
    const bool is_secret = !subject.kind.key || !is_public(*subject.kind.key);
    if (is_secret && (find.where == Where::file || find.where == Where::staged)) {
      find.exposure = exposure(find.inside.empty() ? find.path : find.inside, find.variable);
    }
    if (find.where == Where::file && find.inside.empty() && find.path.ends_with(".map")) {
      find.original = map.original(find);
    }
    find.at_home = !subject.home.empty() && find.inside.empty() && find.exposure.empty() &&
                   find.where != Where::staged && is_same_file(find.path, subject.home);
  }
}

void Report::sort_keys() {
  std::vector<std::size_t> first(keys.size(), tally.finds.size());
  for (std::size_t i = tally.finds.size(); i-- > 0;) first[tally.finds[i].key] = i;
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t key) { return first[key]; });
  std::vector<Subject> sorted;
  std::vector<std::size_t> place_of(keys.size());
  for (const std::size_t key : order) {
    place_of[key] = sorted.size();
    sorted.push_back(std::move(keys[key]));
  }
  keys = std::move(sorted);
  for (Find& find : tally.finds) find.key = place_of[find.key];
  for (RepositoryFinds& repository : repositories) {
    for (HistoryFind& find : repository.found.finds) find.key = place_of[find.key];
  }
}

std::size_t Report::leaks(std::size_t key) const {
  auto n = std::ranges::count_if(
      tally.finds, [&](const Find& find) { return find.key == key && !find.at_home; });
  for (const RepositoryFinds& repository : repositories) {
    n += std::ranges::count(repository.found.finds, key, &HistoryFind::key);
  }
  return static_cast<std::size_t>(n);
}

std::size_t Report::leaks() const {
  std::size_t n = 0;
  for (std::size_t key = 0; key < keys.size(); ++key) n += leaks(key);
  return n;
}

bool Report::unreadable() const { return tally.unreached > 0; }

std::string place(const Find& find) {
  std::string out = base::printable(find.path);
  if (!find.inside.empty()) out += "!" + base::printable(find.inside);
  if (find.line > 0) out += fmt::format(":{}:{}", find.line, find.column);
  return out;
}

}  // namespace locksmith::leaks

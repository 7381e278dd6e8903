#include "cli/provider_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "inspect/judge.hpp"

namespace locksmith::cli {
namespace {

struct Counts {
  std::size_t keys = 0, refusals = 0, examples = 0;
};

void count(const catalogue::Files& files, Counts& counts) {
  for (const catalogue::Provider& provider : files.catalogue().providers) {
    counts.keys += provider.keys.size();
    counts.refusals += provider.refusals.size();
  }
  for (const catalogue::Intermediary& intermediary : files.catalogue().intermediaries) {
    counts.refusals += intermediary.refusals.size();
  }
  counts.examples += files.examples().size();
}

// Two owners of one host: the later takes it, which is seldom what a new file means.
void find_taken_hosts(const std::string& path, const catalogue::Files& files,
                      const catalogue::Catalogue& known, catalogue::Problems& problems) {
  for (const catalogue::Provider& provider : files.catalogue().providers) {
    for (const catalogue::Provider& other : known.providers) {
      if (other.slug == provider.slug) continue;
      for (const std::string_view host : provider.hosts) {
        if (std::ranges::find(other.hosts, host) == other.hosts.end()) continue;
        problems.push_back(
            {path, 0, fmt::format("host \"{}\" belongs to \"{}\"", host, other.slug),
             fmt::format("to replace what is known of it, name the file {}.toml", other.slug)});
      }
    }
  }
}

void print(const catalogue::Problem& problem) {
  fmt::print("{}\n", base::printable(one_line(problem)));
  if (!problem.hint.empty()) fmt::print("  hint: {}\n", base::printable(problem.hint));
}

}  // namespace

int check_provider_files(const std::vector<std::string>& files,
                         const std::vector<std::string>& folders) {
  // A user's folder may have the very problem that is looked for here; it is left out then.
  Catalogues known(folders);
  catalogue::Problems problems;
  Counts counts;
  for (const std::string& path : files) {
    auto read = catalogue::Files::read(path, known.all());
    if (!read) {
      std::ranges::copy(read.error(), std::back_inserter(problems));
      continue;
    }
    find_taken_hosts(path, *read, known.all(), problems);
    count(*read, counts);
    const auto examples = read->examples();
    known.add(std::move(*read));
    for (const catalogue::Example& example : examples) {
      std::ranges::copy(inspect::faults(example, known.all()), std::back_inserter(problems));
    }
  }
  std::ranges::for_each(problems, print);
  if (!problems.empty()) return exit_nothing;
  fmt::print("ok: {}, {}, {}\n", base::count_of(counts.keys, "key kind"),
             base::count_of(counts.refusals, "refusal"),
             base::count_of(counts.examples, "example"));
  return exit_ok;
}

}  // namespace locksmith::cli

// The names that frameworks and people give to environments. A .env file's is what stands behind
// ".env.", as Vite (--mode), Next.js and dotenv-flow (NODE_ENV), Rails' dotenv and Symfony have it:
//   https://vite.dev/guide/env-and-mode#env-files
//   https://nextjs.org/docs/app/guides/environment-variables#environment-variable-load-order
//   https://github.com/kerimdzhanov/dotenv-flow#variables-overwritingpriority
// Elsewhere only the usual names count. And which places are compared with one another.
#include "whereabouts/environment.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace locksmith::whereabouts {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> usual_names{{
    {"production", "production"},
    {"prod", "production"},
    {"prd", "production"},
    {"staging", "staging"},
    {"stage", "staging"},
    {"stg", "staging"},
    {"development", "development"},
    {"dev", "development"},
    {"test", "test"},
    {"tests", "test"},
    {"testing", "test"},
    {"qa", "qa"},
    {"uat", "uat"},
    {"preview", "preview"},
    {"sandbox", "sandbox"},
    {"example", example},
    {"examples", example},
    {"sample", example},
    {"template", example},
    {"dist", example},
    {"fixtures", example},
    {"testdata", "test"},
}};

std::string_view usual(std::string_view word) {
  const std::string small = base::lower(word);
  const auto found =
      std::ranges::find(usual_names, small, &std::pair<std::string_view, std::string_view>::first);
  return found == usual_names.end() ? std::string_view() : found->second;
}

// The last of the words between dots, dashes and underscores that names an environment.
std::string_view in_words(std::string_view name) {
  std::string_view found;
  for (std::size_t start = 0; start < name.size();) {
    const std::size_t end = std::min(name.find_first_of("._-", start), name.size());
    if (const auto known = usual(name.substr(start, end - start)); !known.empty()) found = known;
    start = end + 1;
  }
  return found;
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(0, slash == std::string_view::npos ? 0 : slash);
}

bool is_plain(const Place& place) {
  return place.consumer == Consumer::dotenv && place.environment.empty() &&
         place.holds == Holds::value;
}

// The environments of programs that are started here: none that is named, development's files in
// folders that have no others, and any if nothing is for another one.
class Here {
 public:
  explicit Here(const Places& places) {
    std::set<std::string_view> all;
    for (const Place& place : places) {
      if (is_plain(place)) plain_.insert(folder_of(place.path));
      const bool empty = place.consumer == Consumer::dotenv && place.holds == Holds::nothing;
      if (place.path.empty() || (place.holds != Holds::value && !empty)) continue;
      if (place.environment != example) all.insert(place.environment);
    }
    if (all.size() == 1) only_ = *all.begin();
  }
  bool has(const Place& place) const {
    if (place.environment.empty() || place.environment == only_) return true;
    return place.environment == development && !plain_.contains(folder_of(place.path));
  }

 private:
  std::set<std::string_view> plain_;  // folders
  std::string_view only_;
};

// What runs a program in some environment, rather than being part of one.
bool is_deployed(Consumer consumer) {
  switch (consumer) {
    case Consumer::process:
    case Consumer::compose:
    case Consumer::image:
    case Consumer::systemd:
    case Consumer::supervisor:
    case Consumer::cron:
    case Consumer::kubernetes:
    case Consumer::ci:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string environment_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  std::string_view name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  for (const std::string_view start : {".env.", "env."}) {
    if (!name.starts_with(start)) continue;
    name.remove_prefix(start.size());
    if (in_words(name) == example) return std::string(example);
    if (name == "local") return {};
    if (name.ends_with(".local")) name.remove_suffix(6);
    const std::string_view known = usual(name);
    return base::lower(known.empty() ? name : known);
  }
  if (path.starts_with('/')) return {};
  if (const auto known = in_words(name); !known.empty()) return std::string(known);
  std::string_view folders = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  while (!folders.empty()) {
    const std::size_t last = folders.rfind('/');
    const std::string_view folder = folders.substr(last == std::string_view::npos ? 0 : last + 1);
    if (const auto known = usual(folder); !known.empty()) return std::string(known);
    folders = folders.substr(0, last == std::string_view::npos ? 0 : last);
  }
  return {};
}

Split by_environment(const Places& places) {
  const Here present(places);
  // What files have for programs that are started here, and for others.
  std::set<std::string_view> values_here, values_there;
  for (const Place& place : places) {
    const bool file = !is_deployed(place.consumer) && !place.path.empty();
    if (file && place.holds == Holds::value && place.environment != example)
      (present.has(place) ? values_here : values_there).insert(place.value.reveal());
  }
  Split split;
  for (const Place& place : places) {
    // A process, or a manifest, with production's key is none that has an old one.
    const bool elsewhere = is_deployed(place.consumer) && place.holds == Holds::value &&
                           !values_here.contains(place.value.reveal()) &&
                           values_there.contains(place.value.reveal());
    if (place.environment == example)
      split.examples.push_back(&place);
    else if (present.has(place) && !elsewhere)
      split.here.push_back(place);
    else if (place.holds == Holds::value)
      split.others.push_back(&place);
  }
  return split;
}

}  // namespace locksmith::whereabouts

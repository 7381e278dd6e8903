// The names that frameworks and people give to environments. A .env file's is whatever stands
// behind
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

// That of programs which are started here: what names no environment, with development's where
// only that has a .env file. What is for one environment alone is compared, too.
std::string environment_here(const Places& places) {
  bool developed = false, plain = false;
  std::set<std::string> all;
  for (const Place& place : places) {
    const bool dotenv = place.consumer == Consumer::dotenv;
    const bool sets = place.holds == Holds::value || (dotenv && place.holds == Holds::nothing);
    if (!sets || place.path.empty() || place.environment == example) continue;
    if (dotenv && place.environment.empty() && place.holds == Holds::value) return "";
    plain |= place.environment.empty();
    developed |= dotenv && place.environment == development;
    all.insert(place.environment);
  }
  if (developed) return std::string(development);
  return !plain && all.size() == 1 ? *all.begin() : "";
}

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
  const std::string wanted = environment_here(places);
  const auto is_here = [&](const Place& place) {
    return place.environment.empty() || place.environment == wanted;
  };
  const auto is_in = [&](const base::Secret& value, bool here) {
    return std::ranges::any_of(places, [&](const Place& place) {
      return !is_deployed(place.consumer) && !place.path.empty() && place.holds == Holds::value &&
             is_here(place) == here && place.environment != example && place.value == value;
    });
  };
  Split split;
  for (const Place& place : places) {
    // A process, or a manifest, with production's key is none that has an old one.
    const bool elsewhere = is_deployed(place.consumer) && place.holds == Holds::value &&
                           !is_in(place.value, true) && is_in(place.value, false);
    if (place.environment == example)
      split.examples.push_back(&place);
    else if (is_here(place) && !elsewhere)
      split.here.push_back(place);
    else if (place.holds == Holds::value)
      split.others.push_back(&place);
  }
  return split;
}

}  // namespace locksmith::whereabouts

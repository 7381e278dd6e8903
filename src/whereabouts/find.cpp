#include "whereabouts/find.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <tuple>

#include "base/file.hpp"
#include "base/text.hpp"
#include "credential/secret_names.hpp"
#include "settings/dotenv.hpp"
#include "whereabouts/environment.hpp"
#include "whereabouts/processes.hpp"
#include "whereabouts/sources.hpp"
#include "whereabouts/walk.hpp"

namespace locksmith::whereabouts {
namespace {

// A file that holds none of the names, but may hold one of the values.
struct Kept {
  std::string path, text;
  std::optional<base::Time> changed;
  Source source;
};

class Finder {
 public:
  Finder(const Where& where, const Names& names) : where_(where), names_(names) {}

  void look_at(const Candidate& candidate) {
    if (!seen_.insert(candidate.path).second) return;
    const auto opened = open(candidate.path, candidate.source == Source::units);
    if (!opened) return;
    const File file{shown(candidate.path), opened->text, opened->changed, candidate.rank};
    FileRead read = read_file(candidate.source, file, names_);
    if (!read.problem.empty() && !names_.in(opened->text).empty())
      skip(candidate.path, read.problem);
    const Consumer consumer = consumer_of(candidate.source);
    const bool may_hold = consumer == Consumer::client || consumer == Consumer::framework;
    if (read.places.empty() && may_hold)
      kept_.push_back({candidate.path, opened->text, opened->changed, candidate.source});
    std::ranges::move(read.places, std::back_inserter(found.places));
    for (const Further& further : read.further) look_at_further(further, candidate);
  }

  // The same value under another name: a token of .npmrc, a password of .netrc.
  void find_values() {
    constexpr std::size_t shortest = 8;
    std::set<std::pair<std::string, std::string>> known;  // names and their values
    for (const Place& place : found.places) {
      const std::string& value = place.value.reveal();
      const bool whole = base::trim(value).size() == value.size();
      if (value.size() >= shortest && whole && !credential::is_no_secret(value))
        known.emplace(place.name, value);
    }
    for (const Kept& kept : kept_) {
      for (const auto& [name, value] : known) {
        if (kept.text.contains(value)) add_same_value(kept, name, value);
      }
    }
  }

  // Nobody reads an example, so it does not matter who would misread it.
  void mark_examples() {
    for (Place& place : found.places) {
      if (place.environment != example) continue;
      place.notes.clear();
      if (place.holds != Holds::value) continue;
      const bool real = !credential::is_no_secret(place.value.reveal()) &&
                        std::ranges::any_of(found.places, [&](const Place& other) {
                          return other.environment != example && other.value == place.value;
                        });
      if (real)
        place.notes.emplace_back("holds the key itself, and examples are usually committed");
    }
  }

  Whereabouts found;

 private:
  void skip(const std::string& path, std::string reason) {
    found.skipped.push_back({shown(path), std::move(reason)});
  }

  // Relative below the current folder; never with the root that a test has put in front.
  std::string shown(const std::string& path) const {
    std::string_view text = path;
    const std::string here = where_.cwd == "/" ? "/" : where_.cwd + "/";
    if (text.starts_with(here)) return std::string(text.substr(here.size()));
    if (!where_.root.empty() && text.starts_with(where_.root))
      text.remove_prefix(where_.root.size());
    return std::string(text);
  }

  struct Opened {
    std::string text;
    base::Time changed;
  };
  // Nothing when it is not there; what cannot be read is noted.
  std::optional<Opened> open(const std::string& path, bool may_be_masked) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
      if (errno != ENOENT && errno != ENOTDIR) skip(path, std::strerror(errno));
      return std::nullopt;
    }
    const bool masked = S_ISCHR(facts.st_mode) && may_be_masked;  // a unit: /dev/null
    if (S_ISDIR(facts.st_mode) || masked) return std::nullopt;
    auto text = base::read_regular_file(path, where_.limits.file_bytes);
    if (!text) {
      const std::string& message = text.error().message;
      skip(path, message.substr(message.rfind(": ") + 2));
      return std::nullopt;
    }
    return Opened{std::move(*text), base::Time{std::chrono::seconds(facts.st_mtime)}};
  }

  // Where the file is that `by` names; empty when that is not known.
  std::string path_of(const Further& further, const Candidate& by) const {
    std::string path = further.path;
    // systemd.unit(5), SPECIFIERS: of those only the home folder is known here.
    if (const auto home = path.find("%h"); home != std::string::npos)
      path.replace(home, 2, where_.home);
    const bool unit = further.consumer == Consumer::systemd;
    if (unit && (!path.starts_with('/') || path.contains('%'))) return {};
    if (path.starts_with("~/")) path = where_.home + path.substr(1);
    if (!path.starts_with('/'))
      return (std::filesystem::path(by.path).parent_path() / path).lexically_normal().string();
    const bool own = path.starts_with(where_.home + "/") && !where_.home.empty();
    return own ? path : where_.root + path;
  }

  // It may be one of the folder's .env files: then it has two readers, and both count.
  void look_at_further(const Further& further, const Candidate& by) {
    const std::string path = path_of(further, by);
    if (path.empty()) return;
    const auto opened = open(path, false);
    if (!opened) return;
    const File file{shown(path), opened->text, opened->changed, by.rank + further.rank};
    FileRead read = read_further(further, file, names_);
    if (!read.problem.empty()) skip(path, read.problem);
    for (Place& place : read.places) {
      const auto same = std::ranges::find_if(found.places, [&](const Place& known) {
        return known.consumer == place.consumer && known.path == place.path &&
               known.line == place.line && known.name == place.name;
      });
      if (same == found.places.end()) {
        found.places.push_back(std::move(place));
        continue;
      }
      same->rank = std::min(same->rank, place.rank);
      for (std::string& note : place.notes) {
        if (std::ranges::find(same->notes, note) == same->notes.end())
          same->notes.push_back(std::move(note));
      }
    }
  }

  void add_same_value(const Kept& kept, const std::string& name, const std::string& value) {
    const File file{shown(kept.path), kept.text, kept.changed};
    const auto at = kept.text.find(value);
    const int line =
        1 + static_cast<int>(std::count(kept.text.begin(),
                                        kept.text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    Place place = place_in(file, consumer_of(kept.source), name, line);
    place.value = base::Secret(value);
    place.notes.emplace_back("holds the same value under another name");
    found.places.push_back(std::move(place));
  }

  const Where& where_;
  const Names& names_;
  std::set<std::string> seen_;
  std::vector<Kept> kept_;
};

}  // namespace

Where here() {
  Where where;
  char path[PATH_MAX];
  if (::getcwd(path, sizeof path)) where.cwd = path;
  if (const char* home = std::getenv("HOME")) where.home = home;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      where.variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  where.self = ::getpid();
  return where;
}

Whereabouts find_places(const Where& where, const Names& names) {
  Finder finder(where, names);
  for (const auto& [name, value] : where.variables) {
    if (!names.has(name)) continue;
    Place place;
    place.consumer = Consumer::shell;
    place.name = name;
    place.holds = value.empty() ? Holds::nothing : Holds::value;
    place.value = base::Secret(value);
    finder.found.places.push_back(std::move(place));
  }
  if (where.processes) add_processes(where.root + "/proc", where.self, names, finder.found);
  std::vector<Skipped>& skipped = finder.found.skipped;
  for (const Candidate& file : project_files(where, skipped)) finder.look_at(file);
  for (const Candidate& file : user_files(where, skipped)) finder.look_at(file);
  if (where.system) {
    for (const Candidate& file : system_files(where, skipped)) finder.look_at(file);
  }
  finder.find_values();
  finder.mark_examples();
  std::ranges::stable_sort(finder.found.places, {}, [](const Place& place) {
    return std::tuple(static_cast<int>(place.consumer), place.rank);
  });
  return std::move(finder.found);
}

std::vector<std::string> key_names(const Where& where) {
  std::set<std::string> names;
  std::vector<Skipped> skipped;
  for (const Candidate& file : project_files(where, skipped)) {
    if (file.source != Source::dotenv || environment_of(file.path) == example) continue;
    const auto text = base::read_regular_file(file.path, where.limits.file_bytes);
    if (!text) continue;
    const auto settings = settings::read_dotenv_settings(*text, settings::Reader::dotenv);
    for (const settings::Setting& setting : *settings) {
      if (credential::secrecy_of(setting.name, credential::NameKind::variable) !=
          credential::Secrecy::none)
        names.insert(setting.name);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace locksmith::whereabouts

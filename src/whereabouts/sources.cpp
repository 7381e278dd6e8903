// What a file is, by its path; which reader it gets; and what the readers share.
#include "whereabouts/sources.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "settings/reference.hpp"
#include "whereabouts/environment.hpp"

namespace locksmith::whereabouts {
namespace {

struct Known {
  std::string_view folder;  // the path has it; empty: any
  std::string_view start, end;
  Source source;
};

// The first that fits.
constexpr std::array<Known, 44> known_files{{
    {"", ".envrc", "", Source::envrc},
    {"", ".env", "", Source::dotenv},
    {"", "", ".env", Source::dotenv},
    {"", ".flaskenv", "", Source::dotenv},
    {"", ".dev.vars", "", Source::dotenv},
    {"", "docker-compose", ".yml", Source::compose},
    {"", "docker-compose", ".yaml", Source::compose},
    {"", "compose", ".yml", Source::compose},
    {"", "compose", ".yaml", Source::compose},
    {"", "Dockerfile", "", Source::dockerfile},
    {"", "Containerfile", "", Source::dockerfile},
    {"", "", ".dockerfile", Source::dockerfile},
    {".github/workflows/", "", ".yml", Source::ci},
    {".github/workflows/", "", ".yaml", Source::ci},
    {".circleci/", "", ".yml", Source::ci},
    {"", ".gitlab-ci", ".yml", Source::ci},
    {"", "azure-pipelines", ".yml", Source::ci},
    {"", "bitbucket-pipelines", ".yml", Source::ci},
    {"", ".travis", ".yml", Source::ci},
    {"", "Jenkinsfile", "", Source::ci},
    {".vscode/", "", ".json", Source::ide_json},
    {".devcontainer/", "", ".json", Source::ide_json},
    {".idea/runConfigurations/", "", ".xml", Source::ide_xml},
    {"", "", ".run.xml", Source::ide_xml},
    {"", "ecosystem.config", ".json", Source::pm2_json},
    {"", "pm2", ".json", Source::pm2_json},
    {"", "dump.pm2", "", Source::pm2_json},
    {"", "ecosystem.config", "js", Source::javascript},
    {"", "supervisord.conf", "", Source::supervisor},
    {"supervisor/", "", ".conf", Source::supervisor},
    {"", "", ".service", Source::units},
    {"", "crontab", "", Source::crontab},
    {"", "appsettings", ".json", Source::structured},
    {"", "local.settings.json", "", Source::structured},
    {"", "application", ".properties", Source::structured},
    {"", "wrangler", "toml", Source::structured},
    {"", "fly.toml", "", Source::structured},
    {"", "netlify.toml", "", Source::structured},
    {"", ".npmrc", "", Source::client},
    {"", ".netrc", "", Source::client},
    {"", ".pypirc", "", Source::client},
    {"", "pip.conf", "", Source::client},
    {"", "", ".yml", Source::kubernetes},  // or a framework's: its text tells
    {"", "", ".yaml", Source::kubernetes},
}};

}  // namespace

std::optional<Source> source_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view end : {"example", "sample", "template", ".dist"}) {
    const bool dotenv = name.starts_with(".env") || name.starts_with("env.");
    if (name.ends_with(end)) return dotenv ? std::optional(Source::dotenv) : std::nullopt;
  }
  for (const Known& known : known_files) {
    if (name.size() >= known.start.size() + known.end.size() && name.starts_with(known.start) &&
        name.ends_with(known.end) && (known.folder.empty() || path.contains(known.folder)))
      return known.source;
  }
  return std::nullopt;
}

Consumer consumer_of(Source source) {
  switch (source) {
    case Source::dotenv:
      return Consumer::dotenv;
    case Source::envrc:
      return Consumer::direnv;
    case Source::shell:
    case Source::fish:
    case Source::pam:
      return Consumer::startup;
    case Source::units:
    case Source::unit_file:
      return Consumer::systemd;
    case Source::crontab:
      return Consumer::cron;
    case Source::compose:
      return Consumer::compose;
    case Source::kubernetes:
      return Consumer::kubernetes;
    case Source::ci:
      return Consumer::ci;
    case Source::dockerfile:
      return Consumer::image;
    case Source::ide_json:
    case Source::ide_xml:
      return Consumer::ide;
    case Source::pm2_json:
    case Source::javascript:
    case Source::supervisor:
      return Consumer::supervisor;
    case Source::structured:
      return Consumer::framework;
    case Source::client:
      return Consumer::client;
  }
  return Consumer::framework;
}

FileRead read_file(Source source, const File& file, const Names& names) {
  FileRead read;
  const Consumer consumer = consumer_of(source);
  switch (source) {
    case Source::dotenv:
      read_dotenv(file, names, read);
      break;
    case Source::envrc:
    case Source::shell:
      read_shell(file, consumer, names, read);
      break;
    case Source::fish:
      read_fish(file, names, read);
      break;
    case Source::pam:
      read_pam(file, names, read);
      break;
    case Source::units:
      read_unit(file, names, read);
      break;
    case Source::unit_file:
      read_unit_file(file, names, read);
      break;
    case Source::crontab:
      read_crontab(file, names, read);
      break;
    case Source::compose:
      read_compose(file, names, read);
      break;
    case Source::kubernetes:
      read_kubernetes(file, names, read);
      break;
    case Source::ci:
      read_ci(file, names, read);
      break;
    case Source::dockerfile:
      read_dockerfile(file, names, read);
      break;
    case Source::ide_xml:
      read_xml(file, names, read);
      break;
    case Source::javascript:
      read_javascript(file, names, read);
      break;
    case Source::supervisor:
      read_supervisor(file, names, read);
      break;
    case Source::ide_json:
    case Source::pm2_json:
    case Source::structured:
    case Source::client:
      read_structured(file, consumer, names, read);
      break;
  }
  return read;
}

Place place_in(const File& file, Consumer consumer, std::string name, int line) {
  Place place;
  place.consumer = consumer;
  place.name = std::move(name);
  place.path = file.path;
  place.line = line;
  place.since = file.changed;
  place.rank = file.rank;
  place.environment = environment_of(file.path);
  return place;
}

void add_value(const File& file, Consumer consumer, std::string name, int line, std::string value,
               FileRead& read, std::vector<std::string> notes) {
  Place place = place_in(file, consumer, std::move(name), line);
  place.notes = std::move(notes);
  const auto reference = settings::reference_in(value);
  place.holds = value.empty() ? Holds::nothing : reference ? Holds::reference : Holds::value;
  if (reference)
    place.notes.push_back("takes it from " + reference->what());
  else
    place.value = base::Secret(std::move(value));
  read.places.push_back(std::move(place));
}

void add_setting(const File& file, Consumer consumer, const settings::Setting& setting,
                 std::string name, FileRead& read) {
  if (setting.known)
    return add_value(file, consumer, std::move(name), setting.line, setting.value.reveal(), read,
                     setting.oddities);
  Place place = place_in(file, consumer, std::move(name), setting.line);
  place.holds = Holds::unknown;
  place.notes = setting.oddities;
  read.places.push_back(std::move(place));
}

void add_mentions(const File& file, Consumer consumer, const Names& names, FileRead& read) {
  for (const std::string& name : names.in(file.text)) {
    const auto is_known = [&](const Place& place) { return place.name == name; };
    if (std::ranges::any_of(read.places, is_known)) continue;
    std::vector<int> lines;
    int line = 1;
    std::size_t counted = 0;
    for (auto at = find_word(file.text, name); at != std::string_view::npos;
         at = find_word(file.text, name, at + 1)) {
      line += static_cast<int>(std::ranges::count(file.text.substr(counted, at - counted), '\n'));
      counted = at;
      const auto start = file.text.rfind('\n', at) + 1;  // npos + 1 is 0
      const std::string_view row = base::trim(file.text.substr(start, at - start));
      const bool slashes =
          row.starts_with("//") && consumer != Consumer::client;  // .npmrc has hosts
      const bool comment = row.starts_with('#') || slashes || row.starts_with(';');
      if (!comment && (lines.empty() || lines.back() != line)) lines.push_back(line);
    }
    if (lines.empty()) continue;
    Place place = place_in(file, consumer, name, lines.front());
    place.holds = Holds::reference;
    place.notes.push_back(lines.size() == 1
                              ? "is used here"
                              : "is used in " + base::count_of(lines.size(), "line") + " here");
    read.places.push_back(std::move(place));
  }
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  bool inside = false;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (!quote && (c == ' ' || c == '\t')) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (quote ? c == quote : c == '"' || c == '\'')
      quote = quote ? '\0' : c;
    else if (c == '\\' && quote != '\'' && i + 1 < line.size())
      words.back() += line[++i];
    else
      words.back() += c;
  }
  return words;
}

std::string_view last_of(std::string_view path) { return path.substr(path.rfind('.') + 1); }
std::string_view parent_of(std::string_view path) {
  const auto dot = path.rfind('.');
  return path.substr(0, dot == std::string_view::npos ? 0 : dot);
}

std::vector<settings::Setting> settings_of(const File& file, settings::Format format,
                                           FileRead& read) {
  auto settings = settings::read_settings(file.text, format);
  if (settings) return std::move(*settings);
  read.problem = settings.error().message;
  return {};
}

bool add_list_item(const File& file, Consumer consumer, const settings::Setting& item,
                   const Names& names, FileRead& read) {
  const std::string& text = item.value.reveal();
  const auto equals = text.find('=');
  if (equals == std::string::npos || !names.has(text.substr(0, equals))) return false;
  add_value(file, consumer, text.substr(0, equals), item.line, text.substr(equals + 1), read,
            item.oddities);
  return true;
}

void add_reference(const File& file, Consumer consumer, std::string name, int line,
                   std::string note, FileRead& read) {
  Place place = place_in(file, consumer, std::move(name), line);
  place.holds = Holds::reference;
  place.notes.push_back(std::move(note));
  read.places.push_back(std::move(place));
}

}  // namespace locksmith::whereabouts

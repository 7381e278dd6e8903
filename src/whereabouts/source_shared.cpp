// What the readers share: how a place is told from a file's setting, a mention, a list.
#include <algorithm>

#include "base/text.hpp"
#include "credential/secret_names.hpp"
#include "settings/reference.hpp"
#include "whereabouts/environment.hpp"
#include "whereabouts/sources.hpp"

namespace locksmith::whereabouts {

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
  if (!reference) {
    place.value = base::Secret(std::move(value));
    return read.places.push_back(std::move(place));
  }
  place.notes.push_back("takes it from " + reference->what());
  read.places.push_back(place);
  // A word such as "postgres" is no copy of the key.
  const std::string& fallback = reference->fallback.reveal();
  if (!credential::looks_random(fallback) && credential::known_prefix(fallback).text.empty())
    return;
  place.holds = Holds::value;
  place.value = reference->fallback;
  place.notes = {"is the default here, when " + reference->what() + " is not set"};
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

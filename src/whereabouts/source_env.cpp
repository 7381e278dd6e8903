// Files of NAME=value: .env, start-up files of shells, /etc/environment, and those of systemd.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "settings/dotenv.hpp"
#include "whereabouts/environment.hpp"
#include "whereabouts/sources.hpp"

namespace locksmith::whereabouts {
namespace {

// The value most readers give; the first of them wins a tie.
const settings::Setting* usual(const std::vector<settings::Reading>& readings,
                               std::string_view name) {
  const settings::Setting* best = nullptr;
  int most = 0;
  for (const settings::Reading& one : readings) {
    const settings::Setting* found = one.find(name);
    int alike = 0;
    for (const settings::Reading& other : readings) {
      const settings::Setting* same = other.find(name);
      alike += found && same && same->value == found->value;
    }
    if (alike > most) best = found, most = alike;
  }
  return best;
}

std::string words_of(const settings::Setting& setting) {
  std::string words;
  for (const std::string& oddity : setting.oddities) words += (words.empty() ? "" : ", ") + oddity;
  return words.empty() ? "another value" : words;
}

// .env.local wins over .env, and .env.production.local over both. Between them stands
// .env.production: above .env.local to Vite and dotenv-flow, below it to Next.js and Rails' dotenv
// (environment.cpp has the sources). Below, as it is not for the programs that are started here.
int rank_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool local = name.ends_with(".local");
  if (environment_of(path) == example) return 5;
  if (name == ".env") return 3;
  if (!name.starts_with(".env.")) return 4;
  return name == ".env.local" ? 1 : local ? 0 : 2;
}

}  // namespace

void read_dotenv(const File& file, const Names& names, FileRead& read) {
  const auto mentioned = names.in(file.text);
  if (mentioned.empty()) return;
  auto readings = settings::read_as_all(file.text);
  for (const std::string& name : mentioned) {
    const settings::Setting* setting = usual(readings, name);
    if (!setting) continue;
    add_setting(file, Consumer::dotenv, *setting, name, read);
    Place& place = read.places.back();
    place.rank = file.rank * 8 + rank_of(file.path);
    place.notes = setting->known ? std::vector<std::string>{} : setting->oddities;
    // Who differs is told from those who read it as most do.
    const base::Secret value = setting->value;
    std::ranges::stable_partition(readings, [&](const settings::Reading& one) {
      const settings::Setting* found = one.find(name);
      return found && found->value == value;
    });
    setting = usual(readings, name);
    for (std::string& sentence : settings::disagreements(readings, name))
      place.notes.push_back(std::move(sentence));
    for (const settings::Reading& reading : readings) {
      const settings::Setting* other = reading.find(name);
      if (other && !(other->value == setting->value))
        place.other_readings.push_back(
            {std::string(settings::name_of(reading.reader)), other->value, words_of(*other)});
    }
  }
}

void read_shell(const File& file, Consumer consumer, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  const auto settings = settings::read_dotenv_settings(file.text, settings::Reader::shell);
  for (const settings::Setting& setting : *settings) {
    if (names.has(setting.name)) add_setting(file, consumer, setting, setting.name, read);
  }
  add_mentions(file, consumer, names, read);
}

// `set -gx NAME value`. https://fishshell.com/docs/current/cmds/set.html
void read_fish(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  for_each_joined_line(file.text, [&](std::string_view line, int number) {
    const std::vector<std::string> words = split_words(line);
    if (words.empty()) return;
    // fish_variables: SETUVAR --export NAME:value
    if (words[0] == "SETUVAR") {
      const std::string& last = words.back();
      const auto colon = last.find(':');
      if (colon != std::string::npos && names.has(last.substr(0, colon)))
        add_value(file, Consumer::startup, last.substr(0, colon), number, last.substr(colon + 1),
                  read);
      return;
    }
    if (words[0] != "set") return;
    std::size_t at = 1;
    bool exported = false;
    for (; at < words.size() && words[at].starts_with('-'); ++at)
      exported |= words[at].contains('x') && words[at] != "--unexport";
    if (at >= words.size() || !names.has(words[at])) return;
    std::string value = at + 1 < words.size() ? words[at + 1] : "";
    if (value.contains('(')) {
      Place place = place_in(file, Consumer::startup, words[at], number);
      place.holds = Holds::unknown;
      place.notes.emplace_back("only running it would tell the value");
      read.places.push_back(std::move(place));
      return;
    }
    add_value(file, Consumer::startup, words[at], number, std::move(value), read,
              exported ? std::vector<std::string>{}
                       : std::vector<std::string>{"not exported, so that no program sees it"});
  });
  add_mentions(file, Consumer::startup, names, read);
}

// pam_env(8): NAME=value, quotes around it taken off, no expansion.
void read_pam(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  const auto settings = settings::read_dotenv_settings(file.text, settings::Reader::dotenv);
  for (const settings::Setting& setting : *settings) {
    if (names.has(setting.name)) add_setting(file, Consumer::startup, setting, setting.name, read);
  }
}

void read_unit_file(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  const auto settings = settings::read_dotenv_settings(file.text, settings::Reader::systemd);
  for (const settings::Setting& setting : *settings) {
    if (names.has(setting.name)) add_setting(file, Consumer::systemd, setting, setting.name, read);
  }
}

namespace {

// Many programs read such a file whole, with the line end that an editor has put there; those that
// take the file for one line do not. So it is noted, and not compared.
void read_whole_file(const Further& further, const File& file, FileRead& read) {
  std::string value(file.text);
  std::vector<std::string> notes;
  if (value.ends_with('\n')) {
    value.pop_back();
    if (value.ends_with('\r')) value.pop_back();
    notes.emplace_back("ends in a line feed, which a program that reads the whole file gets, too");
  }
  add_value(file, further.consumer, further.variable, 0, std::move(value), read, std::move(notes));
}

}  // namespace

FileRead read_further(const Further& further, const File& file, const Names& names) {
  FileRead read;
  if (!further.variable.empty()) {
    read_whole_file(further, file, read);
  } else if (further.consumer == Consumer::systemd) {
    read_unit_file(file, names, read);
  } else if (!names.in(file.text).empty()) {
    const auto settings = settings::read_dotenv_settings(file.text, settings::Reader::compose);
    if (!settings) read.problem = settings.error().message;
    for (const settings::Setting& setting : settings.value_or(std::vector<settings::Setting>{})) {
      if (names.has(setting.name)) add_setting(file, further.consumer, setting, setting.name, read);
    }
  }
  for (Place& place : read.places) {
    place.notes.insert(place.notes.begin(), further.who);
    if (const auto note = further.notes.find(place.name); note != further.notes.end())
      place.notes.push_back(note->second);
  }
  return read;
}

}  // namespace locksmith::whereabouts

// What starts programs on a machine: systemd's units, cron, supervisord, Dockerfiles.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "whereabouts/sources.hpp"

namespace locksmith::whereabouts {
namespace {

using Pair = std::pair<std::string, std::string>;

std::optional<Pair> assignment(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return Pair(word.substr(0, equals), word.substr(equals + 1));
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string without_quotes(std::string_view value) {
  value = base::trim(value);
  const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                      value.back() == value.front();
  return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

// "app.service", also of app.service.d/override.conf.
std::string name_of_unit(std::string_view path) {
  const std::string_view folder = path.substr(0, std::min(path.rfind('/'), path.size()));
  return base::printable(folder.ends_with(".d") ? last_part(folder.substr(0, folder.size() - 2))
                                                : last_part(path));
}

// systemd.exec(5), "Credentials": LoadCredential=ID:PATH, or an ID alone, which is looked for in
// /etc/credstore; SetCredential=ID:VALUE. What is encrypted, only the machine's own key opens.
void read_credential(const File& file, std::string_view key, std::string_view value, int line,
                     const Names& names, FileRead& read) {
  const auto colon = value.find(':');
  const std::string id(value.substr(0, colon));
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : value.substr(colon + 1);
  const std::string name = names.of_path(id);
  if (name.empty()) return;
  const Consumer systemd = Consumer::systemd;
  if (key == "SetCredential" && !rest.empty() && !rest.contains('\\'))
    return add_value(file, systemd, name, line, std::string(rest), read,
                     {"is the unit's credential " + id + ", which every user may read"});
  add_reference(file, systemd, name, line, "is the unit's credential " + id, read);
  if (key != "LoadCredential") return;
  std::string path(rest.empty() ? id : rest);
  if (!path.starts_with('/')) path = "/etc/credstore/" + path;
  read.further.push_back(
      {.path = std::move(path),
       .variable = name,
       .who = fmt::format("LoadCredential={} of {}", id, name_of_unit(file.path))});
}

// systemd.exec(5), "Environment".
void read_unit_setting(const File& file, std::string_view key, std::string_view value, int line,
                       const Names& names, FileRead& read) {
  const Consumer systemd = Consumer::systemd;
  if (key == "Environment" && value.empty()) {
    std::erase_if(read.places, [](const Place& place) { return place.holds == Holds::value; });
  } else if (key == "Environment") {
    for (const std::string& word : split_words(value)) {
      const auto pair = assignment(word);
      if (pair && names.has(pair->first))
        add_value(file, systemd, pair->first, line, pair->second, read);
    }
  } else if (key == "EnvironmentFile" && !value.empty()) {
    // It wins over Environment=, also over that of a drop-in.
    read.further.push_back({.path = std::string(value.substr(value.starts_with('-') ? 1 : 0)),
                            .who = "EnvironmentFile= of " + name_of_unit(file.path),
                            .rank = -10});
  } else if (key == "PassEnvironment" || key == "UnsetEnvironment") {
    for (const std::string& word : split_words(value)) {
      if (names.has(word))
        add_reference(file, systemd, word, line,
                      key == "PassEnvironment" ? "is passed on from the manager's environment"
                                               : "is taken away from the unit",
                      read);
    }
  } else if (key.starts_with("LoadCredential") || key.starts_with("SetCredential")) {
    read_credential(file, key, value, line, names, read);
  }
}

}  // namespace

void read_unit(const File& file, const Names& names, FileRead& read) {
  for_each_joined_line(file.text, [&](std::string_view line, int number) {
    line = base::trim(line);
    if (line.starts_with('#') || line.starts_with(';')) return;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return;
    read_unit_setting(file, base::trim(line.substr(0, equals)), base::trim(line.substr(equals + 1)),
                      number, names, read);
  });
  add_mentions(file, Consumer::systemd, names, read);
}

// crontab(5): NAME = value on a line of its own; quotes around the value are taken off, nothing is
// expanded. An assignment within a command is for that command.
void read_crontab(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  int number = 0;
  for (std::size_t start = 0; start < file.text.size();) {
    const std::size_t end = std::min(file.text.find('\n', start), file.text.size());
    const std::string_view line = base::trim(file.text.substr(start, end - start));
    start = end + 1;
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto pair = assignment(line);
    const std::string name = pair ? std::string(base::trim(pair->first)) : "";
    if (names.has(without_quotes(name))) {
      add_value(file, Consumer::cron, without_quotes(name), number, without_quotes(pair->second),
                read);
      continue;
    }
    for (const std::string& word : split_words(line)) {
      const auto within = assignment(word);
      if (within && names.has(within->first))
        add_value(file, Consumer::cron, within->first, number, within->second, read,
                  {"for one command"});
    }
  }
  add_mentions(file, Consumer::cron, names, read);
}

// environment=A="x",B=y  https://supervisord.org/configuration.html#program-x-section-values
void read_supervisor(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  std::string open;  // the setting that indented lines go on with
  int first = 0;
  const auto finish = [&] {
    std::string text;
    char quote = '\0';
    for (const char c : open) {  // commas outside quotes separate
      if (c == '"' || c == '\'') quote = quote == c ? '\0' : quote ? quote : c;
      text += !quote && (c == ',' || c == '\n') ? ' ' : c;
    }
    for (const std::string& word : split_words(text)) {
      const auto pair = assignment(word);
      if (pair && names.has(pair->first))
        add_value(file, Consumer::supervisor, pair->first, first, pair->second, read);
    }
    open.clear();
  };
  for_each_joined_line(file.text, [&](std::string_view line, int number) {
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    if (!indented && !open.empty()) finish();
    const auto pair = assignment(line);
    if (indented && !open.empty()) {
      open += '\n';
      open += line;
    } else if (pair && base::trim(pair->first) == "environment") {
      open = pair->second + " ";
      first = number;
    }
  });
  finish();
  add_mentions(file, Consumer::supervisor, names, read);
}

// ENV A=x B="y", ENV A x y, ARG A=x. https://docs.docker.com/reference/dockerfile/#env
void read_dockerfile(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  const Consumer image = Consumer::image;
  for_each_joined_line(file.text, [&](std::string_view line, int number) {
    line = base::trim(line);
    const std::string order = base::lower(line.substr(0, line.find_first_of(" \t")));
    if (order != "env" && order != "arg") return;
    const std::string_view rest = base::trim(line.substr(order.size()));
    const std::vector<std::string> words = split_words(rest);
    if (words.empty()) return;
    std::vector<std::string> notes;
    notes.emplace_back(order == "env" ? "stays in the image's layers"
                                      : "stays in the image's history");
    if (order == "env" && !words[0].contains('=') && names.has(words[0])) {
      add_value(file, image, words[0], number,
                std::string(base::trim(rest.substr(words[0].size()))), read, notes);
      return;
    }
    for (const std::string& word : words) {
      const auto pair = assignment(word);
      if (pair && names.has(pair->first))
        add_value(file, image, pair->first, number, pair->second, read, notes);
      else if (!pair && order == "arg" && names.has(word))
        add_reference(file, image, word, number, "is a build argument: --build-arg gives it", read);
    }
  });
  add_mentions(file, image, names, read);
}

}  // namespace locksmith::whereabouts

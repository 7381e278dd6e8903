// The kinds of files that give a variable its value, each with its reader. All readers are pure:
// they get a file's text and add the places in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/setting.hpp"
#include "whereabouts/place.hpp"

namespace locksmith::whereabouts {

struct File {
  std::string path;  // as it is shown
  std::string_view text;
  std::optional<base::Time> changed;
  int rank = 0;
};

enum class Source {
  dotenv,
  envrc,
  shell,  // start-up files
  fish,
  pam,        // /etc/environment
  units,      // systemd
  unit_file,  // what a unit's EnvironmentFile= names, environment.d
  crontab,
  compose,
  kubernetes,
  ci,
  dockerfile,
  ide_json,
  ide_xml,
  pm2_json,
  javascript,
  supervisor,
  structured,  // JSON, TOML, YAML, INI, .properties of a framework
  client,      // .npmrc, .netrc, .aws, pip.conf, .pypirc
};
// What a file in a project is, by its path; nullopt: none that is looked at.
std::optional<Source> source_of(std::string_view path);
Consumer consumer_of(Source source);

// A file that another one names: EnvironmentFile=, `env_file:`, the file of a secret.
struct Further {
  std::string path;  // as written: absolute, or relative to the file that names it
  Consumer consumer = Consumer::systemd;
  std::string variable;  // whose value is all of the file; empty: it holds assignments
  std::string who;       // "env_file of web in compose.yml"
  std::map<std::string, std::string> notes;  // more of single variables: who wins over it
  int rank = 0;                              // added to that of the file which names it
};

struct FileRead {
  Places places;
  std::vector<Further> further;
  std::string problem;  // why it was not read as what it is; empty: it was
};
FileRead read_file(Source source, const File& file, const Names& names);
FileRead read_further(const Further& further, const File& file, const Names& names);

// --- the readers, one file of code for each family

void read_dotenv(const File&, const Names&, FileRead&);           // dotenv
void read_shell(const File&, Consumer, const Names&, FileRead&);  // envrc, shell
void read_fish(const File&, const Names&, FileRead&);
void read_pam(const File&, const Names&, FileRead&);
void read_unit(const File&, const Names&, FileRead&);
void read_unit_file(const File&, const Names&, FileRead&);
void read_crontab(const File&, const Names&, FileRead&);
void read_compose(const File&, const Names&, FileRead&);
void read_kubernetes(const File&, const Names&, FileRead&);
void read_ci(const File&, const Names&, FileRead&);
void read_dockerfile(const File&, const Names&, FileRead&);
void read_xml(const File&, const Names&, FileRead&);
void read_javascript(const File&, const Names&, FileRead&);
void read_supervisor(const File&, const Names&, FileRead&);
// Every setting whose path gives one of the names.
void read_structured(const File&, Consumer, const Names&, FileRead&);

// --- what they share

Place place_in(const File& file, Consumer consumer, std::string name, int line);
// Adds a place with a value; an empty one, `$NAME` and `${{ … }}` are told apart.
void add_value(const File&, Consumer, std::string name, int line, std::string value, FileRead&,
               std::vector<std::string> notes = {});
void add_setting(const File&, Consumer, const settings::Setting&, std::string name, FileRead&);
// A place where it is only used or passed on.
void add_reference(const File&, Consumer, std::string name, int line, std::string note, FileRead&);
// The file's settings; what cannot be read is noted, and found by its mentions alone.
std::vector<settings::Setting> settings_of(const File&, settings::Format, FileRead&);
// "NAME=value" of a list, as compose and CI files have it.
bool add_list_item(const File&, Consumer, const settings::Setting& item, const Names&, FileRead&);
std::string_view last_of(std::string_view path);    // "c" of "a.b.c"
std::string_view parent_of(std::string_view path);  // "a.b"
// For each name that the text mentions in a line where no place was found: that it is used there.
void add_mentions(const File&, Consumer, const Names&, FileRead&);
// Calls `take(line, number)` for each line of `text`; a backslash at its end joins the next one.
template <class Take>
void for_each_joined_line(std::string_view text, Take take);
// The words of a line as systemd and Dockerfiles split it: blanks, quotes, backslashes.
std::vector<std::string> split_words(std::string_view line);

template <class Take>
void for_each_joined_line(std::string_view text, Take take) {
  int number = 1;
  while (!text.empty()) {
    std::string joined;
    const int first = number;
    bool goes_on = true;
    while (goes_on && !text.empty()) {
      const auto end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      ++number;
      if (line.ends_with('\r')) line.remove_suffix(1);
      goes_on = line.ends_with('\\');
      if (goes_on) line.remove_suffix(1);
      joined += line;
      if (goes_on) joined += ' ';
    }
    take(std::string_view(joined), first);
  }
}

}  // namespace locksmith::whereabouts

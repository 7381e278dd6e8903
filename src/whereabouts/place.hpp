// A place on this machine that gives a variable its value, or takes it from elsewhere: a file, a
// running process, the current shell.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace locksmith::whereabouts {

// Who gets the variable from there. In the order in which they are shown.
enum class Consumer {
  shell,       // the shell that Locksmith was started from
  process,     // a program that runs
  dotenv,      // programs started in this folder, by their .env files
  direnv,      // the shell, while it is in this folder
  startup,     // shells and sessions that are yet to be started
  ide,         // programs started by an editor
  compose,     // containers of docker compose
  image,       // every container of an image that is built here
  systemd,     // units
  supervisor,  // pm2 and supervisord
  cron,
  kubernetes,
  ci,
  framework,  // a program's own configuration
  client,     // npm, pip, AWS' and other clients
};
std::string_view name_of(Consumer consumer);   // "systemd", for machines
std::string_view title_of(Consumer consumer);  // "systemd units", for people

enum class Holds {
  value,
  nothing,    // it is set, to an empty value
  reference,  // it is used or passed on here; its value comes from elsewhere
  unknown,    // it is set here, to what only running something would tell
};

struct OtherReading {
  std::string reader;  // "docker --env-file"
  base::Secret value;
  std::string why;  // "quotes are kept"
};

struct Place {
  Consumer consumer = Consumer::dotenv;
  Holds holds = Holds::value;
  std::string name;     // of the variable
  std::string path;     // of the file; empty for the shell and processes
  int line = 0;         // 1-based
  long pid = 0;         // of a process
  std::string program;  // "node server.js": never an argument that may hold a secret
  base::Secret value;
  std::optional<base::Time> since;  // the file was changed, the process was started
  int rank = 0;                     // of two places of one consumer the lower one wins
  std::string environment;          // "production", "example"; empty: for what is started there
  std::vector<std::string> notes;   // in words for people
  std::vector<OtherReading> other_readings;

  // ".env, line 3", "process 4121 (node server.js)", "this shell"
  std::string where() const;
};
using Places = std::vector<Place>;

// What could not be looked at.
struct Skipped {
  std::string path;
  std::string reason;
};

struct Whereabouts {
  Places places;  // in the order in which they win
  std::vector<Skipped> skipped;
  std::size_t processes = 0;         // that were looked at
  std::size_t closed_processes = 0;  // of other users: their environment may not be read
};

// Variables that are looked for.
class Names {
 public:
  explicit Names(std::vector<std::string> names);

  const std::vector<std::string>& all() const { return names_; }
  bool has(std::string_view name) const;
  // Of a path in a structured file the name that it gives: by its last part, or by all of it, as
  // frameworks bind "openai.api-key" to OPENAI_API_KEY. Empty when it is none of them.
  std::string of_path(std::string_view path) const;
  // Whether a structured file may give one of them: all parts of a name occur in it.
  bool may_be_in(std::string_view text) const;
  // Those that occur in a text, as whole words.
  std::vector<std::string> in(std::string_view text) const;

 private:
  std::vector<std::string> names_, bound_;  // bound_: "openaiapikey"
};

// Where `name` stands in `text` as a whole word, from `from` on; npos when it does not.
std::size_t find_word(std::string_view text, std::string_view name, std::size_t from = 0);

}  // namespace locksmith::whereabouts

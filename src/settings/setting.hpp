// What a configuration file gives a program: one name with its value, and what is odd about how it
// is written. Readers of the same file differ; `Reader` says whose eyes are meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace locksmith::settings {

// How a file is written.
enum class Format { dotenv, shell, json, toml, yaml, ini, netrc, npmrc, unknown };

// Who reads it. Only .env files have several readers that disagree; all others have one: `own`.
enum class Reader { own, dotenv, python_dotenv, compose, docker_env_file, systemd, shell };

struct Setting {
  std::string name;    // as written; a path with dots in JSON, TOML and YAML: "database.password";
                       // in INI, netrc and npmrc "section.name" ("default.aws_secret_access_key")
  base::Secret value;  // as that reader gives it to the program
  int line = 0;        // 1-based, where the name stands
  // What a key suffers from, in words for people: "quotes are kept", "a carriage return at the
  // end", "a byte order mark before the name", "a comment became part of the value". Empty: clean.
  std::vector<std::string> oddities;
  // False where only running something would tell: a shell's $(…), a variable set elsewhere. The
  // value is then what remains when that is taken for nothing.
  bool known = true;
};

// From the file's name, then from what it holds.
Format format_of(std::string_view path, std::string_view text);

// All settings in the order of the file; a name may occur more than once, the last one wins unless
// the format says otherwise. Values that are not text (numbers, booleans) are left out of JSON,
// TOML and YAML. Errors: unreadable, with the line, when the text is not of that format.
Result<std::vector<Setting>> read_settings(std::string_view text, Format format,
                                           Reader reader = Reader::own);

}  // namespace locksmith::settings

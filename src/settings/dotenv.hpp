// .env files as each of their readers reads them. There is no standard: the same line gives a
// program three different keys, depending on what loads it. Sources of the rules, each checked
// against the reader's own code:
//   Node's dotenv      https://github.com/motdotla/dotenv#rules (lib/main.js)
//   python-dotenv      https://github.com/theskumar/python-dotenv#file-format (parser.py)
//   docker compose     https://docs.docker.com/compose/how-tos/environment-variables/
//                      variable-interpolation/#env-file-syntax (compose-go, dotenv/parser.go)
//   docker --env-file  https://docs.docker.com/reference/cli/docker/container/run/#env
//                      (docker/cli, pkg/kvfile)
//   systemd            systemd.exec(5), EnvironmentFile= (src/basic/env-file.c)
//   a POSIX shell      POSIX.1-2017, XCU 2 (the `.` command)
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/setting.hpp"

namespace locksmith::settings {

inline constexpr std::array<Reader, 6> dotenv_readers{Reader::dotenv,  Reader::python_dotenv,
                                                      Reader::compose, Reader::docker_env_file,
                                                      Reader::systemd, Reader::shell};

// "docker --env-file"
std::string_view name_of(Reader reader);

// The assignments in the order of the file; a name may occur more than once, the last one wins.
// `own` is Node's dotenv. An error is a file that this reader refuses as a whole; the others then
// may well read it.
Result<std::vector<Setting>> read_dotenv_settings(std::string_view text,
                                                  Reader reader = Reader::own);

// What one reader makes of a file.
struct Reading {
  Reader reader;
  Result<std::vector<Setting>> settings;

  const Setting* find(std::string_view name) const;  // the one that wins; null: not set
};
std::vector<Reading> read_as_all(std::string_view text);

// One sentence for each reader that does not give `name` the value that the first of `readings`
// gives it ("docker --env-file: quotes are kept"); readers of one mind share a sentence. No value
// is shown. Empty when all agree.
std::vector<std::string> disagreements(const std::vector<Reading>& readings, std::string_view name);

}  // namespace locksmith::settings

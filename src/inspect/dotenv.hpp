// Reads the assignments of a .env file as the common loaders do, and says what is odd about each
// line. Loaders differ; where they do, the reading of python-dotenv and of Node's dotenv counts
// (both strip quotes and an `export`, and cut a value at " #"). docker --env-file and systemd keep
// quotes: `quoted` tells. https://github.com/theskumar/python-dotenv#file-format
// https://docs.docker.com/reference/cli/docker/container/run/#env
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locksmith::inspect {

struct Assignment {
  std::string name;
  std::string raw;               // behind '=', without the line end
  std::string value;             // as a loader gives it to the program
  int line = 0;                  // 1-based
  bool quoted = false;           // quotes stood around it
  bool carriage_return = false;  // the line ends in CR LF
  bool comment = false;          // " #…" behind the value
  bool spaces = false;           // white space around '=' or at the end
  bool byte_order_mark = false;  // before the first name of the file
};

std::vector<Assignment> read_dotenv(std::string_view text);

}  // namespace locksmith::inspect

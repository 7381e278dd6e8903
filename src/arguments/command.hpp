// What may stand on a command line, and what stood there: CLI11 behind a face of our own. CLI11 is
// all header and takes longer to compile than any command; command.cpp is the one file that
// includes it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace locksmith::arguments {

// One option, flag or positional word of a command. Each call gives the option itself.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option* required();
  Option* type_name(std::string_view name);  // what --help calls its value
  Option* excludes(std::string_view other);
  Option* allow_extra_args(bool allowed);  // `--name A B`; a list takes all words there by default

  // What its value must be.
  Option* one_of(std::initializer_list<std::string_view> values);
  Option* range(int lowest, int highest);
  Option* positive();
  Option* existing_path();

 private:
  CLI::Option* option_;
};

// A program or one of its commands, which the program owns, as a command owns its options. parse()
// writes into the variables that the options name.
class Command {
 public:
  explicit Command(std::string_view about = {}, std::string_view name = {});  // the program
  ~Command();

  Command* add_subcommand(std::string_view name, std::string_view about);
  // "--name", or "name" for a positional word. A list takes words as long as they are no options.
  Option* add_option(std::string_view name, std::string& value, std::string_view about);
  Option* add_option(std::string_view name, std::size_t& value, std::string_view about);
  Option* add_option(std::string_view name, std::vector<std::string>& values,
                     std::string_view about);
  // It leaves in `values` what an earlier parse() has put there, which add_option() replaces.
  Option* add_appending_option(std::string_view name, std::vector<std::string>& values,
                               std::string_view about);
  Option* add_flag(std::string_view names, bool& value, std::string_view about);

  void footer(std::string_view text);  // the end of --help
  void set_version_flag(std::string_view name, std::string_view version);
  void remove_help_flag();
  void require_subcommand(std::size_t count);
  void require_subcommand(std::size_t least, std::size_t most);
  void allow_extras();    // what is no option of it is no error: remaining()
  void prefix_command();  // from the first word on that is no option of it, all is remaining()

  // The text to print instead of doing anything, when --help or --version was among the words, else
  // an empty one. The error repeats words, which may hold a key.
  Result<std::string> parse(std::vector<std::string> words);

  // After parse().
  bool parsed() const;  // it was chosen
  bool got_subcommand(std::string_view name) const;
  std::vector<std::string> remaining() const;

 private:
  struct State;
  explicit Command(CLI::App& app);
  template <class T>
  Option* add(std::string_view name, T& value, std::string_view about);
  Option* keep(CLI::Option* option);

  std::unique_ptr<State> state_;
};

}  // namespace locksmith::arguments

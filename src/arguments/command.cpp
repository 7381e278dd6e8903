#include "arguments/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <sstream>

namespace locksmith::arguments {

// CLI11 owns a command of a program, and the program is ours.
struct Command::State {
  std::unique_ptr<CLI::App> program;
  CLI::App* app = program.get();
  std::vector<std::unique_ptr<Command>> commands;
  std::deque<Option> options;  // where they are is what callers know of them
};

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::type_name(std::string_view name) {
  option_->type_name(std::string(name));
  return this;
}

Option* Option::excludes(std::string_view other) {
  option_->excludes(std::string(other));
  return this;
}

Option* Option::allow_extra_args(bool allowed) {
  option_->allow_extra_args(allowed);
  return this;
}

Option* Option::one_of(std::initializer_list<std::string_view> values) {
  option_->check(CLI::IsMember(std::vector<std::string>(values.begin(), values.end())));
  return this;
}

Option* Option::range(int lowest, int highest) {
  option_->check(CLI::Range(lowest, highest));
  return this;
}

Option* Option::positive() {
  option_->check(CLI::PositiveNumber);
  return this;
}

Option* Option::existing_path() {
  option_->check(CLI::ExistingPath);
  return this;
}

Command::Command(std::string_view about, std::string_view name)
    : state_(new State{std::make_unique<CLI::App>(std::string(about), std::string(name))}) {}

Command::Command(CLI::App& app) : state_(new State{nullptr, &app}) {}

Command::~Command() = default;

Command* Command::add_subcommand(std::string_view name, std::string_view about) {
  CLI::App* app = state_->app->add_subcommand(std::string(name), std::string(about));
  return state_->commands.emplace_back(new Command(*app)).get();
}

Option* Command::keep(CLI::Option* option) { return &state_->options.emplace_back(option); }

template <class T>
Option* Command::add(std::string_view name, T& value, std::string_view about) {
  return keep(state_->app->add_option(std::string(name), value, std::string(about)));
}

Option* Command::add_option(std::string_view name, std::string& value, std::string_view about) {
  return add(name, value, about);
}

Option* Command::add_option(std::string_view name, std::size_t& value, std::string_view about) {
  return add(name, value, about);
}

Option* Command::add_option(std::string_view name, std::vector<std::string>& values,
                            std::string_view about) {
  return add(name, values, about);
}

Option* Command::add_appending_option(std::string_view name, std::vector<std::string>& values,
                                      std::string_view about) {
  const auto append = [&values](const std::vector<std::string>& more) {
    values.insert(values.end(), more.begin(), more.end());
  };
  return keep(state_->app->add_option_function<std::vector<std::string>>(std::string(name), append,
                                                                         std::string(about)));
}

Option* Command::add_flag(std::string_view names, bool& value, std::string_view about) {
  return keep(state_->app->add_flag(std::string(names), value, std::string(about)));
}

void Command::footer(std::string_view text) { state_->app->footer(std::string(text)); }

void Command::set_version_flag(std::string_view name, std::string_view version) {
  state_->app->set_version_flag(std::string(name), std::string(version));
}

void Command::remove_help_flag() { state_->app->set_help_flag(); }

void Command::require_subcommand(std::size_t count) { require_subcommand(count, count); }

void Command::require_subcommand(std::size_t least, std::size_t most) {
  state_->app->require_subcommand(least, most);
}

void Command::allow_extras() { state_->app->allow_extras(); }
void Command::prefix_command() { state_->app->prefix_command(); }

Result<std::string> Command::parse(std::vector<std::string> words) {
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  try {
    state_->app->parse(words);
  } catch (const CLI::Success& asked) {
    std::ostringstream text;
    state_->app->exit(asked, text, text);
    return text.str();
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::usage, error.what());
  }
  return {};
}

bool Command::parsed() const { return state_->app->parsed(); }

bool Command::got_subcommand(std::string_view name) const {
  return state_->app->got_subcommand(std::string(name));
}

std::vector<std::string> Command::remaining() const { return state_->app->remaining(); }

}  // namespace locksmith::arguments

// locksmith env [NAME…]: every place on this machine that gives a variable its value.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "credential/secret_names.hpp"
#include "keyring/key_source.hpp"
#include "report/whereabouts.hpp"
#include "whereabouts/find.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::vector<std::string> names;
  std::string replacement;
  bool json = false, checklist = false, verbose = false;
  std::string color = "auto";
};

constexpr const char* footer =
    R"(It names every place with the value's fingerprint, never the value, in the order in which they win: this shell,
running processes, .env files as their readers read them, start-up files of shells, systemd units, cron, compose
files, Kubernetes manifests, CI files, configuration of editors, frameworks and clients. Without a name it takes all
names in .env files here that look as if they held a key.

Exit codes:
  0  all places have the same value
  1  they have not
  2  the command line is wrong
  3  no place has a value
  4  the key of --new cannot be read

Examples:
  locksmith env GITHUB_TOKEN
  locksmith env --json OPENAI_API_KEY | jq -r '.variables[].verdict'
  locksmith env --checklist OPENAI_API_KEY                     where it has to be replaced
  locksmith env --checklist --new file:new.txt OPENAI_API_KEY  what has been done of that)";

// A key in place of its name would be shown in the report.
bool is_name(std::string_view text) {
  const bool small = std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
  return !text.empty() && !(small && credential::looks_random(text)) &&
         credential::known_prefix(text).text.empty() && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-';
         });
}

int exit_of(const report::Survey& survey) {
  using whereabouts::Outcome;
  const auto has = [&](Outcome outcome) {
    return std::ranges::any_of(survey.variables, [&](const report::Variable& variable) {
      return variable.verdict.outcome == outcome;
    });
  };
  if (has(Outcome::disagree)) return exit_disagree;
  return survey.variables.empty() || has(Outcome::not_found) ? exit_undetermined : exit_ok;
}

// With --new it is not enough that all agree: they must have that very value.
int exit_of_checklist(const report::Survey& survey) {
  for (const report::Variable& variable : survey.variables) {
    for (const whereabouts::Place& place : variable.places) {
      if (whereabouts::tick(place, *survey.replacement) == whereabouts::Tick::open)
        return exit_disagree;
    }
  }
  return exit_of(survey) == exit_undetermined ? exit_undetermined : exit_ok;
}

int run(const Options& options) {
  if (!std::ranges::all_of(options.names, is_name))
    return report_error({ErrorCode::usage, "that is not the name of a variable",
                         "name the variable, for example GITHUB_TOKEN; the key itself is never "
                         "needed"});
  std::optional<base::Secret> replacement;
  if (!options.replacement.empty()) {
    auto key = keyring::find_key(options.replacement);
    if (!key) return report_error(key.error());
    replacement = std::move(key->value);
  }
  const whereabouts::Where where = whereabouts::here();
  const auto names = options.names.empty() ? whereabouts::key_names(where) : options.names;
  if (names.empty() && !options.json)
    return report_error({ErrorCode::unreadable, "no .env file here names a key",
                         "locksmith env NAME looks for a variable everywhere"}),
           exit_undetermined;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  report::Survey survey =
      report::survey(whereabouts::find_places(where, whereabouts::Names(names)), names, now);
  survey.replacement = std::move(replacement);
  print(options.json ? report::to_json(survey)
                     : report::to_text(survey, {.color = wants_color(options.color),
                                                .width = terminal_width(),
                                                .checklist = options.checklist,
                                                .verbose = options.verbose}));
  return survey.replacement ? exit_of_checklist(survey) : exit_of(survey);
}

}  // namespace

Run add_env(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "env",
      "Shows every place on this machine that defines a variable, and who has an old value.");
  command->add_option("name", options->names,
                      "variables to look for; without one, those of the .env files here");
  command->add_flag("--json", options->json, "the report for machines");
  command->add_flag("--checklist", options->checklist,
                    "where the key has to be replaced, as a list to tick off");
  command
      ->add_option("--new", options->replacement,
                   "the new key, by env:NAME or file:PATH#NAME: shows which places have it")
      ->type_name("KEY");
  command->add_flag("-v,--verbose", options->verbose, "also lists what could not be read");
  command->add_option("--color", options->color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
  command->footer(footer);
  return [options] { return run(*options); };
}

}  // namespace locksmith::cli

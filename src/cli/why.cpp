// locksmith why: the cause of a refused request, with the evidence and the fix.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <random>

#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "credential/redact.hpp"
#include "doctor/doctor.hpp"
#include "doctor/plan.hpp"
#include "doctor/surroundings.hpp"
#include "http/har.hpp"
#include "http/shell_words.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::vector<std::string> words, catalogues;
  std::string command_text, response, save;
  std::size_t entry = 0, budget = 6;
  bool offline = false, replay = false, json = false, markdown = false, verbose = false;
  bool plan = false, try_environments = false;
  std::string color = "auto";
};

constexpr const char* footer =
    R"(Locksmith's own options stand before the word curl; what follows it is curl's.
Live is the default: it sends the request (GET, HEAD and OPTIONS only, unless --replay), and a few more to the
same origin. No key goes anywhere else, and none is shown. With a file, or --response, nothing is sent.

Exit codes:
  0 not refused   1 a cause was named   2 usage   3 refused, cause undetermined   4 could not reach or read

Examples:
  locksmith why curl -H "Authorization: Bearer $API_KEY" https://api.example.com/v1/me
  locksmith why --replay curl -X POST -d '{}' -u "$USER:$PASSWORD" https://api.example.com/v1/things
  locksmith why failure.har --entry 3
  curl -i … > answer.txt; locksmith why --response answer.txt curl …
  pbpaste | locksmith why)";

// --- what is asked
// --------------------------------------------------------------------------------

bool is_command(std::string_view first_word) {
  return http::is_curl_program(first_word) || first_word.starts_with("http://") ||
         first_word.starts_with("https://");
}

bool is_unknown_option(std::string_view first_word) {
  return first_word.starts_with('-') && first_word.size() > 1;  // "-" is standard input
}

Result<doctor::Question> read_file(const std::string& path, std::size_t entry) {
  const auto text = read_input(path);
  if (!text) return std::unexpected(text.error());
  return doctor::read_text(*text, entry);
}

Result<doctor::Question> read_words(const std::vector<std::string>& words, std::size_t entry) {
  if (words.empty()) {
    if (!isatty(STDIN_FILENO)) return read_file("-", entry);
    return fail(ErrorCode::usage, "nothing to look at",
                "put `locksmith why` in front of the failing curl command, or name a HAR file");
  }
  const std::string& first = words.front();
  if (is_command(first)) return doctor::read_command(words);
  if (is_unknown_option(first)) {
    return fail(ErrorCode::usage, "the first word is an option that Locksmith does not know",
                "curl's options stand behind the word curl; locksmith why --help lists its own");
  }
  // A whole command in one word, as when it was quoted once too often.
  if (first.starts_with("curl ")) return doctor::read_command_text(first);
  return read_file(first, entry);
}

Result<doctor::Question> read_question(const Options& options) {
  auto question = options.command_text.empty() ? read_words(options.words, options.entry)
                                               : doctor::read_command_text(options.command_text);
  if (!question || options.response.empty()) return question;
  const auto text = read_input(options.response);
  if (!text) return std::unexpected(text.error());
  return doctor::with_response(std::move(*question), *text);
}

// --- what is told
// ---------------------------------------------------------------------------------

std::string as_wanted(const report::Report& report, const Options& options) {
  if (options.json) return report::as_json(report);
  if (options.markdown) return report::as_markdown(report);
  return report::as_text(
      report,
      {.color = wants_color(options.color), .width = terminal_width(), .verbose = options.verbose});
}

int answer(const report::Report& report, const Options& options) {
  print(as_wanted(report, options));
  switch (report.outcome) {
    case report::Outcome::not_refused:
      return exit_ok;
    case report::Outcome::cause:
      return exit_cause;
    case report::Outcome::undetermined:
      return exit_undetermined;
    case report::Outcome::unreachable:
      break;
  }
  return exit_unreachable;
}

// A program that asked for JSON gets JSON, unless its own words were wrong.
int report_unreadable(const Error& error, const Options& options) {
  if (!options.json || error.code == ErrorCode::usage) return report_error(error);
  report::Report report;
  report.outcome = report::Outcome::unreachable;
  report.error = error;
  return answer(report, options);
}

Result<void> save(const std::string& path, const http::Bundle& bundle) {
  credential::Redactor redactor(std::random_device{}());
  return write_private_file(path, http::write_har(redactor.redact(bundle)));
}

// --- the work between
// -----------------------------------------------------------------------------

int diagnose(doctor::Question question, const Options& options,
             const catalogue::Catalogue& catalogue) {
  std::optional<Interruption> interruption;
  std::unique_ptr<probe::Transport> transport;
  if (!options.offline && !question.answered) {
    doctor::add_surroundings(question, catalogue);
    interruption.emplace();
    transport = probe::curl_transport(interruption->token());
  }
  const report::Report report = doctor::examine(question, catalogue,
                                                {.replay = options.replay,
                                                 .try_environments = options.try_environments,
                                                 .look_up_peer = options.verbose || options.json,
                                                 .budget = options.budget,
                                                 .progress = show_progress},
                                                transport.get());
  show_progress({});
  if (interruption && interruption->happened()) return exit_interrupted;
  if (!options.save.empty()) {
    if (const auto saved = save(options.save, question.bundle); !saved) {
      return report_error(saved.error());
    }
  }
  return answer(report, options);
}

// The same surroundings as for the requests themselves: a proxy variable is part of the plan.
int show_plan(doctor::Question question, const Options& options,
              const catalogue::Catalogue& catalogue) {
  if (!question.answered) doctor::add_surroundings(question, catalogue);
  const auto plan = doctor::plan(question, catalogue,
                                 {.replay = options.replay,
                                  .try_environments = options.try_environments,
                                  .budget = options.budget});
  return print(options.json ? doctor::plan_as_json(plan, options.budget)
                            : doctor::plan_as_text(plan, options.budget));
}

int run(const Options& options) {
  if (options.json && options.markdown) {
    return report_error({ErrorCode::usage, "--json and --markdown exclude each other", ""});
  }
  if (options.plan && (options.markdown || !options.save.empty())) {
    return report_error({ErrorCode::usage, "--plan goes with neither --markdown nor --save", ""});
  }
  auto question = read_question(options);
  if (!question) return report_unreadable(question.error(), options);
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  if (options.plan) return show_plan(std::move(*question), options, catalogues.all());
  return diagnose(std::move(*question), options, catalogues.all());
}

// --- the words of the command line
// ----------------------------------------------------------------

void declare(arguments::Command& command, Options& options) {
  command.add_flag("--offline", options.offline, "send nothing at all");
  command
      .add_option("--response", options.response,
                  "the answer, as curl -i or curl -v printed it (- for standard input)")
      ->type_name("FILE");
  command.add_option("--entry", options.entry, "which entry of a HAR failed, counted from 1")
      ->positive();
  command.add_option("--command", options.command_text, "the curl command as one text")
      ->type_name("TEXT");
  command.add_flag("--replay", options.replay,
                   "repeat the request even if its method is not GET, HEAD or OPTIONS");
  command.add_flag("--try-environments", options.try_environments,
                   "show the key to the provider's other environments (sandbox, regions), too");
  command.add_option("--save", options.save, "write the evidence, redacted, as a HAR bundle")
      ->type_name("FILE");
  command.add_flag("--json", options.json, "print the report for machines (docs/json-output.md)");
  command.add_flag("--markdown", options.markdown, "print the report to paste into an issue");
  add_catalogue_option(command, options.catalogues);
  command.add_flag("--plan", options.plan,
                   "show which requests would be sent, and why, and send nothing");
  command.add_option("--budget", options.budget, "requests at most, the failing one included")
      ->range(1, 50);
  command.add_flag("-v,--verbose", options.verbose, "show all causes and all evidence");
  command.add_option("--color", options.color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
}

// What stands behind a file name is Locksmith's too: no command follows there.
Result<void> read_words_behind_file(Options& options) {
  if (options.words.size() < 2) return {};
  const std::string& first = options.words.front();
  if (is_command(first) || is_unknown_option(first)) return {};
  arguments::Command rest;
  rest.remove_help_flag();
  declare(rest, options);
  const std::vector<std::string> words(options.words.begin() + 1, options.words.end());
  options.words.resize(1);
  if (rest.parse(words)) return {};
  // Not parse()'s own words: they would repeat what may hold a key.
  return fail(ErrorCode::usage, "only Locksmith's options may follow a file name",
              "put the word curl in front of a curl command");
}

}  // namespace

Run add_why(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "why", "Names the cause of a refused request, with the evidence and the fix.");
  command->prefix_command();  // everything from the first word that is no option on
  declare(*command, *options);
  command->footer(footer);
  return [options, command] {
    options->words = command->remaining();
    const auto read = read_words_behind_file(*options);
    return read ? run(*options) : report_error(read.error());
  };
}

}  // namespace locksmith::cli

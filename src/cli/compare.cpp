// locksmith compare: which difference explains that one request works and the other is refused.
#include "compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "base/file.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "doctor/surroundings.hpp"

namespace locksmith::cli {
namespace {

struct Side {
  std::string file, command;
  std::size_t entry = 0;
};

struct Options {
  std::vector<std::string> files;
  Side good, bad;
  std::vector<std::string> catalogues;
  std::size_t budget = 12;
  bool offline = false, replay = false, json = false, markdown = false, verbose = false;
  std::string color = "auto";
};

constexpr const char* footer =
    R"(GOOD works, BAD is refused. Each is a file that holds a curl command, a HAR (FILE#3 is its third
entry), an evidence bundle or a raw exchange; - is standard input, for one of them.
Live is the default: both are sent once, to see that it is still so, and then mixtures of the two, until the
guilty difference is alone (GET, HEAD and OPTIONS only, unless --replay). A key goes to its own origin alone,
and none is shown.

Exit codes:
  0 the difference was named   2 usage   3 not determined   4 could not reach or read

Examples:
  locksmith compare works.txt fails.txt
  locksmith compare --offline session.har#3 session.har#7
  locksmith compare --good 'curl -H "X-Api-Key: …" https://…' --bad 'curl -H "Authorization: …" https://…'
  locksmith compare works.har - < fails.txt)";

// "session.har#3" is the third entry, unless there is a file of that very name.
void split_entry(Side& side) {
  const auto hash = side.file.rfind('#');
  if (hash == std::string::npos || hash + 1 == side.file.size()) return;
  std::size_t entry = 0;
  const char* end = side.file.data() + side.file.size();
  const auto parsed = std::from_chars(side.file.data() + hash + 1, end, entry);
  if (parsed.ec != std::errc() || parsed.ptr != end || entry == 0) return;
  if (base::read_regular_file(side.file)) return;
  side.file.resize(hash);
  if (side.entry == 0) side.entry = entry;
}

Result<compare::Input> read(Side side, std::string_view name) {
  if (!side.command.empty()) {
    auto question = doctor::read_command_text(side.command);
    if (!question) return std::unexpected(question.error());
    return compare::Input{"command", std::move(*question)};
  }
  split_entry(side);
  const auto text = read_input(side.file);
  if (!text) return std::unexpected(text.error());
  auto question = doctor::read_text(*text, side.entry);
  if (!question) {
    Error error = question.error();
    error.message = fmt::format("{} ({}): {}", name, side.file, error.message);
    return std::unexpected(std::move(error));
  }
  std::string label = side.file == "-" ? "standard input" : side.file;
  if (side.entry) label += fmt::format("#{}", side.entry);
  return compare::Input{std::move(label), std::move(*question)};
}

// Files fill what --good and --bad leave open, in that order.
std::optional<Error> assign_files(Options& options) {
  std::size_t next = 0;
  for (Side* side : {&options.good, &options.bad}) {
    if (!side->command.empty()) continue;
    if (next == options.files.size()) {
      return Error{ErrorCode::usage,
                   "two requests are needed: one that works, and one that is refused",
                   "locksmith compare GOOD BAD; locksmith compare --help shows what each may be"};
    }
    std::string& word = options.files[next++];
    // A whole command in one word needs no --good; it is no name to be read back in an error.
    (word.starts_with("curl ") ? side->command : side->file) = word;
  }
  if (next < options.files.size()) {
    return Error{ErrorCode::usage, "more than two requests were given",
                 "a curl command stands in a file, or in quotes behind --good or --bad"};
  }
  if (options.good.file == "-" && options.bad.file == "-") {
    return Error{ErrorCode::usage, "standard input can be one of the two only",
                 "name a file for the other"};
  }
  return {};
}

int answer(const compare::Report& report, const Options& options) {
  if (options.json) {
    print(compare::as_json(report));
  } else if (options.markdown) {
    print(compare::as_markdown(report));
  } else {
    print(compare::as_text(report, {.color = wants_color(options.color),
                                    .width = terminal_width(),
                                    .verbose = options.verbose}));
  }
  if (compare::is_named(report.outcome)) return exit_ok;
  return report.outcome == compare::Outcome::unreachable ? exit_unreachable : exit_undetermined;
}

// A program that asked for JSON gets JSON, unless its own words were wrong.
int report_unreadable(const Error& error, const Options& options) {
  if (!options.json || error.code == ErrorCode::usage) return report_error(error);
  compare::Report report;
  report.outcome = compare::Outcome::unreachable;
  report.error = error;
  return answer(report, options);
}

int examine(compare::Input good, compare::Input bad, const Options& options,
            const catalogue::Catalogue& catalogue) {
  std::optional<Interruption> interruption;
  std::unique_ptr<probe::Transport> transport;
  if (!options.offline) {
    for (compare::Input* input : {&good, &bad}) {
      if (!input->question.answered) doctor::add_surroundings(input->question, catalogue);
    }
    interruption.emplace();
    transport = probe::curl_transport(interruption->token());
  }
  const compare::Report report = compare::examine(
      good, bad, catalogue,
      {.replay = options.replay, .budget = options.budget, .progress = show_progress},
      transport.get());
  show_progress({});
  if (interruption && interruption->happened()) return exit_interrupted;
  return answer(report, options);
}

int run(Options options) {
  if (options.json && options.markdown) {
    return report_error({ErrorCode::usage, "--json and --markdown exclude each other", ""});
  }
  if (const auto error = assign_files(options)) return report_error(*error);
  auto good = read(options.good, "GOOD");
  if (!good) return report_unreadable(good.error(), options);
  auto bad = read(options.bad, "BAD");
  if (!bad) return report_unreadable(bad.error(), options);
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  return examine(std::move(*good), std::move(*bad), options, catalogues.all());
}

void declare(arguments::Command& command, Options& options) {
  command.add_option("requests", options.files, "GOOD and BAD")->type_name("FILE");
  command.add_option("--good", options.good.command, "the curl command that works, as one text")
      ->type_name("TEXT");
  command.add_option("--bad", options.bad.command, "the curl command that is refused, as one text")
      ->type_name("TEXT");
  command.add_option("--entry-good", options.good.entry, "which entry of a HAR, counted from 1")
      ->positive();
  command.add_option("--entry-bad", options.bad.entry, "which entry of a HAR, counted from 1")
      ->positive();
  command.add_flag("--offline", options.offline, "send nothing at all");
  command.add_flag("--replay", options.replay,
                   "repeat requests even if their method is not GET, HEAD or OPTIONS");
  command.add_option("--budget", options.budget, "requests at most, GOOD and BAD included")
      ->range(2, 50);
  command.add_flag("--json", options.json, "print the report for machines (docs/json-output.md)");
  command.add_flag("--markdown", options.markdown, "print the report to paste into an issue");
  add_catalogue_option(command, options.catalogues);
  command.add_flag("-v,--verbose", options.verbose,
                   "show every difference, and why some are left out");
  command.add_option("--color", options.color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
}

}  // namespace

Run add_compare(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "compare", "Names the difference that makes one of two requests be refused.");
  command->allow_extras();  // parse()'s own words would repeat what may hold a key
  declare(*command, *options);
  command->footer(footer);
  return [options, command] {
    if (!command->remaining().empty()) {
      return report_error({ErrorCode::usage, "an option that Locksmith does not know",
                           "a curl command stands in a file, or in quotes behind --good or --bad"});
    }
    return run(*options);
  };
}

}  // namespace locksmith::cli

// locksmith record: runs a program and tells what it really sent, and why it was refused.
#include "record/record.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <random>

#include "base/text.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/recording.hpp"
#include "credential/redact.hpp"
#include "http/har.hpp"

extern char** environ;

namespace locksmith::cli {
namespace {

struct Options {
  record::Options record;
  std::string save, report;
  std::vector<std::string> catalogues;
  bool json = false, markdown = false, quiet = false, verbose = false;
};

constexpr const char* footer =
    R"(The program runs as it would by itself, but its requests pass through a proxy on this machine that writes down
each header byte for byte. Refusals are diagnosed when it has ended; nothing is sent that it did not send.
The report goes to standard error, the exit code is the program's own.

Examples:
  locksmith record -- python3 app.py
  locksmith record --save run.har -- git push
  locksmith record --report report.txt -- sh -c 'make deploy')";

record::Variables variables() {
  record::Variables all;
  for (char** one = environ; *one; ++one) {
    const char* equals = std::strchr(*one, '=');
    if (equals) all.emplace(std::string(static_cast<const char*>(*one), equals), equals + 1);
  }
  return all;
}

std::string as_text(const Refusal& refusal, const Options& options) {
  if (options.json) return report::as_json(refusal.report);
  if (options.markdown) return report::as_markdown(refusal.report);
  const std::string times = refusal.times > 1 ? fmt::format("({} times)\n", refusal.times) : "";
  return "\n" +
         report::as_text(refusal.report,
                         {.color = false, .width = 80, .verbose = options.verbose}) +
         times;
}

std::string report_of(const record::Recording& recording, const Options& options,
                      const catalogue::Catalogue& catalogue) {
  const std::vector<Refusal> refusals = find_refusals(recording, catalogue);
  if (options.quiet && refusals.empty()) return {};
  std::string text;
  if (!options.json) {
    text = "\n" + summary(recording, catalogue, options.record.command.front());
    if (refusals.empty() && !recording.exchanges.empty()) text += "Nothing was refused.\n";
  }
  for (const Refusal& refusal : refusals) text += as_text(refusal, options);
  return text;
}

int finish(const record::Recording& recording, const Options& options,
           const catalogue::Catalogue& catalogue) {
  if (!options.save.empty()) {
    http::Bundle bundle = as_bundle(recording, catalogue);
    credential::Redactor redactor(std::random_device{}());
    redactor.learn(bundle);
    if (auto saved = write_private_file(options.save, http::write_har(redactor.redact(bundle)));
        !saved)
      report_error(saved.error());
  }
  const std::string text = report_of(recording, options, catalogue);
  if (options.report.empty()) {
    std::fwrite(text.data(), 1, text.size(), stderr);
  } else if (auto written = write_private_file(options.report, text); !written) {
    report_error(written.error());
  }
  return recording.exit_code;
}

int run(Options& options) {
  const auto& command = options.record.command;
  if (command.empty())
    return report_error({ErrorCode::usage, "nothing to run", "locksmith record -- COMMAND…"});
  if (options.json && options.markdown)
    return report_error({ErrorCode::usage, "--json and --markdown exclude each other", ""});
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  for (std::string& host : options.record.passed_hosts) host = base::lower(host);
  const auto recording = record::record(options.record, variables());
  if (!recording) return report_error(recording.error());
  return finish(*recording, options, catalogues.all());
}

}  // namespace

Run add_record(arguments::Command& program, std::vector<std::string> behind_dashes) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "record", "Runs a program and tells what it really sent, and why it was refused.");
  command
      ->prefix_command();  // everything from the first word that is no option on is the program's
  command->add_option("--save", options->save, "write all exchanges, redacted, as a HAR bundle")
      ->type_name("FILE");
  command
      ->add_option("--report", options->report,
                   "write the report there instead of to standard error")
      ->type_name("FILE");
  command->add_flag("--json", options->json,
                    "one JSON report for each refused request (docs/json-output.md)");
  command->add_flag("--markdown", options->markdown, "print the report to paste into an issue");
  command->add_flag("-q,--quiet", options->quiet, "no report when nothing was refused");
  command
      ->add_option("--pass", options->record.passed_hosts, "pass this host's connections on unseen")
      ->type_name("HOST")
      ->allow_extra_args(false);
  command->add_flag("--keep-no-proxy", options->record.keep_no_proxy,
                    "leave alone what NO_PROXY excepts");
  add_catalogue_option(*command, options->catalogues);
  command->add_flag("-v,--verbose", options->verbose, "show all causes and all evidence");
  command->footer(footer);
  return [options, command, behind_dashes = std::move(behind_dashes)] {
    auto& words = options->record.command = command->remaining();
    // Without a program before them, the dashes are ours; behind one (`record sh -c … -- x`) they
    // are its own.
    words.insert(words.end(), behind_dashes.begin() + (words.empty() && !behind_dashes.empty()),
                 behind_dashes.end());
    return run(*options);
  };
}

}  // namespace locksmith::cli

// locksmith leaks: is this very key exposed? Looks for copies of given keys, or of any key.
#include <fmt/format.h>

#include <memory>

#include "base/text.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/leak_keys.hpp"
#include "cli/output.hpp"
#include "leaks/report.hpp"
#include "leaks/tree.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::vector<std::string> words, catalogues;
  std::string color = "auto";
  bool any = false, json = false, verbose = false;
};

constexpr const char* footer =
    R"(A key is named, not shown: env:NAME, stdin. What exists as a file or folder, and what begins with ./ or /, is a
PATH to search; the present folder without one. Every file counts, ignored or not.

Exit codes: 0 not found, 1 found, 2 the command is wrong, 4 nothing could be read, 130 interrupted.

Examples:
  locksmith leaks env:GITHUB_TOKEN
  pass show stripe | locksmith leaks stdin src /var/log)";

std::string progress_line(const leaks::Progress& now) {
  return fmt::format("{}, {} MB searched, {}, {} to go", base::count_of(now.files, "file"),
                     now.bytes / 1'000'000, base::count_of(now.finds, "copy", "copies"),
                     base::count_of(now.folders_left, "folder"));
}

int answer(const leaks::Report& report, const Options& options) {
  if (options.json) {
    print(leaks::as_json(report));
  } else {
    print(leaks::as_text(report, {.color = wants_color(options.color),
                                  .width = terminal_width(),
                                  .verbose = options.verbose}));
  }
  if (report.interrupted) return exit_interrupted;
  if (report.leaks() > 0) return exit_nothing;
  return report.unreadable() ? exit_unreachable : exit_ok;
}

int run(const Options& options) {
  auto words = read_leak_words(options.words, options.any);
  if (!words) return report_error(words.error());
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  leaks::Report report;
  std::vector<base::Secret> keys;
  for (LeakKey& key : words->keys) {
    report.keys.push_back({.name = key.name,
                           .fingerprint = key.value.fingerprint(),
                           .kind = leaks::identify(catalogues.all(), key.value.reveal())});
    keys.push_back(std::move(key.value));
  }
  const leaks::Searcher searcher(keys);
  const leaks::KeyDetector detector(searcher);
  const Interruption interruption;
  leaks::TreeOptions tree{.stop = interruption.token(), .progress = [](const leaks::Progress& now) {
                            show_progress(progress_line(now));
                          }};
  if (words->paths.empty()) words->paths.push_back(".");
  for (const std::string& path : words->paths) tree.starts.push_back({path});
  report.tally = leaks::search_tree(detector, tree);
  show_progress({});
  report.interrupted = interruption.happened();
  return answer(report, options);
}

}  // namespace

Run add_leaks(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "leaks", "Looks for copies of a key: in files, archives, shell histories and git history.");
  command->allow_extras();  // CLI11's own words would repeat what may hold a key
  command->add_option("words", options->words, "keys to look for, and where")
      ->type_name("KEY|PATH");
  command->add_flag("--json", options->json, "print the report for machines (docs/leaks.md)");
  add_catalogue_option(*command, options->catalogues);
  command->add_flag("-v,--verbose", options->verbose, "list every copy and all that was skipped");
  command->add_option("--color", options->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command->footer(footer);
  return [options, command] {
    if (!command->remaining().empty()) {
      return report_error({ErrorCode::usage, "an option that Locksmith does not know",
                           "locksmith leaks --help lists the options"});
    }
    return run(*options);
  };
}

}  // namespace locksmith::cli

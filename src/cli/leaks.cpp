// locksmith leaks: is this very key exposed? Looks for copies of given keys, or of any key.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "cli/catalogues.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/leak_keys.hpp"
#include "cli/leak_search.hpp"
#include "cli/output.hpp"
#include "leaks/any.hpp"
#include "leaks/report.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  LeakSearch search;
  std::vector<std::string> words, catalogues;
  std::string color = "auto";
  bool any = false, histories = false, no_histories = false;
  bool json = false, sarif = false, verbose = false;
};

constexpr const char* footer =
    R"(A key is named, not shown (env:NAME, file:PATH#NAME, stdin …; file:PATH means all secrets of that file). What
exists as a file or folder, and what begins with ./ or /, is a PATH to search; the present folder without one.
Every file counts, ignored or not, and what is packed is unpacked.

Exit codes: 0 not found, 1 found, 2 the command is wrong, 4 nothing could be read, 130 interrupted.

Examples:
  locksmith leaks env:GITHUB_TOKEN
  locksmith leaks file:.env
  locksmith leaks --any src dist
  locksmith leaks --staged file:.env      # as .git/hooks/pre-commit
  pass show stripe | locksmith leaks stdin src /var/log)";

int answer(const leaks::Report& report, const Options& options) {
  if (options.json) {
    print(leaks::as_json(report));
  } else if (options.sarif) {
    print(leaks::as_sarif(report, LOCKSMITH_VERSION));
  } else if (!options.search.staged || options.verbose || report.leaks() > 0 ||
             report.interrupted) {  // a hook that has nothing to say says nothing
    print(leaks::as_text(report, {.color = wants_color(options.color),
                                  .width = terminal_width(),
                                  .verbose = options.verbose}));
  }
  if (report.interrupted) return exit_interrupted;
  if (report.leaks() > 0) return exit_nothing;
  return report.unreadable() ? exit_unreachable : exit_ok;
}

std::string what_of(const leaks::Kind& kind) {
  return kind.provider ? fmt::format("{} {}", kind.provider->name, kind.key->kind) : "";
}

int search_any(const Options& options, const catalogue::Catalogue& catalogue) {
  const leaks::AnyDetector detector(catalogue);
  leaks::Report report{.any = true};
  if (auto done = search_any(options.search, detector, report); !done) {
    return report_error(done.error());
  }
  for (const auto& seen : detector.seen()) {
    report.keys.push_back(
        {.fingerprint = seen.value.fingerprint(), .what = seen.what, .kind = seen.kind});
  }
  report.sort_keys();
  report.annotate();
  return answer(report, options);
}

int search_keys(const Options& options, std::vector<LeakKey> named,
                const catalogue::Catalogue& catalogue) {
  leaks::Report report;
  std::vector<base::Secret> keys;
  for (LeakKey& key : named) {
    const std::string_view name =
        std::string_view(key.name).substr(key.name.find_first_of("#:") + 1);
    const leaks::Kind kind =
        leaks::identify(catalogue, key.value.reveal(), name).value_or(leaks::Kind{});
    report.keys.push_back({.name = key.name,
                           .fingerprint = key.value.fingerprint(),
                           .what = what_of(kind),
                           .kind = kind,
                           .home = key.home});
    keys.push_back(std::move(key.value));
  }
  const leaks::Searcher searcher(keys);
  if (auto done = search_keys(options.search, searcher, report); !done) {
    return report_error(done.error());
  }
  report.annotate();
  return answer(report, options);
}

int run(Options& options) {
  if (options.json && options.sarif) {
    return report_error({ErrorCode::usage, "--json and --sarif exclude each other", ""});
  }
  auto words = read_leak_words(options.words, options.any);
  if (!words) return report_error(words.error());
  if (options.search.staged && !words->paths.empty()) {
    return report_error({ErrorCode::usage, "--staged searches what is staged, and no PATH",
                         "leave out " + words->paths.front()});
  }
  for (const std::string& note : words->notes) {
    std::fprintf(stderr, "note: %s\n", base::printable(note).c_str());
  }
  options.search.paths = std::move(words->paths);
  if (options.histories || options.no_histories) {
    options.search.shell_histories = options.histories;
  }
  const Catalogues catalogues(options.catalogues);
  if (const auto error = catalogues.error()) return report_error(*error);
  return options.any ? search_any(options, catalogues.all())
                     : search_keys(options, std::move(words->keys), catalogues.all());
}

}  // namespace

Run add_leaks(arguments::Command& program) {
  auto options = std::make_shared<Options>();
  arguments::Command* command = program.add_subcommand(
      "leaks", "Looks for copies of a key: in files, archives, shell histories and git history.");
  command->allow_extras();  // parse()'s own words would repeat what may hold a key
  command->add_option("words", options->words, "keys to look for, and where")
      ->type_name("KEY|PATH");
  command->add_flag("--any", options->any, "look for every kind of key that the catalogue knows");
  command->add_flag("--staged", options->search.staged,
                    "search what git would commit, and nothing else");
  command->add_flag("!--no-history", options->search.history,
                    "leave out the history of the git repositories that are met");
  // Two flags: neither is a third answer.
  command->add_flag("--histories", options->histories,
                    "search the histories of shells and the like, too; done without a PATH");
  command->add_flag("--no-histories", options->no_histories, "leave them out")
      ->excludes("--histories");
  command->add_flag("--logs", options->search.logs,
                    "search /var/log and the logs of npm, pm2 and pip");
  command->add_flag("--json", options->json, "print the report for machines (docs/leaks.md)");
  command->add_flag("--sarif", options->sarif, "print SARIF 2.1.0, for code scanning");
  add_catalogue_option(*command, options->catalogues);
  command->add_flag("-v,--verbose", options->verbose, "list every copy and all that was skipped");
  command->add_option("--color", options->color, "auto, always or never")
      ->one_of({"auto", "always", "never"});
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

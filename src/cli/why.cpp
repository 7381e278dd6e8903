// locksmith why: the cause of a refused request, with the evidence and the fix.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <random>
#include <stop_token>
#include <thread>

#include "base/text.hpp"
#include "catalogue/load.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "credential/redact.hpp"
#include "doctor/doctor.hpp"
#include "doctor/surroundings.hpp"
#include "http/har.hpp"
#include "http/shell_words.hpp"

namespace locksmith::cli {
namespace {

struct Options {
  std::vector<std::string> words;
  std::string command_text, response, save, catalogue;
  std::size_t entry = 0, budget = 6;
  bool offline = false, replay = false, json = false, markdown = false, verbose = false;
  std::string color = "auto";
};

constexpr const char* footer =
    R"(Locksmith's own options stand before the word curl; what follows it is curl's.
Live is the default: it sends the request (GET, HEAD and OPTIONS only, unless --replay), and a few more to the
same origin. No key goes anywhere else, and none is shown.

Exit codes:
  0 not refused   1 a cause was named   2 usage   3 refused, cause undetermined   4 could not reach or read

Examples:
  locksmith why curl -H "Authorization: Bearer $API_KEY" https://api.example.com/v1/me
  locksmith why --replay curl -X POST -d '{}' -u "$USER:$PASSWORD" https://api.example.com/v1/things
  locksmith why --offline failure.har --entry 3
  curl -i … > answer.txt; locksmith why --response answer.txt curl …
  pbpaste | locksmith why -)";

// Ctrl-C stops the request that is under way; the transport looks at the token.
std::stop_source& interruption() {
  static std::stop_source source;
  return source;
}
volatile std::sig_atomic_t interrupts = 0;
void on_interrupt(int) {
  // A second Ctrl-C ends the program at once. Everything here is safe in a signal handler.
  interrupts = interrupts + 1;
  if (interrupts > 1) _exit(130);
}

bool looks_like_url(std::string_view word) {
  return word.starts_with("http://") || word.starts_with("https://");
}

Result<doctor::Question> read_question(const Options& options) {
  if (!options.command_text.empty()) return doctor::read_command_text(options.command_text);
  if (options.words.empty()) {
    if (isatty(STDIN_FILENO))
      return fail(ErrorCode::usage, "nothing to look at",
                  "put `locksmith why` in front of the failing curl command, or name a HAR file");
    auto text = read_input("-");
    if (!text) return std::unexpected(text.error());
    return doctor::read_text(*text, options.entry);
  }
  const std::string& first = options.words.front();
  if (http::is_curl_program(first) || looks_like_url(first))
    return doctor::read_command(options.words);
  // A whole command in one word, as when it was quoted once too often.
  if (first.starts_with("curl ")) return doctor::read_command_text(first);
  if (options.words.size() > 1) {
    return fail(
        ErrorCode::usage,
        fmt::format("{} words where one file or a curl command is expected", options.words.size()),
        "Locksmith's options stand before the file or the word curl");
  }
  auto text = read_input(first);
  if (!text) return std::unexpected(text.error());
  return doctor::read_text(*text, options.entry);
}

Result<void> save(const std::string& path, const http::Bundle& bundle) {
  credential::Redactor redactor(std::random_device{}());
  redactor.learn(bundle);
  const std::string text = http::write_har(redactor.redact(bundle));
  // Only for its owner: redacted evidence still tells of hosts and paths.
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0)
    return fail(ErrorCode::unreadable,
                fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(file, text.data() + written, text.size() - written);
    if (n <= 0) break;
    written += static_cast<std::size_t>(n);
  }
  const bool complete = ::close(file) == 0 && written == text.size();
  if (!complete)
    return fail(ErrorCode::unreadable, fmt::format("{} was not written completely", path),
                "is the disk full?");
  return {};
}

// A line on the terminal that the next one overwrites; nothing at all elsewhere.
void show_progress(std::string_view line) {
  if (!isatty(STDERR_FILENO)) return;
  fmt::print(stderr, "\r\x1b[K{}",
             line.empty() ? std::string() : fmt::format("… {}", base::printable(line)));
  std::fflush(stderr);
}

int exit_code(report::Outcome outcome) {
  switch (outcome) {
    case report::Outcome::not_refused:
      return exit_ok;
    case report::Outcome::cause:
      return exit_cause;
    case report::Outcome::undetermined:
      return exit_undetermined;
    case report::Outcome::unreachable:
      return exit_unreachable;
  }
  return exit_unreachable;
}

std::size_t terminal_width() {
  if (!isatty(STDOUT_FILENO)) return 80;
  const char* columns = std::getenv("COLUMNS");
  const long width = columns ? std::strtol(columns, nullptr, 10) : 80;
  return static_cast<std::size_t>(std::clamp(width, 60L, 110L));
}

void print(const report::Report& report, const Options& options) {
  const std::string text = options.json ? report::as_json(report)
                           : options.markdown
                               ? report::as_markdown(report)
                               : report::as_text(report, {.color = wants_color(options.color),
                                                          .width = terminal_width(),
                                                          .verbose = options.verbose});
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int diagnose(doctor::Question question, const Options& options,
             const catalogue::Catalogue& catalogue) {
  const bool live = !options.offline && !question.answered;
  if (live) doctor::add_surroundings(question, catalogue);
  std::stop_source& stop = interruption();
  std::jthread watch;
  if (live) {
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    sigaction(SIGINT, &action, nullptr);
    watch = std::jthread([&stop](std::stop_token done) {
      while (!done.stop_requested() && interrupts == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      if (interrupts > 0) stop.request_stop();
    });
  }
  const auto transport = live ? probe::curl_transport(stop.get_token()) : nullptr;
  const report::Report report = doctor::examine(
      question, catalogue,
      {.replay = options.replay, .budget = options.budget, .progress = show_progress},
      transport.get());
  show_progress({});
  if (interrupts > 0) return 130;
  if (!options.save.empty()) {
    if (auto saved = save(options.save, question.bundle); !saved)
      return report_error(saved.error());
  }
  print(report, options);
  return exit_code(report.outcome);
}

int run(const Options& options) {
  if (options.json && options.markdown)
    return report_error({ErrorCode::usage, "--json and --markdown exclude each other", ""});
  auto question = read_question(options);
  if (!question) return report_error(question.error());
  if (!options.response.empty()) {
    const auto text = read_input(options.response);
    if (!text) return report_error(text.error());
    question = doctor::with_response(std::move(*question), *text);
    if (!question) return report_error(question.error());
  }
  if (options.catalogue.empty())
    return diagnose(std::move(*question), options, catalogue::embedded());
  auto files = catalogue::Files::read(options.catalogue, catalogue::embedded());
  if (!files) {
    const catalogue::Problem& problem = files.error().front();
    return report_error({ErrorCode::usage,
                         fmt::format("{}:{}: {}", problem.file, problem.line, problem.message),
                         problem.hint});
  }
  return diagnose(std::move(*question), options, files->over(catalogue::embedded()));
}

}  // namespace

Run add_why(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "why", "Names the cause of a refused request, with the evidence and the fix.");
  command
      ->prefix_command();  // everything from the first word that is no option on is the command's
  command->add_flag("--offline", options->offline, "send nothing at all");
  command
      ->add_option("--response", options->response,
                   "the answer, as curl -i or curl -v printed it (- for standard input)")
      ->type_name("FILE");
  command->add_option("--entry", options->entry, "which entry of a HAR failed, counted from 1")
      ->check(CLI::PositiveNumber);
  command->add_option("--command", options->command_text, "the curl command as one text")
      ->type_name("TEXT");
  command->add_flag("--replay", options->replay,
                    "repeat the request even if its method is not GET, HEAD or OPTIONS");
  command->add_option("--save", options->save, "write the evidence, redacted, as a HAR bundle")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "print the report for machines (docs/json-output.md)");
  command->add_flag("--markdown", options->markdown, "print the report to paste into an issue");
  command
      ->add_option("--catalogue", options->catalogue,
                   "a folder with further providers and intermediaries")
      ->type_name("DIR")
      ->check(CLI::ExistingPath);
  command->add_option("--budget", options->budget, "requests at most, the failing one included")
      ->check(CLI::Range(1, 50));
  command->add_flag("-v,--verbose", options->verbose, "show all causes and all evidence");
  command->add_option("--color", options->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command->footer(footer);
  return [options, command] {
    options->words = command->remaining();
    // Options may also stand behind a file name, where no command follows.
    return run(*options);
  };
}

}  // namespace locksmith::cli

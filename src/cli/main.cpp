// `locksmith`: names the cause of a refused API request.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "credential/redact.hpp"

namespace locksmith::cli {
namespace {

constexpr const char* footer = R"(Examples:
  locksmith why curl -H "Authorization: Bearer $API_KEY" https://api.example.com/v1/me
  locksmith why --offline failure.har
  locksmith explain whitespace
  locksmith providers show github
  curl -v … 2>&1 | locksmith redact

locksmith COMMAND --help tells more about a command.)";

// A key that stands among the arguments is shown by ps(1) for as long as the process runs. The
// arguments are copied first, then all that follows the command's name is overwritten in place.
void hide_arguments(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) std::memset(argv[i], 'x', std::strlen(argv[i]));
}

// `record … -- COMMAND`: takes the dashes and what follows them out of the words. parse()
// would look for options of this program there.
std::vector<std::string> take_program(std::vector<std::string>& words) {
  if (words.empty() || words.front() != "record") return {};
  const auto dashes = std::find(words.begin(), words.end(), "--");
  std::vector<std::string> taken(dashes, words.end());
  words.erase(dashes, words.end());
  return taken;
}

int run(int argc, char** argv) {
  arguments::Command program("Finds out why an API key was refused, and what fixes it.",
                             "locksmith");
  program.set_version_flag("--version", std::string("locksmith ") + LOCKSMITH_VERSION);
  program.require_subcommand(1);
  program.footer(footer);
  std::vector<std::string> words(argv + 1, argv + argc);
  hide_arguments(argc, argv);
  if (is_for_authority(words)) return run_authority(std::move(words));
  const std::vector<std::string> behind_dashes = take_program(words);
  const std::vector<std::pair<std::string, Run>> commands{
      {"why", add_why(program)},
      {"explain", add_explain(program)},
      {"providers", add_providers(program)},
      {"record", add_record(program, behind_dashes)},
      {"redact", add_redact(program)},
      {"compare", add_compare(program)},
      {"env", add_env(program)},
      {"leaks", add_leaks(program)},
      {"check", add_check(program)},
  };
  add_authority(program);

  const auto text = program.parse(std::move(words));
  if (!text) {
    return report_error(
        // It repeats what it did not expect, and that may be a key.
        {ErrorCode::usage, credential::redact_text(text.error().message, 1),
         "locksmith --help lists the commands, locksmith COMMAND --help their options"});
  }
  if (!text->empty()) return print(*text);
  for (const auto& [name, command] : commands) {
    if (program.got_subcommand(name)) return command();
  }
  return exit_usage;
}

}  // namespace

int report_error(const Error& error) {
  std::fprintf(stderr, "error: %s\n", base::printable(error.message).c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", base::printable(error.hint).c_str());
  return error.code == ErrorCode::usage ? exit_usage : exit_unreachable;
}

}  // namespace locksmith::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has seen enough (`| head`) is no failure
  return locksmith::cli::run(argc, argv);
}

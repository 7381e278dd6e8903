// `locksmithd`: the authority. Issues API keys, checks them, and says why it refused one.
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "daemon/commands.hpp"
#include "daemon/words.hpp"

namespace locksmith::daemon {
namespace {

int run(int argc, char** argv) {
  // `locksmith keys` starts this program under its own name.
  const bool for_locksmith = std::string_view(argv[0]) == "locksmith";
  const std::string name = for_locksmith ? "locksmith" : "locksmithd";
  arguments::Command program("Issues and checks API keys; every refusal says why.", name);
  program.set_version_flag("--version", std::string("locksmithd ") + LOCKSMITH_VERSION);
  program.require_subcommand(1);
  const std::vector<std::pair<std::string, Run>> commands{
      {"serve", add_serve(program)},       {"keys", add_keys(program)},
      {"accounts", add_accounts(program)}, {"decisions", add_decisions(program)},
      {"explain", add_explain(program)},   {"backup", add_backup(program)}};

  const auto text = program.parse({argv + 1, argv + argc});
  if (!text) {
    return report_error({ErrorCode::usage, text.error().message,
                         name + " --help lists the commands, COMMAND --help their options"});
  }
  if (!text->empty()) return print(*text);
  for (const auto& [chosen, command] : commands)
    if (program.got_subcommand(chosen)) return command();
  return exit_usage;
}

}  // namespace

int report_error(const Error& error) {
  std::fprintf(stderr, "error: %s\n", base::printable(error.message).c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", base::printable(error.hint).c_str());
  return error.code == ErrorCode::usage ? exit_usage : exit_unreachable;
}

}  // namespace locksmith::daemon

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return locksmith::daemon::run(argc, argv);
}

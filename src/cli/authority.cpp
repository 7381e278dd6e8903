// serve, keys, accounts, decisions, backup, and `explain req_…`: another program, locksmithd, does
// them, so that the doctor starts without a database and a server in it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "cli/commands.hpp"

namespace locksmith::cli {
namespace {

struct Command {
  const char* name;
  const char* about;
};
constexpr std::array commands{
    Command{"serve", "Answers for the requests of your own API: the authority."},
    Command{"keys", "Issues, shows, rotates, revokes, imports and exports API keys."},
    Command{"accounts", "Makes, shows and suspends the accounts that keys belong to."},
    Command{"decisions", "Lists what the authority refused, newest first."},
    Command{"backup", "Copies the authority's store while it is being used."}};

// Beside this program, where `make install` puts it; in libexec, where packages may.
std::vector<std::string> places() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto folder = self.parent_path();
  return {folder / "locksmithd", folder / "../libexec/locksmithd",
          folder / "../libexec/locksmith/locksmithd"};
}

}  // namespace

void add_authority(arguments::Command& program) {
  for (const Command& command : commands) program.add_subcommand(command.name, command.about);
}

bool is_for_authority(const std::vector<std::string>& words) {
  if (words.empty()) return false;
  if (words.front() == "explain") {
    return std::any_of(words.begin() + 1, words.end(),
                       [](const std::string& word) { return word.starts_with("req_"); });
  }
  return std::any_of(commands.begin(), commands.end(),
                     [&](const Command& command) { return words.front() == command.name; });
}

int run_authority(std::vector<std::string> words) {
  std::string name = "locksmith";  // what its --help calls itself
  std::vector<char*> arguments{name.data()};
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  for (const std::string& place : places()) ::execv(place.c_str(), arguments.data());
  ::execvp("locksmithd", arguments.data());
  return report_error({ErrorCode::unreachable,
                       fmt::format("cannot start locksmithd: {}", std::strerror(errno)),
                       "it is installed beside locksmith, and does what the authority does"});
}

}  // namespace locksmith::cli

// The default places; each program's manual names them.
#include "leaks/shell_history.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace locksmith::leaks {
namespace {

// In the home folder.
constexpr std::array<std::string_view, 26> histories{
    ".bash_history",
    ".bash_eternal_history",
    ".bash_sessions",  // macOS
    ".zsh_history",
    ".zhistory",
    ".zsh_sessions",
    ".histfile",
    ".history",
    ".sh_history",
    ".ash_history",
    ".ksh_history",
    ".tcsh_history",
    ".config/fish/fish_history",  // before fish 2.3
    ".python_history",
    ".ipython/profile_default/history.sqlite",
    ".node_repl_history",
    ".irb_history",
    ".local/share/nushell/history.txt",
    ".config/nushell/history.txt",
    ".psql_history",
    ".mysql_history",
    ".sqlite_history",
    ".rediscli_history",
    ".mongodb/mongosh/mongosh_repl_history",
    ".lesshst",
    ".viminfo",
};
// In $XDG_DATA_HOME, ~/.local/share.
constexpr std::array<std::string_view, 4> data_histories{
    "fish/fish_history", "powershell/PSReadLine/ConsoleHost_history.txt", "atuin/history.db",
    "nushell/history.txt"};
constexpr std::array<std::string_view, 5> home_logs{".npm/_logs", ".pm2/logs", ".pip/pip.log",
                                                    ".cache/yarn/logs", ".docker/desktop/log"};

std::vector<std::string> existing(std::vector<std::string> paths) {
  std::vector<std::string> out;
  for (std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) continue;
    const auto same = [&](const std::string& other) {
      return std::filesystem::equivalent(path, other, error);
    };
    if (std::ranges::none_of(out, same)) out.push_back(std::move(path));
  }
  return out;
}

std::string below(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
}

}  // namespace

std::vector<std::string> shell_histories(const Variable& variable) {
  std::vector<std::string> paths;
  for (const std::string_view name :
       {"HISTFILE", "PYTHON_HISTORY", "NODE_REPL_HISTORY", "PSQL_HISTORY", "MYSQL_HISTFILE",
        "SQLITE_HISTORY", "REDISCLI_HISTFILE"}) {
    if (std::string path = variable(name); !path.empty()) paths.push_back(std::move(path));
  }
  const std::string home = variable("HOME");
  if (home.empty()) return existing(std::move(paths));
  for (const std::string_view name : histories) paths.push_back(below(home, name));
  std::string data = variable("XDG_DATA_HOME");
  if (data.empty()) data = home + "/.local/share";
  for (const std::string_view name : data_histories) paths.push_back(below(data, name));
  return existing(std::move(paths));
}

std::vector<std::string> log_places(const Variable& variable) {
  std::vector<std::string> paths{"/var/log"};
  const std::string home = variable("HOME");
  if (!home.empty()) {
    for (const std::string_view name : home_logs) paths.push_back(below(home, name));
  }
  return existing(std::move(paths));
}

}  // namespace locksmith::leaks

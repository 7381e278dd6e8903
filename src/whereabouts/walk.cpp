#include "whereabouts/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace locksmith::whereabouts {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Made by tools, not by people: large, and what is in them comes from elsewhere.
bool is_made(std::string_view folder) {
  static constexpr std::array<std::string_view, 20> kMade{
      "node_modules", ".git",   "vendor", "dist",        "build",      "target", ".venv",
      "venv",         ".cache", ".next",  "__pycache__", ".terraform", ".tox",   ".nuxt",
      ".svn",         ".hg",    ".cargo", ".rustup",     "coverage",   ".npm"};
  return std::ranges::find(kMade, folder) != kMade.end();
}

class Walk {
 public:
  Walk(const Limits& limits, std::vector<Skipped>& skipped)
      : limits_(limits), skipped_(skipped), end_(Clock::now() + limits.time) {}

  // Entries of one folder, in the order of their names, so that two runs give the same.
  std::vector<fs::directory_entry> list(const std::string& path) {
    std::vector<fs::directory_entry> entries;
    std::error_code error;
    for (fs::directory_iterator it(path, error), last; !error && it != last; it.increment(error)) {
      if (++count_ > limits_.entries) break;
      entries.push_back(*it);
    }
    if (error && error != std::errc::no_such_file_or_directory &&
        error != std::errc::not_a_directory)
      skipped_.push_back({path, error.message()});
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().native(); });
    return entries;
  }

  bool is_over(const std::string& path) {
    const bool over = count_ > limits_.entries || Clock::now() > end_;
    if (over && !told_)
      skipped_.push_back({path, "too many files: this folder and those behind it were left out"});
    told_ |= over;
    return over;
  }

 private:
  const Limits& limits_;
  std::vector<Skipped>& skipped_;
  Clock::time_point end_;
  std::size_t count_ = 0;
  bool told_ = false;
};

void add_below(Walk& walk, const std::string& folder, int depth, int deepest,
               std::vector<Candidate>& out) {
  if (walk.is_over(folder)) return;
  std::vector<std::string> folders;
  for (const fs::directory_entry& entry : walk.list(folder)) {
    std::error_code error;
    const std::string& path = entry.path().native();
    // A link to a folder may lead back here; a link to a file is what it leads to.
    if (entry.is_directory(error) && !entry.is_symlink(error)) {
      if (!is_made(entry.path().filename().native())) folders.push_back(path);
    } else if (const auto source = source_of(path)) {
      out.push_back({path, *source, depth == 0 ? 0 : 20 + depth});
    }
  }
  if (depth >= deepest) return;
  for (const std::string& inner : folders) add_below(walk, inner, depth + 1, deepest, out);
}

// Files of a folder, without those below.
void add_files(Walk& walk, const std::string& folder, std::string_view ending, Source source,
               int rank, std::vector<Candidate>& out) {
  for (const fs::directory_entry& entry : walk.list(folder)) {
    std::error_code error;
    if (entry.path().native().ends_with(ending) && !entry.is_directory(error))
      out.push_back({entry.path().native(), source, rank});
  }
}

// Units and the folders of their drop-ins, unit.d/*.conf, and links such as *.wants left out.
void add_units(Walk& walk, const std::string& folder, int rank, std::vector<Candidate>& out) {
  for (const fs::directory_entry& entry : walk.list(folder)) {
    std::error_code error;
    const std::string& path = entry.path().native();
    if (path.ends_with(".service") && !entry.is_directory(error))
      out.push_back({path, Source::units, rank});
    else if (path.ends_with(".d") && entry.is_directory(error))
      add_files(walk, path, ".conf", Source::units, rank - 1, out);
  }
}

struct Fixed {
  const char* path;
  Source source;
  int rank;
};

// Of two start-up files the one that is read later wins: bash(1), INVOCATION; zsh(1), STARTUP.
constexpr std::array<Fixed, 20> home_files{{
    {".bashrc", Source::shell, 0},
    {".zshrc", Source::shell, 0},
    {".config/fish/config.fish", Source::fish, 0},
    {".config/fish/fish_variables", Source::fish, 1},
    {".bash_profile", Source::shell, 1},
    {".bash_login", Source::shell, 2},
    {".zlogin", Source::shell, 1},
    {".zprofile", Source::shell, 2},
    {".profile", Source::shell, 3},
    {".zshenv", Source::shell, 4},
    {".xprofile", Source::shell, 4},
    {".pam_environment", Source::pam, 5},
    {".pm2/dump.pm2", Source::pm2_json, 0},
    {".npmrc", Source::client, 0},
    {".netrc", Source::client, 0},
    {".pypirc", Source::client, 0},
    {".aws/credentials", Source::client, 0},
    {".aws/config", Source::client, 1},
    {".config/pip/pip.conf", Source::client, 0},
    {".pip/pip.conf", Source::client, 1},
}};

constexpr std::array<Fixed, 11> etc_files{{
    {"bash.bashrc", Source::shell, 6},
    {"zsh/zshrc", Source::shell, 6},
    {"zsh/zprofile", Source::shell, 7},
    {"zsh/zshenv", Source::shell, 8},
    {"profile", Source::shell, 8},
    {"environment", Source::pam, 9},
    {"crontab", Source::crontab, 2},
    {"supervisord.conf", Source::supervisor, 1},
    {"supervisor/supervisord.conf", Source::supervisor, 1},
    {"pip.conf", Source::client, 2},
    {"npmrc", Source::client, 2},
}};

}  // namespace

std::vector<Candidate> project_files(const Where& where, std::vector<Skipped>& skipped) {
  std::vector<Candidate> out;
  Walk walk(where.limits, skipped);
  fs::path folder(where.cwd);
  for (int up = 0; !folder.empty(); ++up, folder = folder.parent_path()) {
    for (const fs::directory_entry& entry :
         up == 0 ? decltype(walk.list("")){} : walk.list(folder.native())) {
      const auto source = source_of(entry.path().native());
      std::error_code error;
      if (source && (*source == Source::dotenv || *source == Source::envrc) &&
          !entry.is_directory(error))
        out.push_back({entry.path().native(), *source, up});
    }
    if (folder.native() == where.home || folder == folder.parent_path()) break;
  }
  // A home folder or / holds everything: only what stands in it directly counts as here.
  const bool whole = where.cwd == where.home || where.cwd == "/";
  add_below(walk, where.cwd, 0, where.below && !whole ? where.limits.depth : 0, out);
  // Subfolders in which tools keep what belongs to this folder are looked at in any case.
  if (!where.below || whole) {
    for (const char* inner : {"/.vscode", "/config"}) add_below(walk, where.cwd + inner, 1, 1, out);
  }
  return out;
}

std::vector<Candidate> user_files(const Where& where, std::vector<Skipped>& skipped) {
  std::vector<Candidate> out;
  if (where.home.empty()) return out;
  Walk walk(where.limits, skipped);
  for (const Fixed& file : home_files)
    out.push_back({where.home + "/" + file.path, file.source, file.rank});
  const std::string config = where.home + "/.config/";
  add_files(walk, config + "fish/conf.d", ".fish", Source::fish, 2, out);
  add_files(walk, config + "environment.d", ".conf", Source::unit_file, 3, out);
  add_units(walk, config + "systemd/user", 1, out);
  return out;
}

std::vector<Candidate> system_files(const Where& where, std::vector<Skipped>& skipped) {
  std::vector<Candidate> out;
  Walk walk(where.limits, skipped);
  const std::string etc = where.root + "/etc/";
  for (const Fixed& file : etc_files) out.push_back({etc + file.path, file.source, file.rank});
  add_files(walk, etc + "profile.d", ".sh", Source::shell, 7, out);
  add_files(walk, etc + "environment.d", ".conf", Source::unit_file, 4, out);
  add_files(walk, etc + "default", "", Source::unit_file, 5, out);
  add_files(walk, etc + "cron.d", "", Source::crontab, 1, out);
  add_files(walk, where.root + "/var/spool/cron/crontabs", "", Source::crontab, 0, out);
  add_files(walk, etc + "supervisor/conf.d", ".conf", Source::supervisor, 0, out);
  add_units(walk, etc + "systemd/system", 1, out);
  add_units(walk, etc + "systemd/user", 2, out);
  add_units(walk, where.root + "/usr/lib/systemd/system", 3, out);
  return out;
}

}  // namespace locksmith::whereabouts

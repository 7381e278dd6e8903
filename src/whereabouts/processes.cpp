#include "whereabouts/processes.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "base/file.hpp"
#include "base/text.hpp"
#include "credential/secret_names.hpp"

namespace locksmith::whereabouts {
namespace {

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::vector<std::string_view> arguments_of(std::string_view cmdline) {
  std::vector<std::string_view> arguments;
  while (!cmdline.empty()) {
    const auto end = std::min(cmdline.find('\0'), cmdline.size());
    arguments.push_back(cmdline.substr(0, end));
    cmdline.remove_prefix(std::min(end + 1, cmdline.size()));
  }
  return arguments;
}

// The name of a file or a module, and surely no secret.
bool is_script_name(std::string_view name) {
  constexpr std::size_t longest = 40;
  return !name.empty() && name.size() <= longest && !credential::looks_random(name) &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

bool is_interpreter(std::string_view program) {
  constexpr std::array<std::string_view, 16> known{
      "node", "nodejs", "deno", "bun",  "python", "ruby", "perl", "php",
      "java", "bash",   "sh",   "dash", "dotnet", "lua",  "tsx",  "uvicorn"};
  const auto plain = program.substr(0, program.find_first_of("0123456789."));  // python3.11
  return std::ranges::find(known, plain) != known.end();
}

bool is_shell(std::string_view name) {
  constexpr std::array<std::string_view, 7> known{"bash", "sh",  "dash", "zsh",
                                                  "fish", "ksh", "tmux"};
  return std::ranges::find(known, name.substr(name.starts_with('-') ? 1 : 0)) != known.end();
}

// Seconds since 1970 at which the machine was started.
std::optional<long long> boot_time(const std::string& proc) {
  const auto text = base::read_regular_file(proc + "/stat");
  if (!text) return std::nullopt;
  const auto at = text->find("\nbtime ");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + 7, end = std::min(text->find('\n', start), text->size());
  return number_of<long long>(std::string_view(*text).substr(start, end - start));
}

// The whole of a small file below `folder` into `out`, which keeps its memory from one process to
// the next: with 500 of them, allocation would be most of the time. 0 or errno.
int read_at(int folder, const char* name, std::string& out) {
  constexpr std::size_t most_bytes = 4 << 20, step = 32 << 10;
  const int file = ::openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return errno;
  std::size_t size = 0;
  int error = 0;
  for (;;) {
    if (out.size() < size + step) out.resize(size + step);
    const ssize_t count = ::read(file, out.data() + size, out.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) error = errno;
    if (count <= 0 || size > most_bytes) break;
    size += static_cast<std::size_t>(count);
  }
  ::close(file);
  out.resize(error ? 0 : size);
  return error;
}

Place place_of(const std::string& proc, long pid, std::optional<long long> boot) {
  Place place;
  place.consumer = Consumer::process;
  place.pid = pid;
  const std::string folder = proc + "/" + std::to_string(pid);
  const auto text = base::read_regular_file(folder + "/stat");
  const auto stat = text ? parse_stat(*text) : std::nullopt;
  const auto cmdline = base::read_regular_file(folder + "/cmdline");
  const std::string name = stat ? stat->name : "";
  place.program = program_of(cmdline ? *cmdline : "", name);
  if (stat && boot)
    place.since = base::Time(
        std::chrono::seconds(*boot + stat->start_ticks / std::max(1L, ::sysconf(_SC_CLK_TCK))));
  if (is_shell(name)) {
    place.rank = 1;
    place.notes.emplace_back("a shell: as it was started, not what was exported in it since");
  }
  return place;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> variables_of(std::string_view environ,
                                                              const Names& names) {
  std::vector<std::pair<std::string, std::string>> found;
  while (!environ.empty()) {
    const auto end = std::min(environ.find('\0'), environ.size());
    const std::string_view entry = environ.substr(0, end);
    environ.remove_prefix(std::min(end + 1, environ.size()));
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos || !names.has(entry.substr(0, equals))) continue;
    found.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return found;
}

std::optional<Stat> parse_stat(std::string_view text) {
  // The name stands in parentheses and may hold blanks and parentheses itself.
  const auto open = text.find('('), close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  Stat stat{.name = std::string(text.substr(open + 1, close - open - 1))};
  constexpr int start_time = 22 - 2;  // the field, counted from the one behind the name
  std::string_view rest = base::trim(text.substr(close + 1));
  for (int field = 1; field < start_time; ++field) {
    const auto blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(blank + 1);
  }
  const auto ticks = number_of<long long>(base::trim(rest.substr(0, rest.find(' '))));
  if (!ticks) return std::nullopt;
  stat.start_ticks = *ticks;
  return stat;
}

std::string program_of(std::string_view cmdline, std::string_view name) {
  const std::vector<std::string_view> arguments = arguments_of(cmdline);
  // A program may write what it likes over its arguments; what it is called by is the safer name.
  std::string_view program = arguments.empty() ? name : base_name(arguments[0]);
  if (!is_script_name(program.substr(program.starts_with('-') ? 1 : 0))) program = name;
  std::string shown = base::printable(program.substr(0, 40));
  if (!is_interpreter(program)) return shown;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const bool names_next = argument == "-m" || argument == "-jar";
    if (names_next && i + 1 < arguments.size() && is_script_name(base_name(arguments[i + 1])))
      return shown + " " + std::string(argument) + " " + std::string(base_name(arguments[i + 1]));
    if (argument == "-c" || argument == "-e") return shown;  // code: may hold anything
    if (argument.starts_with('-')) continue;
    // Behind an option it may be that option's value; a script has an ending, or a folder before
    // it.
    const std::string_view script = base_name(argument);
    const bool is_path = script.contains('.') || argument.contains('/');
    if (is_path && is_script_name(script)) shown += " " + std::string(script);
    return shown;
  }
  return shown;
}

void add_processes(const std::string& proc, long self, const Names& names, Whereabouts& found) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(proc.c_str()), ::closedir);
  if (!folder) {
    found.skipped.push_back({proc, std::strerror(errno)});
    return;
  }
  const auto boot = boot_time(proc);
  std::string environ;
  while (const dirent* entry = ::readdir(folder.get())) {
    const auto pid = number_of<long>(entry->d_name);
    if (!pid || *pid == self) continue;
    const std::string path = std::string(entry->d_name) + "/environ";
    const int error = read_at(::dirfd(folder.get()), path.c_str(), environ);
    // It has ended since the folder was read: there is nothing to tell of it.
    if (error == ENOENT || error == ESRCH) continue;
    ++found.processes;
    if (error) {
      ++found.closed_processes;
      continue;
    }
    for (auto& [name, value] : variables_of(environ, names)) {
      Place place = place_of(proc, *pid, boot);
      place.name = name;
      place.holds = value.empty() ? Holds::nothing : Holds::value;
      place.value = base::Secret(std::move(value));
      found.places.push_back(std::move(place));
    }
  }
}

}  // namespace locksmith::whereabouts

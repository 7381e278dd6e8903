#include "record/child.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string_view>

namespace locksmith::record {
namespace {

constexpr int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH};

sigset_t waited_for() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTSTP);  // the child's own stop stops us, and not before
  for (const int signal : passed_on) sigaddset(&set, signal);
  return set;
}

bool is_runnable(const std::string& path, struct stat& facts) {
  return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

Result<std::string> unprivileged(const std::string& path, const struct stat& facts) {
  constexpr const char* hint =
      "run what it starts instead, for example: sudo locksmith record -- PROGRAM";
  if (facts.st_mode & (S_ISUID | S_ISGID))
    return fail(ErrorCode::usage,
                path + " runs with the rights of another user (setuid) and cannot be recorded",
                hint);
  if (::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0)
    return fail(ErrorCode::usage,
                path + " runs with rights of its own (capabilities) and cannot be recorded", hint);
  return path;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

struct SpawnAttributes {
  posix_spawnattr_t value;
  SpawnAttributes() {
    posix_spawnattr_init(&value);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);  // this program ignores it
    posix_spawnattr_setsigmask(&value, &none);
    posix_spawnattr_setsigdefault(&value, &usual);
    posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&value); }
};

// The exit code once the child has ended, -1 before.
int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, WNOHANG | WUNTRACED) == child) {
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    if (WIFSTOPPED(status)) ::raise(SIGSTOP);
  }
  return -1;
}

// Each connection of the child costs this process two descriptors. Not before the child is there:
// it would inherit the limit.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int wait_for_end(pid_t child) {
  const sigset_t set = waited_for();
  for (;;) {
    siginfo_t info{};
    const int signal = ::sigwaitinfo(&set, &info);
    if (signal == SIGCHLD) {
      const int code = reap(child);
      if (code >= 0) return code;
    } else if (signal > 0 && info.si_code != SI_KERNEL) {
      // SI_KERNEL: the terminal sent it, to the child as well.
      ::kill(child, signal);
    }
  }
}

}  // namespace

HeldSignals::HeldSignals() {
  const sigset_t set = waited_for();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

HeldSignals::~HeldSignals() {
  const sigset_t set = waited_for();
  const timespec now{};
  while (::sigtimedwait(&set, nullptr, &now) > 0) {
  }
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Result<std::string> find_program(const std::string& program, const Variables& environment) {
  struct stat facts {};
  if (program.contains('/')) {
    if (is_runnable(program, facts)) return unprivileged(program, facts);
    return fail(ErrorCode::usage, program + " cannot be run", "is it there, and executable?");
  }
  const auto path = environment.find("PATH");
  std::string_view folders =
      path == environment.end() ? "/usr/local/bin:/bin:/usr/bin" : std::string_view(path->second);
  for (;;) {
    const std::size_t end = std::min(folders.find(':'), folders.size());
    const std::string folder(end == 0 ? "." : folders.substr(0, end));
    if (is_runnable(folder + "/" + program, facts))
      return unprivileged(folder + "/" + program, facts);
    if (end == folders.size()) break;
    folders.remove_prefix(end + 1);
  }
  return fail(ErrorCode::usage, program + " is not a program on PATH",
              "a function or alias of the shell is run by: locksmith record -- sh -c '…'");
}

Result<int> run_child(const std::string& path, const std::vector<std::string>& command,
                      const Variables& environment) {
  std::vector<std::string> words = command, variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const SpawnAttributes attributes;
  pid_t child = 0;
  // A script without a first line that names its interpreter is run by the shell, as shells do.
  int failed = ::posix_spawn(&child, path.c_str(), nullptr, &attributes.value,
                             pointers(words).data(), pointers(variables).data());
  if (failed == ENOEXEC) {
    words[0] = path;
    words.insert(words.begin(), "sh");
    failed = ::posix_spawn(&child, "/bin/sh", nullptr, &attributes.value, pointers(words).data(),
                           pointers(variables).data());
  }
  if (failed) return fail(ErrorCode::usage, path + " cannot be run: " + std::strerror(failed));
  raise_descriptor_limit();
  return wait_for_end(child);
}

}  // namespace locksmith::record

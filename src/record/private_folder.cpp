#include "record/private_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

namespace locksmith::record {
namespace {

constexpr std::string_view prefix = "locksmith-record-";

std::unexpected<Error> refuse(const std::string& path) {
  return fail(ErrorCode::unreadable, "cannot write into " + path + ": " + std::strerror(errno),
              "set TMPDIR to a folder that can be written to");
}

// The folder holds files only, and nobody but this user can have put them there. `folder` stays
// open. Async-signal-safe but for readdir, which the guard, a process of one thread, may call.
void remove_folder(int folder, const char* path) {
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* entries = copy < 0 ? nullptr : ::fdopendir(copy);
  if (entries) {
    while (const dirent* entry = ::readdir(entries)) ::unlinkat(folder, entry->d_name, 0);
    ::closedir(entries);
  }
  ::rmdir(path);
}

// Waits until the other end of `alive` closes, which it does when this process's parent ends, then
// cleans up. Its own session: a Ctrl-C is not meant for it. No other descriptor: whoever reads the
// parent's output must see its end.
[[noreturn]] void stand_guard(int alive, const std::string& path) {
  ::setsid();
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::signal(signal, SIG_IGN);
  ::dup2(alive, 0);
  ::close_range(1, ~0U, 0);
  ::chdir("/");
  char byte;
  while (::read(0, &byte, 1) < 0 && errno == EINTR) {
  }
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder >= 0) remove_folder(folder, path.c_str());
  ::_exit(0);
}

}  // namespace

Result<std::unique_ptr<PrivateFolder>> PrivateFolder::make(const std::string& parent) {
  std::string path = parent + "/" + std::string(prefix) + std::to_string(::getpid()) + "-XXXXXX";
  if (!::mkdtemp(path.data())) return refuse(parent);
  std::unique_ptr<PrivateFolder> folder(new PrivateFolder(path));
  folder->lock_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder->lock_ < 0 || ::flock(folder->lock_, LOCK_EX | LOCK_NB) != 0 || !folder->guard())
    return refuse(path);
  return folder;
}

bool PrivateFolder::guard() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  guard_ = ::fork();
  if (guard_ == 0) {
    ::close(ends[1]);
    stand_guard(ends[0], path_);
  }
  ::close(ends[0]);
  alive_ = ends[1];
  return guard_ > 0;
}

PrivateFolder::~PrivateFolder() {
  if (lock_ >= 0) remove_folder(lock_, path_.c_str());
  if (alive_ >= 0) ::close(alive_);
  if (guard_ > 0) {
    while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string> PrivateFolder::write(const std::string& name, const std::string& content) {
  const std::string path = path_ + "/" + name;
  const int file =
      ::openat(lock_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return refuse(path);
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t n = ::write(file, content.data() + written, content.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    written += static_cast<std::size_t>(n);
  }
  if (::close(file) != 0 || written != content.size()) return refuse(path);
  return path;
}

std::string temporary_parent(const std::map<std::string, std::string>& environment) {
  for (const char* name : {"XDG_RUNTIME_DIR", "TMPDIR"}) {
    const auto found = environment.find(name);
    if (found == environment.end() || !found->second.starts_with('/')) continue;
    if (::access(found->second.c_str(), W_OK | X_OK) == 0) return found->second;
  }
  return "/tmp";
}

int sweep(const std::string& parent) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent, error)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(prefix)) found.push_back(name);
  }
  int removed = 0;
  for (const std::string& name : found) {
    const std::string path = parent + "/" + name;
    const long pid = std::strtol(name.c_str() + prefix.size(), nullptr, 10);
    // Both must say that nobody is there: the process id alone may belong to another container that
    // shares this folder, the lock alone is not taken yet in the moment after mkdtemp.
    if (pid <= 0 || ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH) continue;
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat facts {};
    if (folder >= 0 && ::fstat(folder, &facts) == 0 && facts.st_uid == ::geteuid() &&
        ::flock(folder, LOCK_EX | LOCK_NB) == 0) {
      remove_folder(folder, path.c_str());
      ++removed;
    }
    if (folder >= 0) ::close(folder);
  }
  return removed;
}

}  // namespace locksmith::record

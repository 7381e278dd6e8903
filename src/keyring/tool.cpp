#include "keyring/tool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "base/text.hpp"
#include "credential/redact.hpp"

namespace locksmith::keyring {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_bytes = 1 << 20;
constexpr std::size_t shown_bytes = 300;

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) ends[0] = ends[1] = -1;
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  void close_end(int i) {
    if (ends[i] >= 0) ::close(ends[i]);
    ends[i] = -1;
  }
};

struct Actions {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  Actions(const Pipe& out, const Pipe& err) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err.ends[1], STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);  // this program ignores it
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  Actions(const Actions&) = delete;
};

// Both streams until both end; false when time or size ran out.
bool read_both(Pipe& out, Pipe& err, std::string& printed, std::string& said,
               Clock::time_point deadline) {
  std::array<char, 4096> buffer;
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd streams[] = {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}};
    const int ready = ::poll(streams, 2, static_cast<int>(std::min<long>(left, 1000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (!streams[i].revents) continue;
      Pipe& pipe = i == 0 ? out : err;
      std::string& text = i == 0 ? printed : said;
      const ssize_t count = ::read(pipe.ends[0], buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        pipe.close_end(0);
        continue;
      }
      text.append(buffer.data(), static_cast<std::size_t>(count));
      if (text.size() > most_bytes) return false;
    }
  }
  return true;
}

// The status; nullopt when the program is not done by then.
std::optional<int> wait_until(pid_t child, Clock::time_point deadline) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return 0;
    if (Clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void end(pid_t child) {
  ::kill(child, SIGTERM);
  if (wait_until(child, Clock::now() + std::chrono::seconds(1))) return;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

// The last lines say what went wrong; what the program says is foreign, and may quote a token.
std::string cleaned(std::string_view said) {
  std::string text = credential::redact_text(base::trim(said), 1);
  if (text.size() > shown_bytes) text = "…" + text.substr(text.size() - shown_bytes);
  std::ranges::replace(text, '\n', ' ');
  return base::printable(text);
}

std::unexpected<Error> not_started(const std::string& program, int error) {
  if (error == ENOENT)
    return fail(ErrorCode::unreadable, program + " is not installed here",
                "install it, or name the key otherwise: env:NAME, file:PATH#NAME, stdin");
  return fail(ErrorCode::unreadable,
              fmt::format("{} cannot be run: {}", program, std::strerror(error)));
}

std::unexpected<Error> failed(const std::string& program, int status, std::string_view said) {
  const std::string how = WIFSIGNALED(status)
                              ? fmt::format("was ended by signal {}", WTERMSIG(status))
                              : fmt::format("failed with exit code {}", WEXITSTATUS(status));
  const std::string why = cleaned(said);
  return fail(ErrorCode::unreadable, fmt::format("{} {}", program, how),
              why.empty() ? std::string() : fmt::format("{} says: {}", program, why));
}

}  // namespace

Result<base::Secret> run_tool(const std::vector<std::string>& words,
                              std::chrono::milliseconds time) {
  const std::string& program = words.front();
  const Clock::time_point deadline = Clock::now() + time;
  Pipe out, err;
  if (out.ends[0] < 0 || err.ends[0] < 0) return not_started(program, errno);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  {
    const Actions actions(out, err);
    const int error = ::posix_spawnp(&child, program.c_str(), &actions.files, &actions.attributes,
                                     arguments.data(), environ);
    if (error) return not_started(program, error);
  }
  out.close_end(1);
  err.close_end(1);

  std::string printed, said;
  const bool complete = read_both(out, err, printed, said, deadline);
  const std::optional<int> status = complete ? wait_until(child, deadline) : std::nullopt;
  if (!status) {
    end(child);
    if (printed.size() > most_bytes || said.size() > most_bytes)
      return fail(ErrorCode::unreadable, program + " prints more than 1 MB");
    return fail(
        ErrorCode::unreadable,
        fmt::format("{} took longer than {} and was ended", program,
                    base::count_of(static_cast<std::size_t>(time.count() / 1000), "second")),
        "does it wait for a login? Run it by itself first");
  }
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) return failed(program, *status, said);
  return base::Secret(std::move(printed));
}

}  // namespace locksmith::keyring

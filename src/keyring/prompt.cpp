// By hand rather than with readpassphrase(3): a terminal's line ends at 4,095 bytes (termios(3),
// canonical mode), and JWTs are longer. So the line is read byte by byte.
#include "keyring/prompt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

namespace locksmith::keyring {
namespace {

constexpr int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
constexpr std::size_t most_bytes = 1 << 20;

volatile std::sig_atomic_t received = 0;
void note_signal(int signal) { received = signal; }

// Signals are noted only, and arrive nowhere but in wait_for_input(): one that came just before a
// read() would leave it waiting for ever.
class NotedSignals {
 public:
  NotedSignals() {
    received = 0;
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : ending) sigaddset(&held, signal);
    ::pthread_sigmask(SIG_BLOCK, &held, &mask_);
    struct sigaction action {};
    action.sa_handler = note_signal;
    for (std::size_t i = 0; i < std::size(ending); ++i) sigaction(ending[i], &action, &before_[i]);
  }
  ~NotedSignals() {
    ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);  // what is pending is noted, too
    for (std::size_t i = 0; i < std::size(ending); ++i) sigaction(ending[i], &before_[i], nullptr);
  }
  NotedSignals(const NotedSignals&) = delete;

  // False when a signal came first.
  bool wait_for_input(int terminal) const {
    pollfd input{terminal, POLLIN, 0};
    while (!received) {
      if (::ppoll(&input, 1, nullptr, &mask_) > 0) return true;
      if (errno != EINTR) return true;  // read() will tell
    }
    return false;
  }

 private:
  sigset_t mask_;
  struct sigaction before_[std::size(ending)];
};

class Silenced {
 public:
  explicit Silenced(int terminal) : terminal_(terminal) {
    known_ = ::tcgetattr(terminal, &before_) == 0;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    // TCSADRAIN keeps what was typed ahead: it was typed for this.
    silent_ = known_ && ::tcsetattr(terminal, TCSADRAIN, &silent) == 0;
  }
  ~Silenced() {
    if (known_) ::tcsetattr(terminal_, TCSADRAIN, &before_);
  }
  Silenced(const Silenced&) = delete;
  bool silent() const { return silent_; }

 private:
  int terminal_;
  termios before_{};
  bool known_ = false, silent_ = false;
};

void say(int terminal, std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(terminal, text.data(), text.size());
}

// Whether the line goes on.
bool take(char c, std::string& line) {
  constexpr char end_of_input = 4, kill_line = 21, erase = 127;
  if (c == '\n' || c == '\r' || c == end_of_input) return false;
  if (c == kill_line) {
    line.clear();
  } else if (c == erase || c == '\b') {
    // A whole code point, as the terminal itself would.
    while (!line.empty() && (line.back() & 0xc0) == 0x80) line.pop_back();
    if (!line.empty()) line.pop_back();
  } else {
    line += c;
  }
  return true;
}

enum class End { line, input, signal };

End read_line(int terminal, const NotedSignals& signals, std::string& line) {
  for (;;) {
    if (!signals.wait_for_input(terminal)) return End::signal;
    char c = 0;
    const ssize_t count = ::read(terminal, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || line.size() > most_bytes) return End::input;
    if (!take(c, line)) return End::line;
  }
}

}  // namespace

Result<base::Secret> ask_hidden(int terminal, std::string_view prompt) {
  for (;;) {
    std::string line;
    End end = End::line;
    {
      const NotedSignals signals;
      const Silenced silenced(terminal);
      if (!silenced.silent())
        return fail(ErrorCode::unreadable, "the terminal would show what is typed",
                    "name the key otherwise: env:NAME, file:PATH#NAME, stdin");
      say(terminal, prompt);
      end = read_line(terminal, signals, line);
      say(terminal, "\n");
    }
    if (end == End::line) return base::Secret(std::move(line));
    if (end == End::input) return fail(ErrorCode::unreadable, "the terminal gave no line");
    ::raise(received);  // now it does what it always does; after Ctrl-Z and `fg`, ask again
    if (received != SIGTSTP) return fail(ErrorCode::unreadable, "asking was interrupted");
  }
}

Result<base::Secret> ask_hidden(std::string_view prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0)
    return fail(ErrorCode::unreadable, "there is no terminal to ask at",
                "name the key otherwise: env:NAME, file:PATH#NAME, stdin");
  auto answer = ask_hidden(terminal, prompt);
  ::close(terminal);
  return answer;
}

}  // namespace locksmith::keyring

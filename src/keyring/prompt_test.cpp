// A key is typed without being shown, and the terminal is as before afterwards, also after Ctrl-C.
#include "keyring/prompt.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <string>

namespace locksmith::keyring {
namespace {

// A child of its own session asks at a terminal; this process is the person who types there.
class Terminal {
 public:
  // `done` runs in the child with what was typed; its exit code is the child's.
  explicit Terminal(int (*done)(const std::string&)) {
    EXPECT_EQ(::openpty(&person_, &side_, nullptr, nullptr, nullptr), 0);
    child_ = ::fork();
    if (child_ != 0) return;
    ::setsid();
    ::ioctl(side_, TIOCSCTTY, 0);
    const auto typed = ask_hidden("Key: ");
    ::_exit(typed ? done(typed->reveal()) : 99);
  }
  ~Terminal() {
    ::close(person_);
    ::close(side_);
  }
  Terminal(const Terminal&) = delete;

  // Only once it asks is what is typed not shown.
  std::string until(std::string_view end) {
    std::string seen;
    while (!seen.ends_with(end)) {
      pollfd stream{person_, POLLIN, 0};
      if (::poll(&stream, 1, 20000) <= 0) return seen + " … and nothing more";
      char c = 0;
      if (::read(person_, &c, 1) == 1) seen += c;
    }
    return seen;
  }
  void type(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(person_, text.data(), std::min<std::size_t>(text.size(), 512));
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  int status() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return status;
  }
  bool echoes() const {
    termios state{};
    ::tcgetattr(side_, &state);
    return (state.c_lflag & ECHO) && (state.c_lflag & ICANON);
  }

 private:
  int person_ = -1, side_ = -1;
  pid_t child_ = 0;
};

TEST(Prompt, TakesALineWithoutShowingIt) {
  Terminal terminal([](const std::string& typed) { return typed == "abé" ? 0 : 1; });
  EXPECT_EQ(terminal.until(": "), "Key: ");
  EXPECT_FALSE(terminal.echoes());
  terminal.type(
      "xx\x15"
      "abcö\x7f\x7fé\r");
  EXPECT_EQ(terminal.until("\n"), "\r\n");  // and nothing of the key
  EXPECT_EQ(terminal.status(), 0);
  EXPECT_TRUE(terminal.echoes());
}

TEST(Prompt, TakesALineThatIsLongerThanATerminals) {
  Terminal terminal([](const std::string& typed) { return typed.size() == 9000 ? 0 : 1; });
  terminal.until(": ");
  terminal.type(std::string(9000, 'a') + "\n");
  EXPECT_EQ(terminal.status(), 0);
}

TEST(Prompt, CtrlCEndsItAndTheTerminalIsAsBefore) {
  Terminal terminal([](const std::string&) { return 0; });
  terminal.until(": ");
  terminal.type("abc\x03");
  const int status = terminal.status();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_TRUE(terminal.echoes());
}

}  // namespace
}  // namespace locksmith::keyring

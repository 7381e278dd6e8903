#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/text.hpp"

namespace locksmith::cli {
namespace {

// One that understands escape sequences.
bool is_terminal(int file) {
  const char* kind = std::getenv("TERM");
  return isatty(file) && !(kind && std::strcmp(kind, "dumb") == 0);
}

}  // namespace

int print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

bool wants_color(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal(STDOUT_FILENO) && !(no_color && *no_color);
}

std::size_t terminal_width() {
  constexpr long narrowest = 40, usual = 80, widest = 110;  // longer lines are hard to read
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return static_cast<std::size_t>(std::clamp<long>(size.ws_col, narrowest, widest));
}

void show_progress(std::string_view line) {
  static bool shown = false;  // there is something to clear
  if (!is_terminal(STDERR_FILENO) || (line.empty() && !shown)) return;
  shown = !line.empty();
  const std::string text = shown ? fmt::format("… {}", base::printable(line)) : "";
  std::fprintf(stderr, "\r\x1b[K%s", text.c_str());
  std::fflush(stderr);
}

Result<void> write_private_file(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(ErrorCode::unreadable,
                fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(file) == 0 && text.empty()) return {};
  return fail(ErrorCode::unreadable, path + " was not written completely", "is the disk full?");
}

}  // namespace locksmith::cli

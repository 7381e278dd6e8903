#include "cli/input.hpp"

#include <unistd.h>

#include <array>
#include <cstring>

#include "base/file.hpp"

namespace locksmith::cli {
namespace {

constexpr std::size_t most_bytes = 100'000'000;

Result<std::string> read_standard_input() {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n == 0) return text;
    if (n < 0)
      return fail(ErrorCode::unreadable,
                  std::string("standard input cannot be read: ") + std::strerror(errno));
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > most_bytes)
      return fail(ErrorCode::unreadable, "the input is larger than 100 MB",
                  "cut out the failing request, or export a HAR with that request alone");
  }
}

}  // namespace

Result<std::string> read_input(const std::string& path) {
  if (path == "-") return read_standard_input();
  return base::read_regular_file(path, most_bytes);
}

}  // namespace locksmith::cli

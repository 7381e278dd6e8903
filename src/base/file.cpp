#include "base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace locksmith::base {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::unexpected<Error> refuse(const std::string& path, std::string_view why) {
  return fail(ErrorCode::unreadable, fmt::format("cannot read {}: {}", path, why));
}

}  // namespace

Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer before fstat can tell that it is one.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
  if (file.number < 0) return refuse(path, std::strerror(errno));
  struct stat facts {};
  if (::fstat(file.number, &facts) != 0) return refuse(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return refuse(path, "not a regular file");

  std::string content;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(file.number, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refuse(path, std::strerror(errno));
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    // Counted while reading: the size that fstat tells may grow, and is 0 for files of /proc.
    if (content.size() > limit) return refuse(path, "too large");
  }
}

}  // namespace locksmith::base

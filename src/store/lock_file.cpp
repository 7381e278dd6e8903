#include "store/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/text.hpp"

namespace locksmith::store {
namespace {

// One file under two names has one lock.
std::string lock_path(const std::string& path) {
  std::error_code error;
  const auto canonical = std::filesystem::weakly_canonical(path, error);
  return (error ? path : canonical.string()) + ".lock";
}

std::string holder(int descriptor) {
  char buffer[32];
  const ssize_t size = ::pread(descriptor, buffer, sizeof buffer, 0);
  const std::string_view text(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string_view number = base::trim(text);
  const bool digits = !number.empty() && number.find_first_not_of("0123456789") == number.npos;
  return digits ? fmt::format(" (process {})", number) : "";
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& path) {
  const std::string name = lock_path(path);
  LockFile file{::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (file.descriptor_ < 0) {
    return fail(ErrorCode::unreadable,
                fmt::format("cannot create {}: {}", name, std::strerror(errno)),
                "the store's folder must exist and be writable");
  }
  if (::flock(file.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::unreadable,
                fmt::format("another locksmithd{} has {} open", holder(file.descriptor_), path),
                "ask that one: --server URL, or stop it first");
  }
  const std::string id = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file.descriptor_, 0) == 0) {
    // The process id is for people: without it the lock is as good.
    [[maybe_unused]] const ssize_t ignored = ::pwrite(file.descriptor_, id.data(), id.size(), 0);
  }
  return file;
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace locksmith::store

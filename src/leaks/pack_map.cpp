#include "leaks/pack_map.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace locksmith::leaks {

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return fail(ErrorCode::unreadable,
                fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  struct stat facts {};
  const bool regular = ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
  MappedFile file;
  void* at = nullptr;
  if (regular && facts.st_size > 0)
    at = ::mmap(nullptr, static_cast<std::size_t>(facts.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  ::close(fd);
  if (!regular) return fail(ErrorCode::unreadable, path + " is not a regular file");
  if (at == MAP_FAILED) return fail(ErrorCode::unreadable, "cannot map " + path);
  file.at_ = at;
  file.size_ = at ? static_cast<std::size_t>(facts.st_size) : 0;
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(at_, other.at_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (at_) ::munmap(at_, size_);
}

void MappedFile::release() const {
  if (at_) ::madvise(at_, size_, MADV_DONTNEED);
}

}  // namespace locksmith::leaks

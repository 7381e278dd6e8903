// Reads a file piece by piece into one buffer. Pieces overlap by one byte less than the longest
// form of a key. A copy into a buffer that stays in the cache is faster than mapping the file: each
// page of a map costs a fault.
#include "leaks/file_search.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace locksmith::leaks {
namespace {

constexpr std::size_t piece_size = 256 << 10;

ssize_t read_at(int file, char* to, std::size_t size, std::uint64_t offset) {
  ssize_t n = 0;
  do {
    n = ::pread(file, to, size, static_cast<off_t>(offset));
  } while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace

Descriptor::~Descriptor() {
  if (open()) ::close(number_);
}

Reason reason_of(int error) {
  switch (error) {
    case ENOENT:
    case ESRCH:  // a process that ended while its entry in /proc was read
    case ESTALE:
      return Reason::vanished;
    case ELOOP:
      return Reason::link_loop;
    case ENXIO:
      return Reason::socket;
    default:
      return Reason::unreadable;
  }
}

FileSearch::FileSearch(const Detector& detector, const ArchiveLimits& limits, std::stop_token stop)
    : detector_(detector),
      limits_(limits),
      stop_(std::move(stop)),
      overlap_(std::max<std::size_t>(detector.longest(), 1) - 1),
      capacity_(overlap_ + piece_size),
      buffer_(new char[capacity_]) {}

std::vector<FileSearch::Range> FileSearch::search(int file, const Origin& origin, Tally& tally) {
  const ssize_t n = ::read(file, buffer_.get(), capacity_);
  if (n < 0) {
    const int error = errno;
    tally.skipped.add(reason_of(error), origin.path, std::strerror(error));
    return {};
  }
  ++tally.files;
  const auto filled = static_cast<std::size_t>(n);
  const std::string_view head(buffer_.get(), std::min<std::size_t>(filled, 512));
  if (is_archive(head) && search_archive(file, detector_, limits_, origin, stop_, tally)) return {};
  if (filled < capacity_) {
    // The end, most likely. Files of /proc and the like also give less than was asked for.
    char more = 0;
    if (read_at(file, &more, 1, filled) <= 0) {
      tally.bytes += filled;
      search_text(detector_, tally, origin, {buffer_.get(), filled});
      return {};
    }
  }
  struct stat status {};
  std::vector<Range> rest;
  Range own{0, UINT64_MAX};
  if (::fstat(file, &status) == 0 && static_cast<std::uint64_t>(status.st_size) > split_size) {
    own.end = split_size;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    for (std::uint64_t start = split_size; start < size; start += split_size) {
      // The last one has no end: the file may be growing.
      rest.push_back({start, start + split_size < size ? start + split_size : UINT64_MAX});
    }
  }
  search_pieces(file, origin, own, filled, tally);
  return rest;
}

void FileSearch::search_range(int file, const Origin& origin, Range range, Tally& tally) {
  search_pieces(file, origin, range, 0, tally);
}

// The buffer holds the first `filled` bytes of the range already.
void FileSearch::search_pieces(int file, const Origin& origin, Range range, std::size_t filled,
                               Tally& tally) {
  ContentFinds finds(detector_, tally);
  for (std::uint64_t base = range.start; base < range.end && !stop_.stop_requested();) {
    ssize_t n = 1;
    while (filled < capacity_ && n > 0) {
      n = read_at(file, buffer_.get() + filled, capacity_ - filled, base + filled);
      if (n > 0) filled += static_cast<std::size_t>(n);
    }
    if (n < 0) tally.skipped.add(Reason::unreadable, origin.path, std::strerror(errno));
    const bool last = filled < capacity_;
    std::size_t until = last ? filled : filled - overlap_;
    if (until > range.end - base) until = static_cast<std::size_t>(range.end - base);
    finds.search(origin, {buffer_.get(), filled}, base, until);
    tally.bytes += until;
    if (last) break;
    base += until;
    filled -= until;
    std::memmove(buffer_.get(), buffer_.get() + until, filled);
  }
  if (finds.any()) number_lines(file, finds);
}

// Reads the file once more, up to the last find. Rare enough.
void FileSearch::number_lines(int file, ContentFinds& finds) {
  std::uint64_t lines = 0, line_start = 0, last = 0;
  for (const Find& find : finds.finds()) last = std::max(last, find.offset);
  for (std::uint64_t base = 0; base <= last && !stop_.stop_requested();) {
    const ssize_t n = read_at(file, buffer_.get(), capacity_, base);
    if (n <= 0) return;
    const std::string_view text(buffer_.get(), static_cast<std::size_t>(n));
    finds.number_lines(text, base, lines, line_start);
    for (std::size_t i = text.find('\n'); i != text.npos; i = text.find('\n', i + 1)) {
      ++lines;
      line_start = base + i + 1;
    }
    base += text.size();
  }
}

}  // namespace locksmith::leaks

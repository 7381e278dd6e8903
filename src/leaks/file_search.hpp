// Searches one open file, however large, in constant memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "leaks/archive.hpp"
#include "leaks/content.hpp"

namespace locksmith::leaks {

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor();
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_;
};

// Why a file could not be opened or read, from errno.
Reason reason_of(int error);

class FileSearch {
 public:
  struct Range {
    std::uint64_t start = 0, end = 0;
  };

  FileSearch(const Detector& detector, const ArchiveLimits& limits, std::stop_token stop);

  // All of the file, read from its start. One that is larger than `split_size` is searched only
  // in part: the result says what is left, to be done in ranges, by anybody.
  std::vector<Range> search(int file, const Origin& origin, Tally& tally);
  void search_range(int file, const Origin& origin, Range range, Tally& tally);

  static constexpr std::uint64_t split_size = 64 << 20;

 private:
  void search_pieces(int file, const Origin& origin, Range range, std::size_t filled, Tally& tally);
  void number_lines(int file, ContentFinds& finds);

  const Detector& detector_;
  const ArchiveLimits& limits_;
  std::stop_token stop_;
  std::size_t overlap_, capacity_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace locksmith::leaks

// Compressed files and archives: gz, xz, zst, bz2, lz4, tar, zip, 7z, and one within another, as in
// the tar of a container image. Read as a stream, with limits against those that are made to grow
// without end.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>

#include "leaks/content.hpp"

namespace locksmith::leaks {

struct ArchiveLimits {
  std::uint64_t unpacked = 16ULL << 30;     // bytes, of one file
  std::uint64_t ratio = 1100;               // unpacked to packed; deflate cannot exceed 1032
  std::uint64_t ratio_from = 256ULL << 20;  // below this much the ratio does not matter
  std::uint64_t members = 2'000'000;
  int depth = 6;  // archives within archives
};

// By the first 512 bytes.
bool is_archive(std::string_view head);

// Searches what an open file, or text, unpacks to. False: nothing of it could be read, and it may
// be searched as it is.
bool search_archive(int file, const Detector& detector, const ArchiveLimits& limits,
                    const Origin& origin, std::stop_token stop, Tally& tally);
bool search_archive(std::string_view bytes, const Detector& detector, const ArchiveLimits& limits,
                    const Origin& origin, std::stop_token stop, Tally& tally);

}  // namespace locksmith::leaks

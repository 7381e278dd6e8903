// libarchive, loaded when the first archive is met: it brings libxml2 and ICU with it, some 40 MB
// of libraries, and most trees hold no archive.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "base/result.hpp"

namespace locksmith::leaks {

// The functions in use, with the types that the installed header gives them.
struct ArchiveLibrary {
  decltype(&archive_read_new) read_new = nullptr;
  decltype(&archive_read_free) read_free = nullptr;
  decltype(&archive_read_support_filter_gzip) filter_gzip = nullptr;
  decltype(&archive_read_support_filter_bzip2) filter_bzip2 = nullptr;
  decltype(&archive_read_support_filter_xz) filter_xz = nullptr;
  decltype(&archive_read_support_filter_zstd) filter_zstd = nullptr;
  decltype(&archive_read_support_filter_lz4) filter_lz4 = nullptr;
  decltype(&archive_read_support_format_tar) format_tar = nullptr;
  decltype(&archive_read_support_format_zip) format_zip = nullptr;
  decltype(&archive_read_support_format_7zip) format_7zip = nullptr;
  decltype(&archive_read_support_format_ar) format_ar = nullptr;
  decltype(&archive_read_support_format_raw) format_raw = nullptr;
  decltype(&archive_read_support_format_empty) format_empty = nullptr;
  decltype(&archive_read_set_callback_data) set_callback_data = nullptr;
  decltype(&archive_read_set_read_callback) set_read_callback = nullptr;
  decltype(&archive_read_set_seek_callback) set_seek_callback = nullptr;
  decltype(&archive_read_open1) open = nullptr;
  decltype(&archive_read_next_header) next_header = nullptr;
  decltype(&archive_read_data_block) data_block = nullptr;
  decltype(&archive_filter_bytes) filter_bytes = nullptr;
  decltype(&archive_format) format = nullptr;
  decltype(&archive_error_string) error_string = nullptr;
  decltype(&archive_entry_pathname) pathname = nullptr;
  decltype(&archive_entry_pathname_utf8) pathname_utf8 = nullptr;
  decltype(&archive_entry_filetype) filetype = nullptr;
  decltype(&archive_entry_is_encrypted) is_encrypted = nullptr;
};

// The same library on every call; it stays loaded until the process ends.
Result<const ArchiveLibrary*> archive_library();

}  // namespace locksmith::leaks

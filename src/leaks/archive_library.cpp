// Finds libarchive at run time and resolves what archive.cpp needs of it.
#include "leaks/archive_library.hpp"

#include <dlfcn.h>

namespace locksmith::leaks {
namespace {

template <class Function>
bool resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool resolve_all(void* library, ArchiveLibrary& a) {
  return resolve(library, "archive_read_new", a.read_new) &&
         resolve(library, "archive_read_free", a.read_free) &&
         resolve(library, "archive_read_support_filter_gzip", a.filter_gzip) &&
         resolve(library, "archive_read_support_filter_bzip2", a.filter_bzip2) &&
         resolve(library, "archive_read_support_filter_xz", a.filter_xz) &&
         resolve(library, "archive_read_support_filter_zstd", a.filter_zstd) &&
         resolve(library, "archive_read_support_filter_lz4", a.filter_lz4) &&
         resolve(library, "archive_read_support_format_tar", a.format_tar) &&
         resolve(library, "archive_read_support_format_zip", a.format_zip) &&
         resolve(library, "archive_read_support_format_7zip", a.format_7zip) &&
         resolve(library, "archive_read_support_format_ar", a.format_ar) &&
         resolve(library, "archive_read_support_format_raw", a.format_raw) &&
         resolve(library, "archive_read_support_format_empty", a.format_empty) &&
         resolve(library, "archive_read_set_callback_data", a.set_callback_data) &&
         resolve(library, "archive_read_set_read_callback", a.set_read_callback) &&
         resolve(library, "archive_read_set_seek_callback", a.set_seek_callback) &&
         resolve(library, "archive_read_open1", a.open) &&
         resolve(library, "archive_read_next_header", a.next_header) &&
         resolve(library, "archive_read_data_block", a.data_block) &&
         resolve(library, "archive_filter_bytes", a.filter_bytes) &&
         resolve(library, "archive_format", a.format) &&
         resolve(library, "archive_error_string", a.error_string) &&
         resolve(library, "archive_entry_pathname", a.pathname) &&
         resolve(library, "archive_entry_pathname_utf8", a.pathname_utf8) &&
         resolve(library, "archive_entry_filetype", a.filetype) &&
         resolve(library, "archive_entry_is_encrypted", a.is_encrypted);
}

Result<ArchiveLibrary> load() {
  void* library = dlopen("libarchive.so.13", RTLD_LAZY | RTLD_LOCAL);
  ArchiveLibrary archive;
  if (!library || !resolve_all(library, archive)) {
    return fail(ErrorCode::unreadable, "archives need libarchive, which is not installed",
                "install libarchive13");
  }
  return archive;
}

}  // namespace

Result<const ArchiveLibrary*> archive_library() {
  static const Result<ArchiveLibrary> loaded = load();
  if (!loaded) return std::unexpected(loaded.error());
  return &*loaded;
}

}  // namespace locksmith::leaks

// Finds libcurl at run time and resolves what transport.cpp needs of it.
#include "probe/curl_library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>

namespace locksmith::probe {
namespace {

// The ABI of libcurl.so.4 has been stable since 2006; Debian's GnuTLS build has its own name.
constexpr std::array names = {"libcurl.so.4", "libcurl-gnutls.so.4"};
constexpr unsigned oldest_version = 0x075500;  // 7.85.0 brought CURLOPT_PROTOCOLS_STR

template <class Function>
bool resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool resolve_all(void* library, CurlLibrary& curl) {
  return resolve(library, "curl_global_init", curl.global_init) &&
         resolve(library, "curl_version_info", curl.version_info) &&
         resolve(library, "curl_easy_init", curl.easy_init) &&
         resolve(library, "curl_easy_setopt", curl.easy_setopt) &&
         resolve(library, "curl_easy_perform", curl.easy_perform) &&
         resolve(library, "curl_easy_getinfo", curl.easy_getinfo) &&
         resolve(library, "curl_easy_cleanup", curl.easy_cleanup) &&
         resolve(library, "curl_slist_append", curl.slist_append) &&
         resolve(library, "curl_slist_free_all", curl.slist_free_all);
}

Result<CurlLibrary> load() {
  void* library = nullptr;
  for (const char* name : names) {
    if ((library = dlopen(name, RTLD_LAZY | RTLD_LOCAL))) break;
  }
  if (!library) {
    return fail(ErrorCode::unreadable, "live probes need libcurl, which is not installed",
                "install libcurl4, or use --offline");
  }
  CurlLibrary curl;
  if (!resolve_all(library, curl) ||
      curl.version_info(CURLVERSION_NOW)->version_num < oldest_version) {
    return fail(ErrorCode::unreadable, "the installed libcurl is too old for live probes",
                "install libcurl4 7.85 or newer, or use --offline");
  }
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return fail(ErrorCode::unreadable, "libcurl could not be started", "use --offline");
  }
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> loaded = load();
  if (!loaded) return std::unexpected(loaded.error());
  return &*loaded;
}

}  // namespace locksmith::probe

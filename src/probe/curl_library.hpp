// libcurl, loaded when the first probe is sent. It brings some thirty shared libraries with it, and
// most runs of locksmith (--offline, `explain`) never talk to anybody.
#pragma once

#include <curl/curl.h>

#include "base/result.hpp"

namespace locksmith::probe {

// The functions in use, with the types that the installed header gives them.
struct CurlLibrary {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_version_info) version_info = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

// The same library on every call; it stays loaded until the process ends.
Result<const CurlLibrary*> curl_library();

}  // namespace locksmith::probe

// What curl's -d and -F families make of their arguments: the bytes of a body.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace locksmith::http {

// Content of a file; "-" is standard input. Never fails: what cannot be read is empty, and noted by
// whoever made the function.
using ContentOf = std::function<std::string(const std::string& path)>;

// -d, --data-raw, --data-binary, --data-urlencode, --json.
enum class DataKind { ascii, raw, binary, urlencode, json };
std::string data_piece(DataKind kind, std::string_view argument, const ContentOf& content_of);

// One part of a multipart body, its delimiter line in front. `literal`: --form-string.
std::string form_part(std::string_view argument, bool literal, const ContentOf& content_of);
// curl makes a random boundary; this one is fixed, so that the same command gives the same request.
inline constexpr std::string_view form_boundary = "------------------------locksmithformdata";
std::string form_end();

}  // namespace locksmith::http

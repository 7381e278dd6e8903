// Reads an exchange as text: what `curl -i` or `curl -v` printed, or a request and its response as
// they stood on the wire.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/bundle.hpp"

namespace locksmith::http {

// The response (several, when redirects were followed) of `curl -i`, or the whole exchange of
// `curl -v` (lines that start with '>', '<', '*'; a body may follow). `request` is what was asked;
// of `curl -v` the request that was really sent wins over it.
Result<Bundle> read_response(std::string_view text, const Request& request);

// A file that holds a request ("GET /v1 HTTP/1.1", or with an absolute URL) and its response, or
// the output of `curl -v` alone.
Result<Bundle> read_raw_exchange(std::string_view text);

}  // namespace locksmith::http

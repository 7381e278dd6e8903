// Between messages and the lines that libcurl takes and gives: pure, so that the rules against
// header injection are tested without a network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace locksmith::probe {

// The request's headers in the form of CURLOPT_HTTPHEADER. A CR or LF at the ends of a value is
// left out, as most clients do; one inside would make two headers of one, and is refused.
Result<std::vector<std::string>> header_lines(const http::Request& request);

// The request as it was on the wire: `sent` is the header block that libcurl reported. The body and
// the origin are those of `asked`; userinfo is gone from the URL, as a client takes it out.
http::Request wire_request(std::string_view sent, const http::Request& asked);

// One line of a response's head, with its line end: a status line starts a new response, so that an
// interim one (100, 103, a proxy's answer to CONNECT) is replaced by the final one.
void add_head_line(http::Response& response, std::string_view line);

}  // namespace locksmith::probe

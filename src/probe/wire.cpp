// Header lines out and in.
#include "probe/wire.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "http/token.hpp"
#include "http/url.hpp"

namespace locksmith::probe {
namespace {

// libcurl computes the first two itself; a recorded one would contradict it. A wait for "100
// Continue" is what a probe has no time for.
constexpr std::array<std::string_view, 3> not_copied = {"Content-Length", "Transfer-Encoding",
                                                        "Expect"};

std::string_view without_line_ends(std::string_view text) {
  while (!text.empty() && (text.front() == '\r' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

bool breaks_lines(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

http::Header split(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {std::string(line), ""};
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return {std::string(line.substr(0, colon)), std::string(value)};
}

std::string_view next_word(std::string_view& text) {
  const auto space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  return word;
}

}  // namespace

Result<std::vector<std::string>> header_lines(const http::Request& request) {
  // Anything else could start a second request line.
  if (!http::is_token(request.method)) {
    return fail(ErrorCode::usage, "the request's method is not a single word",
                "give a method such as GET");
  }
  std::vector<std::string> lines = {"Expect:"};  // a name alone keeps libcurl from adding its own
  for (const http::Header& header : request.headers) {
    // ":authority" and the like are HTTP/2's request line (RFC 9113 section 8.3), not fields.
    if (header.name.starts_with(':')) continue;
    if (std::ranges::any_of(not_copied,
                            [&](auto n) { return base::equals_ignoring_case(n, header.name); })) {
      continue;
    }
    const std::string_view value = without_line_ends(header.value);
    if (header.name.empty() || header.name.contains(':') || breaks_lines(header.name)) {
      return fail(ErrorCode::usage, "a header name holds a colon or a line break",
                  "correct the header in the recorded request");
    }
    if (breaks_lines(value)) {
      return fail(
          ErrorCode::unsendable,
          "the " + base::printable(header.name) + " header holds a line break inside its value",
          "a request like this cannot be sent; take the line break out, or use --offline");
    }
    // "Name:" would mean "do not send this header", "Name;" sends it empty (CURLOPT_HTTPHEADER(3)).
    const bool blank = base::trim(value).empty();
    lines.push_back(blank ? header.name + ";" : header.name + ": " + std::string(value));
  }
  return lines;
}

http::Request wire_request(std::string_view sent, const http::Request& asked) {
  http::Request request = asked;
  std::vector<std::string_view> lines;
  while (!sent.empty()) {
    const auto end = std::min(sent.find("\r\n"), sent.size());
    if (end > 0) lines.push_back(sent.substr(0, end));
    sent.remove_prefix(std::min(end + 2, sent.size()));
  }
  if (lines.empty()) return request;
  request.headers.clear();
  std::string_view first = lines.front();
  request.method = next_word(first);
  request.version = first.substr(first.rfind(' ') + 1);
  for (std::size_t i = 1; i < lines.size(); ++i) request.headers.push_back(split(lines[i]));
  http::Url url = http::parse_url(asked.url);
  if (!url.userinfo.empty()) {
    url.userinfo.clear();
    request.url = http::to_string(url);
  }
  return request;
}

void add_head_line(http::Response& response, std::string_view line) {
  line = without_line_ends(line);
  if (line.starts_with("HTTP/")) {
    response = {};
    response.version = next_word(line);
    const std::string_view status = next_word(line);
    for (const char c : status.substr(0, 3)) {
      if (c >= '0' && c <= '9') response.status = response.status * 10 + (c - '0');
    }
    response.reason = line;
  } else if ((line.starts_with(' ') || line.starts_with('\t')) && !response.headers.empty()) {
    response.headers.back().value += line;  // obsolete line folding, RFC 9112 section 5.2
  } else if (!line.empty()) {
    response.headers.push_back(split(line));
  }
}

}  // namespace locksmith::probe

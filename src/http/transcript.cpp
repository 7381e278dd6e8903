// Messages as they stood on the wire, or nearly: lines may end in LF alone, HTTPie reformats
// bodies, and a shell's prompt or a progress meter may stand in front.
#include "http/transcript.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "http/token.hpp"

namespace locksmith::http {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<TranscriptMessage> status_line(std::string_view line) {
  if (!line.starts_with("HTTP/")) return {};
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space > 8) return {};
  const std::string_view rest = line.substr(space + 1);
  if (rest.size() < 3 || !std::ranges::all_of(rest.substr(0, 3), is_digit)) return {};
  if (rest.size() > 3 && rest[3] != ' ') return {};
  TranscriptMessage message;
  message.response.version = line.substr(0, space);
  std::from_chars(rest.data(), rest.data() + 3, message.response.status);
  message.response.reason = base::trim(rest.substr(3));
  return message;
}

// "GET /v1 HTTP/1.1"; with an absolute URL the version may be missing. A target may hold spaces:
// that a URL was not encoded is evidence.
std::optional<TranscriptMessage> request_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space < 3 || space > 20) return {};
  const std::string_view method = line.substr(0, space);
  if (!std::ranges::all_of(method, [](char c) { return is_upper(c) || c == '-'; })) return {};
  std::string_view target = base::trim(line.substr(space + 1));
  std::string_view version;
  if (const std::size_t last = target.rfind(" HTTP/"); last != std::string_view::npos) {
    version = target.substr(last + 1);
    target = base::trim(target.substr(0, last));
  }
  const bool absolute = target.starts_with("http://") || target.starts_with("https://");
  if (target.empty() || (version.empty() && !absolute)) return {};
  TranscriptMessage message;
  message.is_request = true;
  message.request.method = method;
  message.request.url = target;
  message.request.version = version;
  return message;
}

Headers& headers_of(TranscriptMessage& message) {
  return message.is_request ? message.request.headers : message.response.headers;
}

std::optional<std::size_t> content_length(TranscriptMessage& message) {
  const std::string_view text = base::trim(headers_of(message).get("Content-Length"));
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return length;
}

bool starts_message(std::string_view text, bool directly) {
  const auto message = parse_start_line(take_line(text));
  if (!message) return false;
  if (directly) return true;
  const std::string_view next = take_line(text);
  return next.empty() || is_header_line(next);
}

// Where the message ends whose body starts `text`. A body may quote HTTP: what Content-Length
// covers is not searched, provided that it fits.
std::size_t body_end(std::string_view text, std::optional<std::size_t> length) {
  if (length && *length <= text.size()) {
    std::size_t next = std::min(text.find_first_not_of("\r\n", *length), text.size());
    if (next == text.size() || starts_message(text.substr(next), true)) return next;
  }
  bool only_blank = true;
  for (std::size_t at = 0; at < text.size();) {
    if (starts_message(text.substr(at), only_blank)) return at;
    const std::size_t line_end = text.find('\n', at);
    if (line_end == std::string_view::npos) break;
    only_blank = only_blank && base::trim(text.substr(at, line_end - at)).empty();
    at = line_end + 1;
  }
  return text.size();
}

// RFC 9112 section 7.1; nullopt when the whole body is not a sequence of chunks.
std::optional<std::string> decode_chunked(std::string_view text) {
  std::string body;
  while (!text.empty()) {
    const std::string_view head = take_line(text);
    const std::string_view digits = base::trim(head.substr(0, head.find(';')));
    std::size_t size = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return {};
    if (size == 0) return body;
    if (size > text.size()) return {};
    body += text.substr(0, size);
    text.remove_prefix(size);
    if (!take_line(text).empty()) return {};
  }
  return {};
}

std::string_view body_of(TranscriptMessage& message, std::string_view text, bool last) {
  if (const auto length = content_length(message);
      length && *length < text.size() && base::trim(text.substr(*length)).empty()) {
    return text.substr(0, *length);
  }
  if (last && !base::trim(text).empty()) return text;
  return text.substr(0, text.find_last_not_of("\r\n") + 1);
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && is_token(line.substr(0, colon));
}

std::optional<TranscriptMessage> parse_start_line(std::string_view line) {
  auto message = status_line(line);
  return message ? message : request_line(line);
}

void add_header_line(TranscriptMessage& message, std::string_view line) {
  Headers& headers = headers_of(message);
  const bool folded = line.starts_with(' ') || line.starts_with('\t');
  if (folded && !headers.empty()) {  // obs-fold is one or more spaces (RFC 9112 section 5.2)
    headers.back().value.append(" ").append(base::trim(line));
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    // A client's line without a colon is the rest of a value that holds a line feed: evidence.
    if (message.is_request && !headers.empty()) headers.back().value.append("\n").append(line);
    return;
  }
  if (colon == 0) return;
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  headers.add(std::string(line.substr(0, colon)), std::string(value));
}

Transcript read_plain_transcript(std::string_view text) {
  Transcript transcript;
  while (!text.empty()) {
    auto message = parse_start_line(take_line(text));
    if (!message) continue;
    message->complete = false;
    while (!text.empty()) {
      const std::string_view line = take_line(text);
      message->complete = base::trim(line).empty();
      if (message->complete) break;
      add_header_line(*message, line);
    }
    const std::size_t end = body_end(text, content_length(*message));
    const std::string_view body = body_of(*message, text.substr(0, end), end == text.size());
    text.remove_prefix(end);
    if (message->is_request) {
      message->request.body = body;
    } else {
      const bool chunked = base::contains_ignoring_case(
          message->response.headers.get("Transfer-Encoding"), "chunked");
      message->response.body = chunked ? decode_chunked(body).value_or(std::string(body)) : body;
    }
    transcript.push_back(*std::move(message));
  }
  return transcript;
}

}  // namespace locksmith::http

// The framing of RFC 9112 sections 2 to 7, read leniently.
#include "record/http1.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "http/token.hpp"

namespace locksmith::record {
namespace {

// Far above what servers take (8 to 64 KiB); their refusal of a long head shall be seen.
constexpr std::size_t most_head_bytes = 256 << 10;
constexpr std::size_t most_line_bytes = 8 << 10;

// The line that starts at `at`, without its end (CRLF or a bare LF, RFC 9112 section 2.2).
std::string_view take_line(std::string_view text, std::size_t& at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_version(std::string_view text) { return text == "HTTP/1.1" || text == "HTTP/1.0"; }

bool parse_request_line(std::string_view line, Head& head) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);  // a space in it is evidence
  head.version = line.substr(last + 1);
  return http::is_token(head.method) && is_version(head.version);
}

bool parse_status_line(std::string_view line, Head& head) {
  if (line.size() < 12 || line[8] != ' ' || (line.size() > 12 && line[12] != ' ')) return false;
  const std::string_view digits = line.substr(9, 3);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), head.status);
  head.version = line.substr(0, 8);
  if (line.size() > 13) head.reason = line.substr(13);
  return is_version(head.version) && error == std::errc() && end == digits.end() &&
         head.status >= 100;
}

void add_header(std::string_view line, http::Headers& headers) {
  const bool folded = line.starts_with(' ') || line.starts_with('\t');  // RFC 9112 section 5.2
  if (folded && !headers.empty()) {
    headers.back().value.append("\r\n").append(line);
    return;
  }
  const std::size_t colon = line.find(':');
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  headers.add(std::string(line.substr(0, colon)), std::string(value));
}

// Framing also heeds a name with white space before its colon: the next hop may do so too.
std::string_view framing_field(const http::Headers& headers, std::string_view name) {
  std::string_view found;
  for (const http::Header& header : headers) {
    if (base::equals_ignoring_case(base::trim(header.name), name)) found = base::trim(header.value);
  }
  return found;
}

// Past the empty line that ends the head, or npos. The last bytes of what was there before count.
std::size_t head_end(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\n', from); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Head> parse_head(std::string_view raw, Side side) {
  Head head;
  head.raw = raw;
  std::size_t at = 0;
  std::string_view line;
  do {
    line = take_line(raw, at);  // empty lines before a request, RFC 9112 section 2.2
  } while (line.empty() && at < raw.size());
  if (!(side == Side::request ? parse_request_line(line, head) : parse_status_line(line, head)))
    return {};
  while (at < raw.size()) {
    line = take_line(raw, at);
    if (line.empty()) break;
    add_header(line, head.headers);
  }
  return head;
}

MessageReader::Step MessageReader::next(std::string_view input) {
  switch (state_) {
    case State::done:
      state_ = State::start;
      return {Event::end, 0, {}};
    case State::opaque:
      return give_up();
    default:
      break;
  }
  if (input.empty()) return {};
  switch (state_) {
    case State::start:
      return read_head(input);
    case State::fixed:
      return read_counted(input, State::done);
    case State::chunk_data:
      return read_counted(input, State::chunk_end);
    case State::until_close:
      return {Event::body, input.size(), input};
    default:
      return read_chunk_line(input);
  }
}

bool MessageReader::finish() {
  if (state_ == State::until_close) state_ = State::start;
  return at_start();
}

MessageReader::Step MessageReader::read_head(std::string_view input) {
  const std::size_t before = pending_.size();
  pending_.append(input.substr(0, most_head_bytes));
  // A line end before the message is not part of it; the search must not take it for the head's
  // end.
  const std::size_t begin = std::min(pending_.find_first_not_of("\r\n"), pending_.size());
  const std::size_t end = head_end(pending_, std::max(begin, before < 3 ? 0 : before - 3));
  if (end == std::string::npos) {
    // What cannot become HTTP is told early, so that it is not held back.
    const std::string_view start = std::string_view(pending_).substr(begin, 16);
    const std::size_t space = start.find(' ');
    const bool plausible =
        side_ == Side::response
            ? start.starts_with("HTTP/1.") || std::string_view("HTTP/1.").starts_with(start)
            : start.empty() || http::is_token(start.substr(0, space));
    if (pending_.size() >= most_head_bytes || !plausible) return give_up();
    return {Event::more, input.size(), {}};
  }
  auto head = parse_head(std::string_view(pending_).substr(0, end), side_);
  if (!head) return give_up();
  head_ = std::move(*head);
  pending_.clear();
  frame();
  if (state_ == State::opaque) return give_up();
  return {Event::head, end - before, {}};
}

// RFC 9112 section 6.3, in its order.
void MessageReader::frame() {
  const int status = head_.status;
  if (side_ == Side::response) {
    if (status < 200 || status == 204 || status == 304 || answered_method_ == "HEAD")
      return frame_without_body();
    if (answered_method_ == "CONNECT" && status < 300) return frame_without_body();
  }
  const std::string_view coding = framing_field(head_.headers, "Transfer-Encoding");
  if (coding.empty()) return frame_by_length();
  const std::size_t comma = coding.rfind(',');
  const std::string_view last =
      base::trim(comma == std::string_view::npos ? coding : coding.substr(comma + 1));
  if (base::equals_ignoring_case(last, "chunked"))
    state_ = State::chunk_size;
  else
    state_ = side_ == Side::response ? State::until_close : State::opaque;
}

void MessageReader::frame_by_length() {
  std::string_view length = framing_field(head_.headers, "Content-Length");
  if (length.empty()) {
    if (side_ == Side::response)
      state_ = State::until_close;
    else
      frame_without_body();
    return;
  }
  const auto [end, error] = std::from_chars(length.begin(), length.end(), left_);
  const bool valid = error == std::errc() && end == length.end();
  state_ = !valid ? State::opaque : left_ == 0 ? State::done : State::fixed;
}

void MessageReader::frame_without_body() { state_ = State::done; }

MessageReader::Step MessageReader::read_counted(std::string_view input, State after) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  left_ -= count;
  if (left_ == 0) state_ = after;
  return {Event::body, count, input.substr(0, count)};
}

// A chunk's size, the line end behind its data, or a line of the trailer (RFC 9112 section 7.1).
MessageReader::Step MessageReader::read_chunk_line(std::string_view input) {
  const std::size_t feed = input.find('\n');
  const std::size_t consumed = feed == std::string_view::npos ? input.size() : feed + 1;
  pending_.append(input.substr(0, consumed));
  if (pending_.size() > most_line_bytes) return give_up();
  if (feed == std::string_view::npos) return {Event::more, consumed, {}};
  const std::string kept = std::exchange(pending_, {});
  const std::string_view line = base::trim(kept);
  if (state_ == State::trailer) {
    if (!line.empty()) return {Event::more, consumed, {}};
    state_ = State::start;
    return {Event::end, consumed, {}};
  }
  if (state_ == State::chunk_end) {
    if (!line.empty()) return give_up();
    state_ = State::chunk_size;
    return {Event::more, consumed, {}};
  }
  const auto [end, error] = std::from_chars(line.begin(), line.end(), left_, 16);
  if (error != std::errc() || (end != line.end() && *end != ';' && *end != ' ')) return give_up();
  state_ = left_ == 0 ? State::trailer : State::chunk_data;
  return {Event::more, consumed, {}};
}

}  // namespace locksmith::record

// Two passes: the first finds where the lines end and with that every byte that has no place in a
// line, 64 bytes at a time; the second cuts them. Every decision begins with it, so instructions
// were counted (bench/reader_bench.cpp).
#include "server/request_head.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <iterator>
#include <span>

#include "base/text.hpp"
#include "server/octets.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t most_fields = 128;

constexpr std::string_view long_head = "the head of the request is too long";
constexpr std::string_view bad_line = "the request line is not valid HTTP/1.1";
constexpr std::string_view bad_field = "a header is not valid HTTP/1.1";
constexpr std::string_view folded_field = "a header is folded over two lines";

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

Parsed refuse(RequestHead& head, int status, std::string_view detail) {
  head.fault = {status, detail};
  return Parsed::bad;
}

// Where the lines of a head end, without their CRLF and without the empty line behind them.
struct Lines {
  const char* ends[most_fields + 1];
  std::size_t count;
  const char* end;  // behind the empty line
};

// No control character but HTAB in a field, and no CR or LF but in a CRLF (RFC 9112 section 2.2
// would let a server forgive a lone LF). Fields begin with the line `first_field`.
Parsed find_lines(std::string_view text, std::size_t first_field, Lines& lines, RequestHead& head) {
  if (text.empty()) return Parsed::incomplete;
  const char* const last = &text.back();
  const char* line = text.data();
  std::size_t count = 0;
  const auto bad = [&] { return refuse(head, 400, count < first_field ? bad_line : bad_field); };
  for (std::size_t at = 0; at < text.size(); at += 64) {
    const char* const block = text.data() + at;
    for (auto bits = controls_from(block, text); bits != 0; bits &= bits - 1) {
      const char* const stop = block + std::countr_zero(bits);
      if (*stop != '\r') {
        if (*stop == '\t' && count >= first_field) continue;
        if (*stop == '\n' && stop == line - 1) continue;  // its CR was the last of a block
        return bad();
      }
      if (stop == last) return Parsed::incomplete;
      if (stop[1] != '\n') return bad();
      if (stop == line) {
        lines.count = count;
        lines.end = stop + 2;
        return Parsed::whole;
      }
      if (count == std::size(lines.ends)) return refuse(head, 431, long_head);
      lines.ends[count++] = stop;
      line = stop + 2;
      bits &= bits - 1;  // the LF, unless it lies in the next block: then nothing is left in this
    }
  }
  return Parsed::incomplete;
}

// Without OWS on both ends. In a line nothing but SP and HTAB is below '!'.
std::string_view trimmed(const char* from, const char* to) {
  const auto is_visible = [](char c) { return static_cast<unsigned char>(c) > ' '; };
  while (from < to && !is_visible(*from)) ++from;
  while (from < to && !is_visible(to[-1])) --to;
  return between(from, to);
}

// Of a name or a value: they hold no CR, the only other byte that would become a '-'.
bool is(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

// "GET / HTTP/2.0" is a request, "GET / x HTTP/1.1" is none.
bool is_other_version(std::string_view line) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || line.find(' ', first + 1) != last || last <= first + 1) return false;
  const auto version = line.substr(last + 1);
  return version.starts_with("HTTP/") &&
         version.find_first_not_of("0123456789.", 5) == version.npos;
}

// method SP request-target SP HTTP-version. Bytes above 0x7f pass in the target, as raw UTF-8 does
// with other servers.
Parsed parse_request_line(const char* line, const char* end, RequestHead& head) {
  constexpr std::string_view version = " HTTP/1.x";
  const char* const space = skip_token(line, end);
  if (space == line || *space != ' ') return refuse(head, 400, bad_line);
  const auto rest = between(space + 1, end);
  const auto target_size = rest.size() - version.size();
  const bool spoken =
      rest.size() > version.size() &&
      rest.substr(target_size, version.size() - 1) == version.substr(0, version.size() - 1) &&
      (end[-1] == '1' || end[-1] == '0');
  if (!spoken && is_other_version(between(line, end)))
    return refuse(head, 505, "HTTP/1.1 is what is spoken here");
  if (!spoken || std::memchr(rest.data(), ' ', target_size)) return refuse(head, 400, bad_line);
  head.method = between(line, space);
  head.target = rest.substr(0, target_size);
  head.framing.http_1_0 = end[-1] == '0';
  return Parsed::whole;
}

// 1#connection-option, RFC 9110 section 7.6.1; empty elements are passed over (section 5.6.1.2).
bool read_connection(std::string_view value, RequestHead::Framing& framing) {
  while (true) {
    const auto comma = value.find(',');
    const auto option = base::trim(value.substr(0, comma));
    for (const char c : option) {
      if (!http::is_token_octet(c)) return false;
    }
    framing.close = framing.close || is(option, "close");
    framing.keep_alive = framing.keep_alive || is(option, "keep-alive");
    if (comma == value.npos) return true;
    value.remove_prefix(comma + 1);
  }
}

bool read_length(std::string_view value, std::uint64_t& length) {
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, length);
  return error == std::errc() && stop == end;
}

// By its first letter, whether read_framing() must look at a field. Most names begin with another.
bool may_frame(std::string_view name) {
  constexpr auto bit = [](char c) { return std::uint32_t{1} << (c & 31); };
  constexpr std::uint32_t letters = bit('h') | bit('e') | bit('c') | bit('p') | bit('t');
  return (letters & bit(name[0])) != 0;
}

// The few fields that say where the message ends and whether another follows.
[[gnu::noinline]] bool read_framing(const Field& field, RequestHead::Framing& framing) {
  switch (field.name.size()) {
    case 4:
      if (is(field.name, "host")) framing.hosts += 1;
      return true;
    case 6:
      if (is(field.name, "expect")) framing.expects_continue = is(field.value, "100-continue");
      return true;
    case 10:
      return !is(field.name, "connection") || read_connection(field.value, framing);
    case 14:
      if (!is(field.name, "content-length")) return true;
      framing.lengths += 1;
      return read_length(field.value, framing.length);
    case 16:  // what old clients say when they mean a proxy
      return !is(field.name, "proxy-connection") || read_connection(field.value, framing);
    case 17:
      if (!is(field.name, "transfer-encoding")) return true;
      framing.codings += 1;
      framing.chunked = is(field.value, "chunked");
      return true;
    default:
      return true;
  }
}

// field-name ":" OWS field-value OWS, from `line` on.
Parsed parse_fields(const char* line, const Lines& lines, std::size_t first, RequestHead& head) {
  const std::span ends(lines.ends + first, lines.count - first);
  head.fields.resize(ends.size());
  Field* field = head.fields.data();
  for (const char* const end : ends) {
    const char* const colon = skip_token(line, lines.end);
    if (colon == line || *colon != ':')
      return refuse(head, 400, is_space(*line) ? folded_field : bad_field);
    *field = {between(line, colon), trimmed(colon + 1, end)};
    if (may_frame(field->name) && !read_framing(*field, head.framing))
      return refuse(head, 400, bad_field);
    ++field;
    line = end + 2;
  }
  return Parsed::whole;
}

// RFC 9112 sections 3.2 and 6.3.
Parsed judge(RequestHead& head) {
  const auto& framing = head.framing;
  if (framing.lengths > 1) return refuse(head, 400, "Content-Length is there twice");
  if (framing.codings > 1 || (framing.codings == 1 && !framing.chunked))
    return refuse(head, 400, "a Transfer-Encoding other than chunked");
  if (framing.chunked && (framing.http_1_0 || framing.lengths > 0))
    return refuse(head, 400, "Transfer-Encoding does not go with this request");
  if (framing.hosts > 1 || (framing.hosts == 0 && !framing.http_1_0))
    return refuse(head, 400, "exactly one Host header is needed");
  return Parsed::whole;
}

}  // namespace

Parsed parse_head(std::string_view text, RequestHead& head) {
  head.framing = {};
  Lines lines;
  if (const auto found = find_lines(text, 1, lines, head); found != Parsed::whole) return found;
  if (lines.count == 0) return refuse(head, 400, bad_line);
  head.size = static_cast<std::size_t>(lines.end - text.data());
  if (const auto line = parse_request_line(text.data(), lines.ends[0], head); line != Parsed::whole)
    return line;
  if (const auto fields = parse_fields(lines.ends[0] + 2, lines, 1, head); fields != Parsed::whole)
    return fields;
  return judge(head);
}

bool are_trailers(std::string_view text) {
  RequestHead trailers;
  Lines lines;
  if (find_lines(text, 0, lines, trailers) != Parsed::whole ||
      lines.end != text.data() + text.size())
    return false;
  if (parse_fields(text.data(), lines, 0, trailers) != Parsed::whole) return false;
  for (const auto& field : trailers.fields) {
    for (const std::string_view forbidden :
         {"host", "connection", "proxy-connection", "content-length", "transfer-encoding"}) {
      if (is(field.name, forbidden)) return false;
    }
  }
  return true;
}

}  // namespace locksmith::server

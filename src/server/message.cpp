// Answers are appended piece by piece to the connection's buffer, so that one write sends them.
#include "server/message.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/text.hpp"

namespace locksmith::server {
namespace {

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Eight bytes at a time: nearly no value has one, and every answer asks it of seven.
bool may_have_control(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
  for (std::size_t at = 0; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t below = (word - 0x20 * ones) & ~word & high;
    const std::uint64_t is_delete = word ^ (0x7f * ones);
    if (below || ((is_delete - ones) & ~is_delete & high)) return true;
  }
  return std::any_of(text.end() - static_cast<std::ptrdiff_t>(text.size() % 8), text.end(),
                     is_control);
}

// The size first: asked of every header for every name, and nearly always enough.
bool is_named(const Field& field, std::string_view name) {
  return field.name.size() == name.size() && base::equals_ignoring_case(field.name, name);
}

}  // namespace

std::string_view RequestView::path() const { return target.substr(0, target.find('?')); }

std::string_view RequestView::query() const {
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::string_view RequestView::first(std::string_view name) const {
  for (const auto& field : headers) {
    if (is_named(field, name)) return field.value;
  }
  return {};
}

std::size_t RequestView::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const Field& field) { return is_named(field, name); }));
}

std::string_view RequestView::only(std::string_view name) const {
  std::string_view value;
  std::size_t found = 0;
  for (const auto& field : headers) {
    if (!is_named(field, name)) continue;
    value = field.value;
    ++found;
  }
  return found == 1 ? value : std::string_view{};
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

void ResponseBuilder::start(int status) {
  status_ = status;
  out_ += "HTTP/1.1 ";
  append_number(out_, static_cast<std::size_t>(status));
  out_ += ' ';
  out_ += reason_phrase(status);
  out_ += "\r\nDate: ";
  out_ += connection_.date;
  out_ += "\r\n";
  if (!connection_.keep_alive) {
    out_ += "Connection: close\r\n";
  } else if (connection_.say_keep_alive) {
    out_ += "Connection: keep-alive\r\n";
  }
}

void ResponseBuilder::header(std::string_view name, std::string_view value) {
  out_ += name;
  out_ += ": ";
  const auto from = static_cast<std::ptrdiff_t>(out_.size());
  out_ += value;
  if (may_have_control(value)) std::replace_if(out_.begin() + from, out_.end(), is_control, ' ');
  out_ += "\r\n";
}

void ResponseBuilder::finish() {
  if (status_ != 204) out_ += "Content-Length: 0\r\n";  // RFC 9110 section 8.6: never with a 204
  out_ += "\r\n";
  finished_ = true;
}

void ResponseBuilder::finish(std::string_view content_type, std::string_view body) {
  out_ += "Content-Type: ";
  out_ += content_type;
  out_ += "\r\nContent-Length: ";
  append_number(out_, body.size());
  out_ += "\r\n\r\n";
  if (!connection_.head_only) out_ += body;
  finished_ = true;
}

std::string problem_json(int status, std::string_view detail, std::string_view request_id) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", reason_phrase(status)},
                           {"status", status},
                           {"detail", detail}};
  if (!request_id.empty()) body["instance"] = request_id;
  return boost::json::serialize(body);
}

void answer_problem(ResponseBuilder& response, int status, std::string_view detail,
                    std::string_view request_id) {
  response.start(status);
  if (!request_id.empty()) response.header("X-Request-Id", request_id);
  response.header("Cache-Control", "no-store");
  response.finish("application/problem+json", problem_json(status, detail, request_id));
}

}  // namespace locksmith::server

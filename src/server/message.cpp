// Answers are appended piece by piece to the connection's buffer, so that one write sends them.
#include "server/message.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>

#include "base/json_writer.hpp"
#include "server/octets.hpp"

namespace locksmith::server {
namespace {

// At once: room is made for all of them, and looked for once.
void append(std::string& out, std::convertible_to<std::string_view> auto const&... pieces) {
  const auto before = out.size();
  const auto after = (before + ... + std::string_view(pieces).size());
  out.resize_and_overwrite(after, [&](char* bytes, std::size_t) {  // g++ 12 tells a wrong size
    auto at = before;
    const auto put = [&](std::string_view piece) {
      std::char_traits<char>::copy(bytes + at, piece.data(), piece.size());
      at += piece.size();
    };
    (put(pieces), ...);
    return after;
  });
}

// A number's decimal digits.
class Digits {
 public:
  explicit Digits(std::size_t number)
      : end_(std::to_chars(digits_, digits_ + sizeof digits_, number).ptr) {}
  std::string_view text() const { return {digits_, end_}; }

 private:
  char digits_[20];
  const char* end_;
};

bool has_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at += 64) {
    if (controls_from(text.data() + at, text) != 0) return true;
  }
  return false;
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
  const Digits code(static_cast<std::size_t>(status));
  append(out_, "HTTP/1.1 ", code.text(), " ", reason_phrase(status), "\r\nDate: ", connection_.date,
         "\r\n");
  if (!connection_.keep_alive) {
    out_ += "Connection: close\r\n";
  } else if (connection_.say_keep_alive) {
    out_ += "Connection: keep-alive\r\n";
  }
}

void ResponseBuilder::header(std::string_view name, std::string_view value) {
  append(out_, name, ": ", value, "\r\n");
  if (has_control(value)) {
    const auto end = out_.end() - 2;
    std::replace_if(end - static_cast<std::ptrdiff_t>(value.size()), end, is_control, ' ');
  }
}

void ResponseBuilder::finish() {
  if (status_ != 204) out_ += "Content-Length: 0\r\n";  // RFC 9110 section 8.6: never with a 204
  out_ += "\r\n";
  finished_ = true;
}

void ResponseBuilder::finish(std::string_view content_type, std::string_view body) {
  const Digits length(body.size());
  append(out_, "Content-Type: ", content_type, "\r\nContent-Length: ", length.text(), "\r\n\r\n",
         connection_.head_only ? std::string_view() : body);
  finished_ = true;
}

std::string problem_json(int status, std::string_view detail, std::string_view request_id) {
  std::string out;
  base::JsonWriter json(out);
  json.open('{');
  json.member("type", "about:blank");
  json.member("title", reason_phrase(status));
  json.member("status", status);
  json.member("detail", detail);
  if (!request_id.empty()) json.member("instance", request_id);
  json.close('}');
  return out;
}

void answer_problem(ResponseBuilder& response, int status, std::string_view detail,
                    std::string_view request_id) {
  response.start(status);
  if (!request_id.empty()) response.header("X-Request-Id", request_id);
  response.header("Cache-Control", "no-store");
  response.finish("application/problem+json", problem_json(status, detail, request_id));
}

}  // namespace locksmith::server

// Writes a request as a command to paste; parse_curl_text() reads the same request back.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/curl_command.hpp"

namespace locksmith::http {
namespace {

bool needs_no_quotes(char c) {
  constexpr std::string_view marks = "_@%+=:,./-";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.contains(c);
}

// A line feed or an escape character in a pasted command would end it or drive the terminal.
bool is_hidden(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string ansi_c_quote(std::string_view word) {
  std::string out = "$'";
  for (const char c : word) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\' || c == '\'') {
      out += {'\\', c};
    } else if (is_hidden(c) || static_cast<signed char>(c) < 0) {
      out +=
          fmt::format("\\{:03o}", static_cast<unsigned char>(c));  // \x would eat a digit behind it
    } else {
      out += c;
    }
  }
  return out + "'";
}

// The method that curl would use without -X.
std::string_view usual_method(const Request& request) {
  return request.body.empty() ? "GET" : "POST";
}

std::string header_line(const Header& header) {
  // A colon with nothing but blanks behind it would remove the header (curl(1) -H).
  const bool blank = base::trim(header.value).empty();
  return blank ? header.name + ";" : header.name + ": " + header.value;
}

}  // namespace

std::string shell_quote(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, needs_no_quotes)) return std::string(word);
  if (std::ranges::any_of(word, is_hidden) || !base::is_valid_utf8(word)) return ansi_c_quote(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string to_curl(const Request& request) {
  std::string out = "curl";
  const auto add = [&](std::string_view option, std::string_view argument) {
    out += fmt::format(" {} {}", option, shell_quote(argument));
  };
  if (request.method == "HEAD" && request.body.empty()) {
    out += " -I";
  } else if (request.method != usual_method(request)) {
    add("-X", request.method);
  }
  if (request.url.find_first_of("[]{}") != std::string::npos) out += " -g";
  if (request.url.starts_with('-')) out += " --url";
  out += " " + shell_quote(request.url);
  for (const Header& header : request.headers) add("-H", header_line(header));
  if (!request.body.empty()) {
    if (!request.headers.has("Content-Type")) add("-H", "Content-Type:");
    add("--data-raw", request.body);
  }
  return out;
}

}  // namespace locksmith::http

// The state that curl's options build up while a command is read, and the request that it amounts
// to at the end: most rules of curl depend on options that may stand anywhere in the command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/curl_body.hpp"
#include "http/curl_command.hpp"

namespace locksmith::http {

struct CurlState {
  CurlState(const CurlReading& how, const ShellCommand& text) : reading(how), source(text) {}

  const CurlReading& reading;
  const ShellCommand& source;  // standard input as far as the text tells it
  int files_left = 64;         // a -K file may name itself over and over
  CurlCommand command;         // options, notes and skipped fill up; the request comes last

  std::vector<std::string> urls;
  std::string method;  // -X
  bool get = false;    // -G
  bool head = false;   // -I
  std::optional<std::string> data;
  bool json = false;
  std::string form;  // parts, without the end
  std::optional<std::string> upload;
  std::vector<std::string> header_lines;
  std::string cookies;
  std::optional<std::string> user_agent, referer, range, url_query, request_target, bearer;
  std::string default_scheme = "http";
  bool ended = false;  // --next

  void note(Note::Kind kind, std::string_view text);
  std::string content_of(const std::string& path);
};

// Does what one option means. `argument` is empty for an option that takes none.
void apply_option(CurlState& state, std::string_view name, std::string_view argument, bool on);
// The request as curl would send it.
Request build_request(CurlState& state);

}  // namespace locksmith::http

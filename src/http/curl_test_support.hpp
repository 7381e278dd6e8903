// Shows a parsed curl command in one line, so that a test is a table of texts.
#pragma once

#include <map>
#include <string>

#include "http/curl_command.hpp"

namespace locksmith::http {

using Files = std::map<std::string, std::string>;

inline CurlReading reading_from(Files files, Shell shell = Shell::detect) {
  return {shell, [files = std::move(files)](const std::string& path) -> Result<std::string> {
            const auto file = files.find(path);
            if (file == files.end()) return fail(ErrorCode::unreadable, "no such file");
            return file->second;
          }};
}

// "POST https://x/ | Name: value | body"
inline std::string shown(const Result<CurlCommand>& command) {
  if (!command) return "error: " + command.error().message;
  std::string out = command->request.method + " " + command->request.url;
  for (const Header& header : command->request.headers)
    out += " | " + header.name + ": " + header.value;
  if (!command->request.body.empty()) out += " | " + command->request.body;
  return out;
}

inline std::string shown(std::string_view text, Files files = {}, Shell shell = Shell::detect) {
  return shown(parse_curl_text(text, reading_from(std::move(files), shell)));
}

inline std::vector<Note::Kind> kinds(const Result<CurlCommand>& command) {
  std::vector<Note::Kind> kinds;
  for (const Note& note : command.value().notes) kinds.push_back(note.kind);
  return kinds;
}

inline std::vector<Note::Kind> kinds(std::string_view text, Shell shell = Shell::detect) {
  return kinds(parse_curl_text(text, reading_from({}, shell)));
}

}  // namespace locksmith::http

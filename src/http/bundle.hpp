// The evidence bundle: all of one failure (docs/evidence-bundle.md). Read from and written to HAR.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace locksmith::http {

struct EnvironmentFile {
  std::string path;
  std::string content;
  std::optional<base::Time> modified;
};

struct EnvironmentProcess {
  long pid = 0;
  std::string command;
  std::optional<base::Time> started;
  std::map<std::string, std::string> variables;
};

struct Environment {
  std::map<std::string, std::string> variables;  // as the process that sent the request had them
  std::vector<EnvironmentFile> files;
  std::vector<EnvironmentProcess> processes;
  std::optional<double> clock_offset_seconds;  // local clock minus the server's
  std::string client;                          // "curl/8.5.0"
  std::string context;                         // a person's words: shown, never parsed
};

struct Bundle {
  std::vector<Exchange> exchanges;  // in order; a redirect chain is several
  std::size_t failing = 0;          // which of them was refused
  Environment environment;

  const Exchange& failure() const { return exchanges.at(failing); }
};

// 401, 402, 403, 407, 429 and 511 refuse.
bool is_refusal(int status);
// The last refused exchange; else the last 400, 404 or 405, which may mask a refusal; else the last
// one that leads to a login (3xx), else simply the last.
std::size_t failing_exchange(const std::vector<Exchange>& exchanges);

}  // namespace locksmith::http

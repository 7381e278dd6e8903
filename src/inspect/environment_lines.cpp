// Lines that do not say what they seem to, and files that nobody has loaded.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "inspect/environment.hpp"
#include "inspect/wording.hpp"
#include "settings/dotenv.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

std::string quoted_path(const Value& value) { return http::shell_quote(value.file->path); }

// The reader to whom the line gives exactly what was sent: then there is no doubt where the value
// came from.
std::optional<std::string> misread_by(const Value& value, std::string_view sent) {
  for (const Misreading& reading : value.misreadings) {
    if (reading.setting.value.reveal() == sent)
      return std::string(settings::name_of(reading.reader));
  }
  return std::nullopt;
}

// What stands there has been sent, with more around it.
void judge_surplus(const Value& value, const std::string& sent, diagnosis::Findings& findings) {
  if (value.value.empty() || !sent.contains(value.value) || sent == value.value) return;
  const auto reader = misread_by(value, sent);
  const std::string who =
      reader ? fmt::format("{} reads the line so", *reader) : "what reads this file keeps them";
  if (value.quoted)
    say(findings, "environment.quotes-kept", value.place,
        fmt::format("{} stands in quotes there, and the quotes were sent: {}.", value.name,
                    reader ? who : who + ", as docker --env-file does"),
        {{"quoted", reader ? clear : 14.0}}, {},
        {fmt::format("sed -i 's/^{0}=[\"'\\'']\\(.*\\)[\"'\\'']$/{0}=\\1/' {1}", value.name,
                     quoted_path(value))});
  if (value.carriage_return && sent.contains('\r'))
    say(findings, "environment.crlf", value.place,
        fmt::format("The file has Windows line ends, and the carriage return was sent with the "
                    "key{}.",
                    reader ? ": " + who : ""),
        {{"whitespace", reader ? clear : 12.0}}, {},
        {fmt::format("sed -i 's/\\r$//' {}", quoted_path(value))});
  if (value.comment && sent.contains('#'))
    say(findings, "environment.comment-kept", value.place,
        fmt::format("The comment behind the value was sent with it{}.", reader ? ": " + who : ""),
        {{"malformed", 16}, {"whitespace", 8}}, {}, {"Put the comment on a line of its own."});
  const bool blank = base::trim(sent).size() != sent.size() && !sent.contains('\r');
  if (reader && blank && !value.quoted)
    say(findings, "environment.blank-kept", value.place,
        fmt::format("White space stands around the value of {} there, and was sent: {}.",
                    value.name, who),
        {{"whitespace", clear}}, {},
        {fmt::format("sed -i 's/^\\({0}=\\)[ \\t]*/\\1/; /^{0}=/s/[ \\t]*$//' {1}", value.name,
                     quoted_path(value))});
}

void judge_mark(const Value& value, bool has_main, diagnosis::Findings& findings) {
  if (!value.byte_order_mark) return;
  say(findings, "environment.byte-order-mark", value.place,
      fmt::format("The file starts with a byte order mark, so that the name is not {} to "
                  "python-dotenv, systemd and shells.",
                  value.name),
      {{"invisible-character", 6}, {"env-unset", has_main ? 4.0 : 14.0}}, {},
      {fmt::format("sed -i '1s/^\\xEF\\xBB\\xBF//' {}", quoted_path(value))});
}

}  // namespace

void judge_lines(const Case& c, const Values& values, diagnosis::Findings& findings) {
  const bool has_main = c.main && !c.main->value.empty();
  std::map<std::string, std::set<std::string>> files_values;
  for (const Value& value : values) {
    if (!value.file || !holds_key(c, value.name)) continue;
    if (value.value.empty())
      say(findings, "environment.empty", value.place,
          fmt::format("{} is there, but has no value.", value.name),
          {{"env-unset", has_main ? 2.0 : 14.0}});
    if (has_main) judge_surplus(value, c.main->secret(), findings);
    judge_mark(value, has_main, findings);
    std::set<std::string>& known = files_values[value.name];
    if (!value.value.empty() && !known.empty() && !known.contains(value.value))
      say(findings, "environment.duplicate", value.place,
          fmt::format("{} is set more than once, to different values; the last one of a file wins, "
                      "and of several files the one that is loaded first or last.",
                      value.name),
          {{"conflicting-credentials", 14}, {"stale-environment", 8}});
    known.insert(value.value);
  }
}

// Nothing was sent, the process has no such variable, and a file here has it.
void judge_not_loaded(const Case& c, const Values& values, diagnosis::Findings& findings) {
  if (!c.provider || (c.main && !c.main->value.empty())) return;
  const auto& variables = c.bundle.environment.variables;
  for (const Value& value : values) {
    if (!value.file || value.value.empty() || !one_of(c.provider->variables, value.name)) continue;
    const auto here = variables.find(value.name);
    if (here != variables.end() && !here->second.empty()) continue;
    say(findings, "environment.not-loaded", value.place,
        fmt::format("{} is set there, but not in the environment of what sent the request: the "
                    "file was not loaded.",
                    value.name),
        {{"env-unset", moderate}}, {},
        {fmt::format("set -a; . {}; set +a   # loads it into this shell",
                     http::shell_quote(value.file->path.contains('/') ? value.file->path
                                                                      : "./" + value.file->path))});
    return;
  }
}

}  // namespace locksmith::inspect

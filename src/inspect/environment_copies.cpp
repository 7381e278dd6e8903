// The key that was sent against the copies around it.
#include <fmt/format.h>

#include <cctype>
#include <optional>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "inspect/environment.hpp"

namespace locksmith::inspect {
namespace {

// "name: value", "name = value" or "name=value", quotes and commas left out; nullopt when the line
// is none.
std::optional<std::pair<std::string_view, std::string_view>> setting_of(std::string_view line) {
  const auto split = line.find_first_of(":=");
  if (split == std::string_view::npos) return {};
  const auto strip = [](std::string_view text) {
    constexpr std::string_view around = " \t\r\"',-";
    const auto first = text.find_first_not_of(around), last = text.find_last_not_of(around);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, last - first + 1);
  };
  return std::pair{strip(line.substr(0, split)), strip(line.substr(split + 1))};
}

// What a shell, or a loader that expands, makes of a value in which `$NAME` was meant literally and
// has no value (POSIX.1-2017, XCU 2.6.2). A `$` in front of anything else stays.
std::string without_references(std::string_view stored) {
  std::string out;
  const auto is_word = [](char ch) {
    return std::isalnum(static_cast<unsigned char>(ch)) || ch == '_';
  };
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const char next = i + 1 < stored.size() ? stored[i + 1] : '\0';
    const auto close = next == '{' ? stored.find('}', i) : std::string_view::npos;
    if (stored[i] != '$' || (close == std::string_view::npos && !is_word(next))) {
      out += stored[i];
    } else if (close != std::string_view::npos) {
      i = close;
    } else if (std::isdigit(static_cast<unsigned char>(next))) {
      ++i;  // one digit: a positional parameter
    } else {
      while (i + 1 < stored.size() && is_word(stored[i + 1])) ++i;
    }
  }
  return out;
}

}  // namespace

void judge_copies(const Case& c, const Values& values, diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty()) return;
  const std::string& sent = c.main->secret();
  const Value* source = nullptr;  // where the sent value stands
  for (const Value& value : values) {
    if (value.value == sent && holds_key(c, value.name)) source = &value;
    // The variables of the process win over files; prefer them as the source.
    if (source && source->file == nullptr) break;
  }
  for (const Value& value : values) {
    if (value.value.empty() || value.value == sent || !holds_key(c, value.name)) continue;
    const bool same_name = source && source->name == value.name;
    const bool of_provider = c.provider && one_of(c.provider->variables, value.name);
    if (!same_name && !of_provider) continue;
    // A quoted or commented line is judged below; here it is about another key altogether.
    if (sent.contains(value.value) || value.value.contains(sent)) continue;
    const std::string other = fmt::format("{} holds another key ({}) than the one that was sent.",
                                          value.place, base::fingerprint(value.value));
    // A file of another folder (a home's, one further up) need not be meant for this program.
    const double near = value.file && value.file->path.starts_with('/') ? 0.4 : 1;
    if (same_name && source->file == nullptr && value.file) {
      say(findings, "environment.shadowed", value.place,
          fmt::format("The variable {} of the process wins over the file, and {}", value.name,
                      other),
          {{"conflicting-credentials", 28 * near}, {"stale-environment", 27 * near}}, {},
          {fmt::format("unset {}   # then start the program again, so that the file counts",
                       http::shell_quote(value.name)),
           "Restart the process or container that was started before the file was changed."});
    } else {
      say(findings, "environment.other-key", value.place, fmt::format("{}", other),
          {{"stale-environment", 22 * near}, {"conflicting-credentials", 21 * near}}, {},
          {"Restart whatever was started before the value was changed."});
    }
    return;
  }
}

// The sent value stands in a file, and goes on there behind a character that something took for its
// own: a shell or docker compose reads $NAME, a loader cuts at #.
void judge_cut_values(const Case& c, diagnosis::Findings& findings) {
  constexpr std::size_t shortest = 4;
  if (!c.main || c.main->secret().size() < shortest) return;
  const std::string& sent = c.main->secret();
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    for (std::size_t at = file.content.find(sent); at != std::string::npos;
         at = file.content.find(sent, at + 1)) {
      const std::size_t end = at + sent.size();
      const bool starts_value = at > 0 && std::string_view("='\": ").contains(file.content[at - 1]);
      const char next = end + 1 < file.content.size() ? file.content[end] : '\n';
      if (!starts_value || (next != '$' && next != '#' && next != '%') ||
          std::string_view(" \t\r\n").contains(file.content[end + 1]))
        continue;
      say(findings, "environment.cut-value", file.path,
          fmt::format("The value goes on there behind a '{}', at which what was sent ends: "
                      "something took it for its own.",
                      next),
          {{"interpolated", 30}, {"malformed", 12}}, {},
          {next == '$' ? "Write $$ for a literal $ (docker compose), or put the value into single "
                         "quotes (shell)."
                       : "Put the value into quotes."});
      return;
    }
  }
}

// Another key of the same make in a client's own file: what the program was logged in with is not
// what was sent.
void judge_other_keys_in_files(const Case& c, diagnosis::Findings& findings) {
  if (!c.main || c.main->secret().size() < 16) return;
  const std::string& sent = c.main->secret();
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (is_dotenv(file.path)) continue;
    std::string_view text = file.content;
    while (!text.empty()) {
      const auto end = text.find('\n');
      const auto setting = setting_of(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      if (!setting || setting->second.size() != sent.size() || setting->second == sent ||
          !holds_key(c, setting->first))
        continue;
      say(findings, "environment.other-key-in-file", file.path,
          fmt::format("It holds another key of the same kind ({}) than the one that was sent.",
                      base::fingerprint(setting->second)),
          {{"conflicting-credentials", 22}, {"stale-environment", 19}});
      return;
    }
  }
}

void judge_expansion(const Case& c, const Values& values, diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty()) return;
  for (const Value& value : values) {
    if (!value.value.contains('$') || !holds_key(c, value.name)) continue;
    const std::string left = without_references(value.value);
    if (left == value.value || left != c.main->secret()) continue;
    say(findings, "environment.expanded", value.place,
        fmt::format("{} has a $ in its value; what was sent is the value with that reference "
                    "expanded to nothing.",
                    value.name),
        {{"interpolated", 32}, {"malformed", 6}}, {},
        {fmt::format("sed -i \"s/^{0}=\\(.*\\)$/{0}='\\1'/\" {1}   # single quotes keep the $",
                     value.name, http::shell_quote(value.file ? value.file->path : ".env"))});
    return;
  }
}

}  // namespace locksmith::inspect

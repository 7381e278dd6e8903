// Which reader is asked, what is odd about what it gives, and where readers disagree.
#include "settings/dotenv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "settings/dotenv_readers.hpp"

namespace locksmith::settings {
namespace {

// What a program would choke on is seen in the value that it gets, whoever read it.
void note_oddities(Setting& setting) {
  const std::string& value = setting.value.reveal();
  const auto note = [&](const char* words) { setting.oddities.emplace_back(words); };
  if (setting.name.starts_with(byte_order_mark)) note("a byte order mark before the name");
  if (value.empty()) return;
  const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                      value.find(value.front(), 1) != std::string::npos;
  if (quoted) note("quotes are kept");
  if (value.ends_with('\r')) note("a carriage return at the end");
  if (is_blank(value.front())) note("white space at the start");
  if (is_blank(value.back()) || value.ends_with('\n')) note("white space at the end");
  const bool comment = !quoted && (value.contains(" #") || value.contains("\t#"));
  const bool behind =
      quoted &&
      base::trim(std::string_view(value).substr(value.find(value.front(), 1) + 1)).starts_with('#');
  if (comment || behind) note("a comment became part of the value");
}

Result<SettingList> read(std::string_view text, Reader reader) {
  switch (reader) {
    case Reader::own:
    case Reader::dotenv:
      return read_as_node(text);
    case Reader::python_dotenv:
      return read_as_python(text);
    case Reader::compose:
      return read_as_compose(text);
    case Reader::docker_env_file:
      return read_as_docker(text);
    case Reader::systemd:
      return read_as_systemd(text);
    case Reader::shell:
      return read_as_shell(text);
  }
  return fail(ErrorCode::usage, "no such reader of .env files");
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (word != not_exported) out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

// How `reading` differs from `usual`, which may be null; empty: it does not.
std::string difference(const Reading& reading, const Setting* usual, std::string_view name) {
  if (!reading.settings) return "refuses the file: " + reading.settings.error().message;
  const Setting* here = reading.find(name);
  if (!here) {
    const Setting* marked = reading.find(std::string(byte_order_mark) + std::string(name));
    return !usual ? "" : marked ? joined(marked->oddities) : "does not set it";
  }
  if (!usual) return "sets it";
  if (here->value == usual->value) return "";
  const std::string why = joined(here->oddities);
  return why.empty() ? "gives another value" : why;
}

}  // namespace

std::string_view name_of(Reader reader) {
  switch (reader) {
    case Reader::own:
      return "its own reader";
    case Reader::dotenv:
      return "Node dotenv";
    case Reader::python_dotenv:
      return "python-dotenv";
    case Reader::compose:
      return "docker compose";
    case Reader::docker_env_file:
      return "docker --env-file";
    case Reader::systemd:
      return "systemd";
    case Reader::shell:
      return "a shell";
  }
  return "";
}

Result<SettingList> read_dotenv_settings(std::string_view text, Reader reader) {
  auto settings = read(text, reader);
  if (settings) {
    for (Setting& setting : *settings) note_oddities(setting);
  }
  return settings;
}

const Setting* Reading::find(std::string_view name) const {
  return settings ? last_of(*settings, name) : nullptr;
}

std::vector<Reading> read_as_all(std::string_view text) {
  std::vector<Reading> readings;
  for (const Reader reader : dotenv_readers)
    readings.push_back({reader, read_dotenv_settings(text, reader)});
  return readings;
}

std::vector<std::string> disagreements(const std::vector<Reading>& readings,
                                       std::string_view name) {
  if (readings.empty()) return {};
  const Setting* usual = readings.front().find(name);
  std::vector<std::pair<std::string, std::string>> groups;  // what, who
  for (const Reading& reading : readings) {
    const std::string what = difference(reading, usual, name);
    if (what.empty()) continue;
    const auto known = std::ranges::find(groups, what, &decltype(groups)::value_type::first);
    const std::string who(name_of(reading.reader));
    if (known == groups.end())
      groups.emplace_back(what, who);
    else
      known->second += ", " + who;
  }
  std::vector<std::string> sentences;
  for (const auto& [what, who] : groups) sentences.push_back(fmt::format("{}: {}", who, what));
  return sentences;
}

}  // namespace locksmith::settings

// Structured files: Kubernetes manifests, CI, editors, frameworks, clients.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "settings/manifest.hpp"
#include "settings/setting.hpp"
#include "whereabouts/sources.hpp"

namespace locksmith::whereabouts {
namespace {

using settings::Setting;

// A name of a secret store stands in ${{ secrets.NAME }}: no value is in the file.
void add_ci_mentions(const File& file, const Names& names, FileRead& read) {
  for (const std::string& name : names.in(file.text)) {
    const std::string secret = "secrets." + name;
    const auto at = find_word(file.text, secret);
    if (at == std::string_view::npos) continue;
    std::erase_if(read.places, [&](const Place& place) {
      return place.name == name && place.holds == Holds::reference;
    });
    Place place = place_in(file, Consumer::ci, name,
                           1 + static_cast<int>(std::ranges::count(file.text.substr(0, at), '\n')));
    place.holds = Holds::reference;
    place.notes.emplace_back("is a secret of the CI's own store");
    read.places.push_back(std::move(place));
  }
}

void read_manifest(const File& file, const std::vector<Setting>& settings, const Names& names,
                   FileRead& read) {
  std::map<std::string, const Setting*, std::less<>> by_path;
  for (const Setting& setting : settings) by_path[setting.name] = &setting;
  const auto value_at = [&](const std::string& path) -> const Setting* {
    const auto found = by_path.find(path);
    return found == by_path.end() ? nullptr : found->second;
  };
  for (const Setting& setting : settings) {
    const std::string name = names.of_path(setting.name);
    const std::string above(parent_of(setting.name));
    const std::string_view part = last_of(above);
    if (!name.empty() && (part == "data" || part == "stringData" || part == "encryptedData")) {
      add_setting(file, Consumer::kubernetes, setting, name, read);
    } else if (last_of(setting.name) == "name" && names.has(setting.value.reveal())) {
      const std::string& variable = setting.value.reveal();
      const Setting* value = value_at(above + ".value");
      const Setting* secret = value_at(above + ".valueFrom.secretKeyRef.name");
      if (value)
        add_value(file, Consumer::kubernetes, variable, value->line, value->value.reveal(), read,
                  value->oddities);
      if (!secret) continue;
      Place place = place_in(file, Consumer::kubernetes, variable, setting.line);
      place.holds = Holds::reference;
      place.notes.push_back(
          fmt::format("takes it from the Secret {}", base::printable(secret->value.reveal())));
      read.places.push_back(std::move(place));
    }
  }
}

std::string xml_decoded(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto entity = std::ranges::find_if(
        kEntities, [&](const auto& e) { return text.substr(i).starts_with(e.first); });
    const bool found = entity != std::end(kEntities);
    out += found ? entity->second : text[i];
    i += found ? entity->first.size() : 1;
  }
  return out;
}

int line_at(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, at), '\n'));
}

// Each profile of ~/.aws has keys of its own. "prod" in `credentials`, "profile prod" in `config`.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
void add_profile(std::string_view section, Place& place) {
  if (section.starts_with("profile ")) section.remove_prefix(8);
  if (section.empty() || section == "default") return;
  place.environment = section;
  place.notes.push_back("of the profile " + base::printable(section));
}

}  // namespace

void read_structured(const File& file, Consumer consumer, const Names& names, FileRead& read) {
  if (!names.may_be_in(file.text)) return;
  auto format = settings::format_of(file.path, file.text);
  if (file.path.ends_with(".properties")) format = settings::Format::ini;
  if (file.path.ends_with("dump.pm2")) format = settings::Format::json;
  for (const Setting& setting : settings_of(file, format, read)) {
    const std::string name = names.of_path(setting.name);
    if (!name.empty()) {
      add_setting(file, consumer, setting, name, read);
      if (file.path.contains(".aws/")) add_profile(parent_of(setting.name), read.places.back());
    } else {
      add_list_item(file, consumer, setting, names, read);
    }
  }
  add_mentions(file, consumer, names, read);
}

// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/
void read_kustomization(const File& file, const Names& names, FileRead& read) {
  for (const Setting& setting : settings_of(file, settings::Format::yaml, read)) {
    const std::string_view above = parent_of(setting.name);
    if (above.ends_with(".literals"))
      add_list_item(file, Consumer::kubernetes, setting, names, read);
    if (above.ends_with(".envs"))
      read.further.push_back({.path = setting.value.reveal(),
                              .consumer = Consumer::kubernetes,
                              .who = "is read by " + base::printable(file.path)});
  }
  add_mentions(file, Consumer::kubernetes, names, read);
}

void read_kubernetes(const File& file, const Names& names, FileRead& read) {
  if (file.path.substr(file.path.rfind('/') + 1).starts_with("kustomization."))
    return read_kustomization(file, names, read);
  if (!settings::is_manifest(file.text))
    return read_structured(file, Consumer::framework, names, read);
  for (const settings::Document& document : settings::documents_of(file.text)) {
    if (!names.may_be_in(document.text)) continue;
    const File part{file.path, document.text, file.changed, file.rank};
    const std::size_t before = read.places.size();
    std::vector<Setting> settings = settings_of(part, settings::Format::yaml, read);
    settings::decode_secrets(settings);
    read_manifest(part, settings, names, read);
    for (std::size_t i = before; i < read.places.size(); ++i)
      read.places[i].line += document.first_line - 1;
  }
  add_mentions(file, Consumer::kubernetes, names, read);
}

void read_ci(const File& file, const Names& names, FileRead& read) {
  if (names.in(file.text).empty()) return;
  if (!file.path.ends_with("Jenkinsfile")) {
    for (const Setting& setting : settings_of(file, settings::Format::yaml, read)) {
      const std::string_view last = last_of(setting.name);
      if (names.has(last))
        add_value(file, Consumer::ci, std::string(last), setting.line, setting.value.reveal(), read,
                  setting.oddities);
    }
  }
  // What a test run gets is often a dummy.
  for (Place& place : read.places) place.environment = "ci";
  add_ci_mentions(file, names, read);
  add_mentions(file, Consumer::ci, names, read);
}

// <env name="NAME" value="…"/>, as JetBrains' run configurations have it.
void read_xml(const File& file, const Names& names, FileRead& read) {
  for (const std::string& name : names.in(file.text)) {
    const std::string opening = fmt::format("name=\"{}\" value=\"", name);
    const auto at = file.text.find(opening);
    if (at == std::string_view::npos) continue;
    const std::size_t start = at + opening.size();
    const std::size_t end = std::min(file.text.find('"', start), file.text.size());
    add_value(file, Consumer::ide, name, line_at(file.text, at),
              xml_decoded(file.text.substr(start, end - start)), read);
  }
  add_mentions(file, Consumer::ide, names, read);
}

// NAME: "value" of a literal object. What a program works out is only mentioned.
void read_javascript(const File& file, const Names& names, FileRead& read) {
  for (const std::string& name : names.in(file.text)) {
    for (auto at = find_word(file.text, name); at != std::string_view::npos;
         at = find_word(file.text, name, at + 1)) {
      std::string_view rest = file.text.substr(at + name.size());
      if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
      const std::size_t lead = std::min(rest.find_first_not_of(" \t:"), rest.size());
      if (!rest.substr(0, lead).contains(':') || lead >= rest.size()) continue;
      const char quote = rest[lead];
      if (quote != '"' && quote != '\'') continue;
      const auto close = rest.find(quote, lead + 1);
      if (close == std::string_view::npos) continue;
      add_value(file, Consumer::supervisor, name, line_at(file.text, at),
                std::string(rest.substr(lead + 1, close - lead - 1)), read);
    }
  }
  add_mentions(file, Consumer::supervisor, names, read);
}

}  // namespace locksmith::whereabouts

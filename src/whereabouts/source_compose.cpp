// Compose files: what `environment:`, `env_file:` and `secrets:` give to services.
// https://docs.docker.com/reference/compose-file/services/
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "settings/reference.hpp"
#include "whereabouts/sources.hpp"

namespace locksmith::whereabouts {
namespace {

using settings::Setting;
using Strings = std::vector<std::string>;

// One entry of `env_file:`, with the services that have it.
struct EnvFile {
  std::string path;
  std::set<std::string> services;
  int order = 0;
};

// "web" of "services.web.env_file.0.path" and ".env_file"; the names of services may hold dots.
std::string service_in(std::string_view path, std::string_view marker) {
  constexpr std::string_view services = "services.";
  const auto at = path.find(marker);
  if (!path.starts_with(services) || at == std::string_view::npos || at < services.size())
    return {};
  return std::string(path.substr(services.size(), at - services.size()));
}

// The path of an entry: `env_file: PATH`, `- PATH`, `- path: PATH`; empty when it is none.
std::string env_file_of(const Setting& setting) {
  constexpr std::string_view marker = ".env_file";
  const auto at = setting.name.find(marker);
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(setting.name).substr(at + marker.size());
  if (rest.ends_with(".path")) rest.remove_suffix(5);
  if (rest.find_first_not_of(".0123456789") != std::string_view::npos) return {};
  const std::string& path = setting.value.reveal();
  const auto reference = settings::reference_in(path);
  if (!reference) return path;
  // ${FILE:-default}: the variable may be set where compose runs; the default is the best guess.
  return reference->whole ? reference->fallback.reveal() : "";
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + base::printable(word);
  return out;
}

// Of one service `environment:` wins over `env_file:`, and of its files the last one.
// https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/
class Compose {
 public:
  Compose(const File& file, const Names& names, FileRead& read)
      : file_(file), names_(names), read_(read) {}

  void take(const Setting& setting) {
    const std::string path = env_file_of(setting);
    const std::string user = service_in(setting.name, ".env_file");
    if (!path.empty() && !user.empty()) return take_env_file(path, user);
    take_environment(setting);
    take_secret(setting);
  }

  void finish() {
    for (const EnvFile& one : files_) {
      Further further{.path = one.path,
                      .consumer = Consumer::compose,
                      .who = fmt::format("env_file of {} in {}", joined(one.services),
                                         base::printable(file_.path)),
                      .rank = 1 + 63 - std::min(one.order, 63)};
      for (const auto& [name, services] : set_) {
        std::set<std::string> both;
        std::ranges::set_intersection(one.services, services, std::inserter(both, both.end()));
        if (!both.empty())
          further.notes[name] = fmt::format("environment: of {} wins over it", joined(both));
      }
      read_.further.push_back(std::move(further));
    }
  }

 private:
  void take_env_file(const std::string& path, const std::string& service) {
    auto known = std::ranges::find(files_, path, &EnvFile::path);
    if (known == files_.end()) {
      files_.push_back({path, {}, static_cast<int>(files_.size())});
      known = files_.end() - 1;
    }
    known->services.insert(service);
  }

  void take_environment(const Setting& setting) {
    const std::string_view above = parent_of(setting.name);
    const bool environment = above.ends_with(".environment");
    if (!environment && !above.ends_with(".args")) return;
    const std::string_view last = last_of(setting.name);
    const std::size_t before = read_.places.size();
    if (environment && names_.has(setting.value.reveal()))  // `- NAME`
      add_reference(file_, Consumer::compose, setting.value.reveal(), setting.line,
                    "is passed on from the shell that starts compose, or from .env", read_);
    else if (names_.has(last))
      add_value(file_, Consumer::compose, std::string(last), setting.line, setting.value.reveal(),
                read_, setting.oddities);
    else
      add_list_item(file_, Consumer::compose, setting, names_, read_);
    const std::string service = service_in(setting.name, ".environment");
    if (environment && !service.empty() && read_.places.size() > before)
      set_[read_.places.back().name].insert(service);
  }

  // https://docs.docker.com/reference/compose-file/secrets/
  void take_secret(const Setting& setting) {
    constexpr std::string_view secrets = "secrets.";
    const std::string_view path = setting.name, last = last_of(path);
    if (!path.starts_with(secrets) || parent_of(path).size() < secrets.size()) return;
    const std::string id(parent_of(path).substr(secrets.size()));
    const std::string& value = setting.value.reveal();
    const std::string note = "is the secret " + base::printable(id);
    const std::string name = names_.of_path(id);
    if (last == "environment" && names_.has(value))
      add_reference(file_, Consumer::compose, value, setting.line, note + ", from $" + value,
                    read_);
    if (last != "file" || name.empty()) return;
    add_reference(file_, Consumer::compose, name, setting.line, note + ", from a file", read_);
    if (settings::reference_in(value)) return;
    read_.further.push_back({.path = value,
                             .consumer = Consumer::compose,
                             .variable = name,
                             .who = fmt::format("the secret {} of {}", base::printable(id),
                                                base::printable(file_.path))});
  }

  const File& file_;
  const Names& names_;
  FileRead& read_;
  std::vector<EnvFile> files_;
  std::map<std::string, std::set<std::string>> set_;  // by `environment:`, in which services
};

}  // namespace

void read_compose(const File& file, const Names& names, FileRead& read) {
  const bool names_files = file.text.contains("env_file") || file.text.contains("secrets:");
  if (!names_files && names.in(file.text).empty()) return;
  Compose compose(file, names, read);
  for (const Setting& setting : settings_of(file, settings::Format::yaml, read))
    compose.take(setting);
  compose.finish();
  add_mentions(file, Consumer::compose, names, read);
}

}  // namespace locksmith::whereabouts

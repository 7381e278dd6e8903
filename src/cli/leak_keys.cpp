#include "cli/leak_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"
#include "credential/secret_names.hpp"
#include "keyring/key_source.hpp"
#include "leaks/searcher.hpp"
#include "settings/manifest.hpp"
#include "settings/reference.hpp"
#include "settings/setting.hpp"

namespace locksmith::cli {
namespace {

constexpr std::string_view file_source = "file:";

// `./x`, `/x` and whatever exists.
bool is_path(const std::string& word) {
  if (word == "." || word == ".." || word.starts_with("./") || word.starts_with("../") ||
      word.starts_with('/')) {
    return true;
  }
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(word, error));
}

// The file of `file:PATH#NAME`; empty for other sources.
std::string home_of(const std::string& source) {
  if (!source.starts_with(file_source)) return {};
  const std::string path = source.substr(file_source.size());
  std::error_code error;
  if (std::filesystem::exists(path, error)) return path;
  return path.substr(0, path.rfind('#'));
}

// PATH of `file:PATH` and `file:PATH#*`, which mean all secrets of a file.
std::string whole_file(const std::string& source) {
  if (!source.starts_with(file_source)) return {};
  std::string path = source.substr(file_source.size());
  if (path.ends_with("#*")) {
    path.resize(path.size() - 2);
    return path;
  }
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) ? path : std::string();
}

bool is_secret(const settings::Setting& setting) {
  const std::string& value = setting.value.reveal();
  const std::size_t dot = setting.name.rfind('.');
  const std::string_view name = std::string_view(setting.name).substr(dot + 1);
  // What is put in elsewhere, or sealed, is nobody's key.
  if (!setting.known || settings::reference_in(value)) return false;
  return value.size() >= leaks::Searcher::shortest_key && !credential::is_no_secret(value) &&
         (credential::secrecy_of(name, credential::NameKind::member) == credential::Secrecy::sure ||
          (credential::secrecy_of(name, credential::NameKind::variable) !=
               credential::Secrecy::none &&
           credential::looks_random(value)));
}

// Nothing when the file holds no settings: it may be a key as a whole.
std::vector<LeakKey> secrets_of(const std::string& path, const std::string& text) {
  std::vector<LeakKey> keys;
  const settings::Format format = settings::format_of(path, text);
  if (format == settings::Format::unknown) return keys;
  const auto all = settings::read_values(text, format);
  if (!all) return keys;
  for (const settings::Setting& setting : *all) {
    if (!is_secret(setting)) continue;
    const base::Secret value(std::string(base::trim(setting.value.reveal())));
    const auto same = [&](const LeakKey& key) { return key.value == value; };
    if (std::ranges::any_of(keys, same)) continue;
    keys.push_back({fmt::format("file:{}#{}", path, setting.name), value, path});
  }
  return keys;
}

Result<void> add_keys(const std::string& word, LeakWords& out) {
  if (const std::string path = whole_file(word); !path.empty()) {
    const auto text = base::read_regular_file(path);
    if (!text) return std::unexpected(text.error());
    std::vector<LeakKey> found = secrets_of(path, *text);
    std::ranges::move(found, std::back_inserter(out.keys));
    if (!found.empty()) return {};
    if (word.ends_with("#*")) {
      return fail(ErrorCode::unreadable, fmt::format("{} holds no secret", path),
                  "file:PATH#NAME takes one setting, whatever it is called");
    }
  }
  auto key = keyring::find_key(word);
  if (!key) return std::unexpected(key.error());
  if (key->in_arguments) {
    out.notes.push_back(
        "a key was given as it is: it now stands in the shell's history; "
        "env:NAME or stdin keep it out");
  }
  for (const std::string& note : key->notes) {
    out.notes.push_back(fmt::format("{}: {}", key->where, note));
  }
  out.keys.push_back({key->in_arguments ? "" : word,
                      base::Secret(std::string(base::trim(key->value.reveal()))), home_of(word)});
  return {};
}

}  // namespace

Result<LeakWords> read_leak_words(const std::vector<std::string>& words, bool any) {
  LeakWords out;
  for (const std::string& word : words) {
    if (any || is_path(word)) {
      out.paths.push_back(word);
    } else if (auto added = add_keys(word, out); !added) {
      return std::unexpected(added.error());
    }
  }
  for (const LeakKey& key : out.keys) {
    if (key.value.size() >= leaks::Searcher::shortest_key) continue;
    return fail(
        ErrorCode::usage,
        fmt::format("a key of {} characters would be found everywhere", key.value.size()),
        fmt::format("at least {} are needed; a path that does not exist is taken for a key unless "
                    "it begins with ./ or /",
                    leaks::Searcher::shortest_key));
  }
  if (!any && out.keys.empty()) {
    return fail(ErrorCode::usage, "no key to look for",
                "locksmith leaks env:NAME, or locksmith leaks --any for every key there is");
  }
  return out;
}

}  // namespace locksmith::cli

// Reads the file, finds the setting, and refuses what is no value.
#include "keyring/setting_of_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "keyring/lookup.hpp"
#include "settings/manifest.hpp"
#include "settings/reference.hpp"

namespace locksmith::keyring {
namespace {

// A file of settings, as it is shown, with what it holds.
struct SettingsFile {
  std::string shown;
  std::vector<settings::Setting> settings;
};

Result<SettingsFile> read_settings_file(const std::string& path, std::string_view text,
                                        settings::Format format) {
  std::string shown = base::printable(path);
  auto settings = settings::read_values(text, format);
  if (!settings)
    return fail(settings.error().code, shown + ": " + settings.error().message,
                settings.error().hint);
  return SettingsFile{std::move(shown), std::move(*settings)};
}

// Its text is no key: what a program gets is put in its place.
std::unexpected<Error> not_known(const settings::Setting& setting, const SettingsFile& file) {
  const auto reference = settings::reference_in(setting.value.reveal());
  const std::string place =
      fmt::format("{} in {}, line {}", base::printable(setting.name), file.shown, setting.line);
  if (reference && reference->sealed)
    return fail(ErrorCode::unreadable, place + " is encrypted by SOPS",
                "decrypt it with sops, and pipe the key in: stdin");
  if (!reference)
    return fail(ErrorCode::unreadable,
                fmt::format("{}: {}", place,
                            setting.oddities.empty() ? "only running it would tell the value"
                                                     : setting.oddities.back()),
                "name a place that has the value itself, for example env:NAME or stdin");
  const std::string from = base::printable(reference->what());
  std::string hint = "name a place that has the value itself, for example env:NAME or stdin";
  if (reference->variable && reference->whole) {
    const bool here = std::ranges::any_of(
        file.settings, [&](const auto& one) { return one.name == reference->name; });
    hint =
        fmt::format("name that instead: {}{}",
                    here ? "file:" + file.shown + "#" : "env:", base::printable(reference->name));
  }
  return fail(
      ErrorCode::unreadable,
      fmt::format("{} takes {} from {}", place, reference->whole ? "its value" : "a part", from),
      hint);
}

Result<NamedKey> of_setting(settings::Setting setting, std::vector<std::string> notes,
                            std::string_view name, const SettingsFile& file) {
  if (!setting.known || settings::reference_in(setting.value.reveal()))
    return not_known(setting, file);
  NamedKey key{.value = std::move(setting.value),
               .where = fmt::format("{}, line {}", file.shown, setting.line),
               .notes = std::move(notes)};
  if (key.value.empty()) key.where = fmt::format("{} in {}", base::printable(name), key.where);
  return key;
}

}  // namespace

Result<NamedKey> key_in_settings(const std::string& path, std::string_view text,
                                 settings::Format format, std::string_view name) {
  const auto file = read_settings_file(path, text, format);
  if (!file) return std::unexpected(file.error());
  if (!name.empty()) {
    auto found = look_up(file->settings, name, file->shown);
    if (!found) return std::unexpected(found.error());
    return of_setting(std::move(found->setting), std::move(found->notes), name, *file);
  }
  if (file->settings.size() != 1)
    return fail(
        ErrorCode::usage,
        fmt::format("{} holds {}", file->shown, base::count_of(file->settings.size(), "setting")),
        fmt::format("say which one: file:{}#NAME", file->shown));
  const settings::Setting& only = file->settings.front();
  return of_setting(only, only.oddities, only.name, *file);
}

}  // namespace locksmith::keyring

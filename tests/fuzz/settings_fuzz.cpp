// Feeds the readers of configuration files. The first byte says which; each must yield settings
// whose lines exist, or an error, never a crash. JSON and YAML are also read as Kubernetes
// manifests.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "settings/manifest.hpp"
#include "settings/reference.hpp"
#include "settings/setting.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith::settings;
  if (size == 0) return 0;
  constexpr Format formats[] = {Format::json,  Format::toml,  Format::yaml,   Format::ini,
                                Format::netrc, Format::npmrc, Format::dotenv, Format::shell};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  format_of("settings", text);
  const Format format = formats[data[0] % std::size(formats)];
  const auto settings = read_settings(text, format);
  if (!settings) return 0;
  // A carriage return alone ends a line to some readers of .env files.
  const auto lines = std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }) + 1;
  for (const Setting& setting : *settings) {
    if (setting.line < 1 || setting.line > lines) __builtin_trap();
    if (const auto reference = reference_in(setting.value.reveal())) reference->what();
  }
  if (format != Format::json && format != Format::yaml) return 0;
  // The documents of a text have all its settings, but for those that stringData has as well.
  const auto manifest = read_manifest(text, format);
  if (!manifest) return 0;
  if (manifest->size() > settings->size()) __builtin_trap();
  for (const Setting& setting : *manifest) {
    if (setting.line < 1 || setting.line > lines) __builtin_trap();
  }
  return 0;
}

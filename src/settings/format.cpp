// Which format a file is of. Names decide where they are clear; `.conf` and files without an ending
// are told by what they hold.
#include <algorithm>

#include "base/text.hpp"
#include "settings/setting.hpp"

namespace locksmith::settings {
namespace {

struct Known {
  std::string_view name;
  Format format;
};

constexpr Known whole_names[] = {
    {".netrc", Format::netrc},        {"_netrc", Format::netrc},
    {".npmrc", Format::npmrc},        {".env", Format::dotenv},
    {".flaskenv", Format::dotenv},    {".dev.vars", Format::dotenv},
    {"environment", Format::dotenv},  {".envrc", Format::shell},
    {".profile", Format::shell},      {".bashrc", Format::shell},
    {".bash_profile", Format::shell}, {".bash_login", Format::shell},
    {".zshrc", Format::shell},        {".zshenv", Format::shell},
    {".zprofile", Format::shell},     {".zlogin", Format::shell},
    {"bash.bashrc", Format::shell},   {"profile", Format::shell},
    {".pypirc", Format::ini},         {".boto", Format::ini},
    {".s3cfg", Format::ini},          {"_npmrc", Format::npmrc},
    {"pipfile", Format::toml},        {"poetry.lock", Format::toml},
};

constexpr Known endings[] = {
    {".json", Format::json},   {".jsonc", Format::json},  {".json5", Format::json},
    {".toml", Format::toml},   {".yaml", Format::yaml},   {".yml", Format::yaml},
    {".ini", Format::ini},     {".cfg", Format::ini},     {".env", Format::dotenv},
    {".service", Format::ini}, {".netrc", Format::netrc}, {".npmrc", Format::npmrc},
    {".sh", Format::shell},    {".bash", Format::shell},  {".zsh", Format::shell},
};

// As shells and loaders of .env take it; wider for YAML, where a '-' may stand in it.
bool is_name(std::string_view text, bool with_dash = false) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (with_dash && c == '-');
  });
}

// Not the padding of a base64 text that stands alone.
bool is_assignment(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  std::string_view name = line.substr(0, equals);
  const bool exported = name.starts_with("export ");
  if (exported) name.remove_prefix(7);
  const std::string_view value = base::trim(line.substr(equals + 1));
  return is_name(base::trim(name)) && (exported || (!value.empty() && value != "="));
}

// The first line that says something.
std::string_view first_line(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = base::trim(text.substr(0, end));
    if (!line.empty() && !line.starts_with('#') && !line.starts_with(';')) return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

Format by_content(std::string_view text) {
  if (text.starts_with("#!") && first_line(text) != text) {
    const std::string_view shebang = text.substr(0, text.find('\n'));
    if (shebang.ends_with("sh")) return Format::shell;
  }
  const std::string_view line = first_line(text);
  if (line.starts_with('{')) return Format::json;
  if (line.starts_with("machine ") || line == "default" || line.starts_with("default "))
    return Format::netrc;
  if (line.starts_with("//") && line.contains('=')) return Format::npmrc;
  if (line.starts_with('[') && line.ends_with(']')) return Format::ini;
  if (line == "---") return Format::yaml;
  if (is_assignment(line)) return Format::dotenv;
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && is_name(line.substr(0, colon), true) &&
      (colon + 1 == line.size() || line[colon + 1] == ' '))
    return Format::yaml;
  return Format::unknown;
}

}  // namespace

Format format_of(std::string_view path, std::string_view text) {
  const std::string name = base::lower(path.substr(path.rfind('/') + 1));
  for (const Known& known : whole_names) {
    if (name == known.name) return known.format;
  }
  const std::string lower_path = base::lower(path);
  for (const std::string_view aws : {".aws/credentials", ".aws/config"}) {
    if (lower_path.ends_with(aws)) return Format::ini;
  }
  for (const Known& known : endings) {
    if (name.ends_with(known.name)) return known.format;
  }
  if (name.starts_with(".env.") || name.starts_with("env.")) return Format::dotenv;  // .env.local
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return by_content(text);
}

}  // namespace locksmith::settings

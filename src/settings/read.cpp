// The one door to the readers: what none of them can read is refused here, and a byte order mark
// taken off.
#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "settings/dotenv.hpp"
#include "settings/readers.hpp"
#include "settings/setting.hpp"

namespace locksmith::settings {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

Settings read_structured(std::string_view text, Format format) {
  switch (format) {
    case Format::json:
      return read_json(text);
    case Format::toml:
      return read_toml(text);
    case Format::yaml:
      return read_yaml(text);
    case Format::ini:
      return read_ini(text);
    case Format::netrc:
      return read_netrc(text);
    case Format::npmrc:
      return read_npmrc(text);
    default:
      return fail(ErrorCode::unreadable, "is of no format that settings are read from",
                  ".env and shell files, JSON, TOML, YAML, INI, netrc and npmrc are");
  }
}

}  // namespace

std::vector<std::string> oddities_of(std::string_view value) {
  std::vector<std::string> found;
  if (value.ends_with("\r\n") || value.ends_with('\n'))
    found.push_back("a line feed at the end");
  else if (value.ends_with('\r'))
    found.push_back("a carriage return at the end");
  else if (base::trim(value).size() != value.size())
    found.push_back("white space around it");
  const std::string_view inner = base::trim(value);
  if (inner.size() > 1 && (inner.front() == '"' || inner.front() == '\'') &&
      inner.back() == inner.front())
    found.push_back("quotes are kept");
  return found;
}

std::unexpected<Error> not_of_format(std::string_view format, std::size_t line) {
  return fail(ErrorCode::unreadable, fmt::format("line {} is not {}", line, format));
}

void Gatherer::enter(std::string_view member) {
  lengths_.push_back(path_.size());
  if (!path_.empty()) path_ += '.';
  path_ += member;
}

void Gatherer::leave() {
  path_.resize(lengths_.back());
  lengths_.pop_back();
}

void Gatherer::add(std::string_view value, std::size_t line, std::string oddity) {
  bytes_ += path_.size() + value.size() + sizeof(Setting);
  if (overflows()) return;
  settings_.push_back(
      {path_, base::Secret(std::string(value)), static_cast<int>(line), oddities_of(value)});
  if (!oddity.empty()) settings_.back().oddities.push_back(std::move(oddity));
}

Settings Gatherer::take(std::string_view format) {
  if (overflows())
    return fail(ErrorCode::unreadable, fmt::format("stands for too much {}", format),
                "names and values together exceed 64 MB");
  return std::move(settings_);
}

Result<std::vector<Setting>> read_settings(std::string_view text, Format format, Reader reader) {
  // PowerShell's `>` writes UTF-16: its texts hold a NUL at every second place.
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return fail(ErrorCode::unreadable, "is UTF-16, which no program expects here",
                "save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8 FILE");
  if (text.contains('\0')) return fail(ErrorCode::unreadable, "is no text: it holds a NUL byte");
  if (format == Format::dotenv)
    return read_dotenv_settings(text, reader == Reader::own ? Reader::dotenv : reader);
  if (format == Format::shell) return read_dotenv_settings(text, Reader::shell);

  const bool marked = text.starts_with(byte_order_mark);
  if (marked) text.remove_prefix(byte_order_mark.size());
  Settings settings = read_structured(text, format);
  if (settings && marked && !settings->empty())
    settings->front().oddities.push_back("a byte order mark before the name");
  return settings;
}

}  // namespace locksmith::settings

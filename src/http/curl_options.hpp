// The names of curl's options, so that an option's argument is never taken for a URL.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace locksmith::http {

struct CurlOption {
  std::string_view name;  // without the dashes
  char letter;            // '\0': it has no short form
  bool takes_argument;
};

// Sorted by name.
std::span<const CurlOption> curl_options();

const CurlOption* find_short_option(char letter);

// A long option as written, "--no-compressed" or "--header=X", taken apart.
struct LongOption {
  const CurlOption* option;
  bool on = true;                            // false: "--no-…"
  bool expand = false;                       // "--expand-…": curl replaces {{variables}}
  std::optional<std::string_view> argument;  // behind a '='
};
// `text` without its dashes. Older curl takes an abbreviation that fits one option, 8.16.0 and
// newer takes "name=value" (docs/cmdline-opts/_OPTIONS.md); both are read. nullopt: unknown or
// ambiguous.
std::optional<LongOption> find_long_option(std::string_view text);

}  // namespace locksmith::http

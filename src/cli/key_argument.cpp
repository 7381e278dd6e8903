#include "cli/key_argument.hpp"

#include <algorithm>
#include <cstdio>

namespace locksmith::cli {

Result<std::vector<keyring::NamedKey>> take_keys(const std::vector<std::string>& sources) {
  std::vector<keyring::NamedKey> keys;
  for (const std::string& source : sources.empty() ? std::vector<std::string>{""} : sources) {
    auto key = keyring::find_key(source);
    if (!key) return std::unexpected(key.error());
    keys.push_back(std::move(*key));
  }
  if (std::ranges::any_of(keys, &keyring::NamedKey::in_arguments)) {
    std::fputs(
        "warning: a key that is an argument stands in the shell's history now\n"
        "hint: name it instead: env:NAME, file:PATH#NAME, stdin, prompt (see --help)\n",
        stderr);
  }
  return keys;
}

}  // namespace locksmith::cli

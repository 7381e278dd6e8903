// Naming a key without showing it: where a command takes a key, it takes such a name, so that the
// key itself stands neither in the shell's history nor in the list of processes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace locksmith::keyring {

struct NamedKey {
  base::Secret value;              // byte for byte as the source has it; never empty
  std::string where;               // "the variable API_KEY", ".env, line 3"; safe to show
  std::vector<std::string> notes;  // what is odd about how it is kept there, in words for people
  bool in_arguments = false;       // it was given as it is, and stands in the shell's history now
};

// Of `env:NAME`, `file:PATH`, `file:PATH#NAME`, `stdin` (or `-`), `prompt`, `vault:PATH#FIELD`,
// `aws-sm:NAME`, `aws-sm:NAME#FIELD`, `op://VAULT/ITEM/FIELD`, `pass:NAME`,
// `secret-tool:ATTRIBUTE=VALUE,…`; anything else is the key itself. An empty source asks at the
// terminal, or reads standard input where that is none.
Result<NamedKey> find_key(const std::string& source);

// The sources, one a line, for a command's --help.
std::string_view sources_help();

}  // namespace locksmith::keyring

// Which names hold secrets, which values plainly are none, and how well-known keys begin: the
// tables behind redaction. Decided by name alone, so that redaction never depends on a diagnosis.
#pragma once

#include <cstddef>
#include <string_view>

namespace locksmith::credential {

enum class NameKind {
  header,     // of a request or a response
  parameter,  // of a query or a form
  variable,   // of an environment
  member,     // of JSON, YAML or other configuration
};

enum class Secrecy {
  none,
  maybe,  // the name is also used for other things: only a value that looks random is a secret
  sure,
};

Secrecy secrecy_of(std::string_view name, NameKind kind);
// A password is chosen by a person: nothing in it is a prefix that everybody's has.
bool is_password_name(std::string_view name);

// Sent in place of a key, and evidence as such: nothing, `$NAME`, `undefined`, `YOUR_API_KEY`,
// `****`, `sk-…abcd`. Such a value is not redacted.
bool is_no_secret(std::string_view value);

// At least 16 characters of a key's alphabet, mixed as a generator mixes them.
bool looks_random(std::string_view value);

struct KnownPrefix {
  std::string_view text;
  std::size_t min_rest = 0;  // fewer characters behind it are a word, not a key
};
// The longest well-known prefix that `value` starts with; empty `text` when there is none.
KnownPrefix known_prefix(std::string_view value);

}  // namespace locksmith::credential

// A value that is none yet: something else is put in its place, or in the place of a part of it,
// before a program gets it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace locksmith::settings {

struct Reference {
  std::string name;  // "NAME", "secrets.NAME"; may be empty
  bool variable = false;
  bool whole = true;         // it stands alone: what is put in is all of the value
  base::Secret fallback;     // "default" of ${NAME:-default}: it may be a key
  bool sealed = false;       // nothing is put in: the value is encrypted here
  std::string what() const;  // "$NAME", "secrets.NAME", "elsewhere"
};

// ${NAME}, ${NAME:-default}, ${{ … }}, {{ … }}, and $NAME where nothing else stands; what SOPS has
// encrypted. A dollar within a value is its own, and the default, which may be a key, is not shown.
std::optional<Reference> reference_in(std::string_view value);

}  // namespace locksmith::settings

// Which kind of key the catalogue takes a value for: whose it is, whether it is a secret at all,
// and where it is rotated.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace locksmith::leaks {

struct Kind {
  const catalogue::Provider* provider = nullptr;
  const catalogue::KeyKind* key = nullptr;
};

// Meant to be seen, or useless by itself: publishable keys, ids, names of users.
bool is_public(const catalogue::KeyKind& kind);

// What `value` is by its look; `name`, of the variable that held it, speaks for a provider whose
// keys look like anybody's.
std::optional<Kind> identify(const catalogue::Catalogue& catalogue, std::string_view value,
                             std::string_view name = {});

// `name` is one of the provider's variables, or contains its name.
bool names_provider(std::string_view name, const catalogue::Provider& provider);

}  // namespace locksmith::leaks

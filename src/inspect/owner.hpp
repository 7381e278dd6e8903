// Whose key it is by its form alone, and how far it is from whole: the shapes of the catalogue
// against one value, without a request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace locksmith::inspect {

struct Owned {
  const catalogue::Provider* provider = nullptr;
  const catalogue::KeyKind* kind = nullptr;
};

// The kind that a key is: of the provider's own first the accepted ones.
const catalogue::KeyKind* kind_of(const catalogue::Provider& provider, std::string_view key,
                                  bool distinctive_only);
// Whose key it is by its shape alone; the longest literal prefix wins ("sk-ant-" before "sk-").
// Several, where several vendors' keys look the same; none, where nothing distinctive fits.
std::vector<Owned> owners_of(const catalogue::Catalogue& catalogue, std::string_view key);
// The first of them.
Owned owner_of(const catalogue::Catalogue& catalogue, std::string_view key);
// Whose key it seems to be by its first characters, though it does not fit the shape.
Owned owner_by_prefix(const catalogue::Catalogue& catalogue, std::string_view key);
// The provider's kind whose prefix the key has, though it does not fit; null when there is none.
const catalogue::KeyKind* begun_kind(const catalogue::Provider& provider, std::string_view key);

// "it is 4 characters too short: it was cut", of a key that begins like one of the kind.
std::string how_far_off(const catalogue::KeyKind& kind, std::string_view key);
// "an access key" of "access-key".
std::string article(std::string_view kind);

}  // namespace locksmith::inspect

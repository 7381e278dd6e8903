#include "inspect/owner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "credential/shape.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {

using catalogue::KeyKind;
using catalogue::Provider;
using credential::Shape;

const KeyKind* kind_of(const Provider& provider, std::string_view key, bool distinctive_only) {
  const KeyKind* found = nullptr;
  for (const KeyKind& kind : provider.keys) {
    if (distinctive_only && (!kind.distinctive || kind.prefix.size() < 3)) continue;
    if ((!found || (kind.accepted && !found->accepted)) && fits(kind, key)) found = &kind;
  }
  return found;
}

std::vector<Owned> owners_of(const catalogue::Catalogue& catalogue, std::string_view key) {
  std::vector<Owned> best;
  for (const Provider& provider : catalogue.providers) {
    const KeyKind* kind = kind_of(provider, key, true);
    if (!kind) continue;
    const std::size_t reached = best.empty() ? 0 : best.front().kind->prefix.size();
    if (kind->prefix.size() > reached) best.clear();
    if (kind->prefix.size() >= reached) best.push_back({&provider, kind});
  }
  return best;
}

Owned owner_of(const catalogue::Catalogue& catalogue, std::string_view key) {
  const auto owners = owners_of(catalogue, key);
  return owners.empty() ? Owned{} : owners.front();
}

// "sk-" is many vendors', "sk-proj-" is one's; "ghp_" is, too, and "key_" is a word.
static bool is_telling(std::string_view prefix) {
  constexpr std::array<std::string_view, 7> words = {"key_", "api_", "pat_", "tok_",
                                                     "app_", "sec_", "dev_"};
  if (prefix.size() >= 5) return true;
  return prefix.size() == 4 && prefix.ends_with('_') &&
         std::ranges::find(words, prefix) == words.end();
}

Owned owner_by_prefix(const catalogue::Catalogue& catalogue, std::string_view key) {
  Owned best;
  for (const Provider& provider : catalogue.providers) {
    for (const KeyKind& kind : provider.keys) {
      if (!kind.distinctive || !is_telling(kind.prefix) || !key.starts_with(kind.prefix)) continue;
      if (!best.kind || kind.prefix.size() > best.kind->prefix.size()) best = {&provider, &kind};
    }
  }
  return best;
}

const KeyKind* begun_kind(const Provider& provider, std::string_view key) {
  const KeyKind* near = nullptr;
  for (const KeyKind& kind : provider.keys) {
    if (kind.distinctive && kind.prefix.size() >= 2 && key.starts_with(kind.prefix) &&
        (!near || kind.prefix.size() > near->prefix.size()))
      near = &kind;
  }
  return near;
}

std::string how_far_off(const KeyKind& kind, std::string_view key) {
  const auto shape = Shape::parse(kind.shape);
  if (!shape) return {};
  const Shape::Mismatch off = shape->mismatch(key);
  if (off.missing > 0)
    return fmt::format("it is {} too short: it was cut",
                       base::count_of(static_cast<std::size_t>(off.missing), "character"));
  if (off.missing < 0)
    return fmt::format("it is {} too long: something was added",
                       base::count_of(static_cast<std::size_t>(-off.missing), "character"));
  if (off.bad_character)
    return fmt::format("byte {} is a character that does not occur in such keys", off.matched);
  return "its form is another";
}

std::string article(std::string_view kind) {
  const bool vowel = !kind.empty() && std::string_view("aeiou").contains(kind.front());
  std::string words(kind);
  std::ranges::replace(words, '-', ' ');
  return fmt::format("{} {}", vowel ? "an" : "a", words);
}

}  // namespace locksmith::inspect

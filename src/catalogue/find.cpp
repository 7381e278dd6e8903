#include "catalogue/find.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "http/url.hpp"

namespace locksmith::catalogue {
namespace {

// Shorter prefixes ("sk-" is one more) start the keys of too many vendors to name one.
constexpr std::size_t telling_prefix = 4;

bool any_contains(Strings texts, std::string_view word) {
  return std::ranges::any_of(
      texts, [&](std::string_view text) { return base::contains_ignoring_case(text, word); });
}

bool host_fits(Strings hosts, std::string_view word) {
  return any_contains(hosts, word) || std::ranges::any_of(hosts, [&](std::string_view pattern) {
           return pattern.contains('*') && http::host_matches(pattern, base::lower(word));
         });
}

// Keys are compared as they are: their case counts.
bool key_fits(const KeyKind& key, std::string_view word) {
  return key.prefix.contains(word) ||
         (key.prefix.size() >= telling_prefix && word.starts_with(key.prefix));
}

bool fits(const Provider& provider, std::string_view word) {
  return base::contains_ignoring_case(provider.slug, word) ||
         base::contains_ignoring_case(provider.name, word) || host_fits(provider.hosts, word) ||
         any_contains(provider.variables, word) ||
         any_contains(provider.base_url_variables, word) ||
         std::ranges::any_of(provider.environments,
                             [&](const auto& e) { return host_fits(e.hosts, word); }) ||
         std::ranges::any_of(provider.keys, [&](const auto& key) { return key_fits(key, word); });
}

bool fits(const Intermediary& intermediary, std::string_view word) {
  return base::contains_ignoring_case(intermediary.slug, word) ||
         base::contains_ignoring_case(intermediary.name, word) ||
         base::contains_ignoring_case(intermediary.kind, word);
}

template <class T>
std::vector<const T*> find_in(std::span<const T> items, std::span<const std::string> words) {
  std::vector<const T*> out;
  for (const T& item : items) {
    const auto found = [&](const std::string& word) { return fits(item, word); };
    if (std::ranges::all_of(words, found)) out.push_back(&item);
  }
  return out;
}

}  // namespace

Found find(const Catalogue& catalogue, std::span<const std::string> words) {
  return {find_in(catalogue.providers, words), find_in(catalogue.intermediaries, words)};
}

const Intermediary* intermediary(const Catalogue& catalogue, std::string_view slug) {
  const auto found = std::ranges::find(catalogue.intermediaries, slug, &Intermediary::slug);
  return found == catalogue.intermediaries.end() ? nullptr : &*found;
}

std::string_view nearest_slug(const Catalogue& catalogue, std::string_view name) {
  const std::string wanted = base::lower(name);
  std::vector<std::string_view> slugs;
  for (const Provider& provider : catalogue.providers) slugs.push_back(provider.slug);
  for (const Intermediary& intermediary : catalogue.intermediaries) {
    slugs.push_back(intermediary.slug);
  }
  if (const std::string_view near = base::nearest(wanted, slugs); !near.empty()) return near;
  // "google" is not a misspelling of "google-maps", and yet what was meant.
  const std::string words[] = {wanted};
  const Found found = find(catalogue, words);
  if (!found.providers.empty()) return found.providers.front()->slug;
  return found.intermediaries.empty() ? std::string_view() : found.intermediaries.front()->slug;
}

}  // namespace locksmith::catalogue

// Holds a value against the shapes of the catalogue. Only those whose literal start fits are
// parsed.
#include "leaks/kinds.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "credential/shape.hpp"

namespace locksmith::leaks {
namespace {

bool fits(const catalogue::KeyKind& kind, std::string_view value) {
  if (!value.starts_with(kind.prefix)) return false;
  const auto shape = credential::Shape::parse(kind.shape);
  return shape && shape->matches(value) && credential::checksum_holds(kind.checksum, value);
}

// Letters and digits, in lower case: "GITHUB_TOKEN" and "github-token" are the same.
std::string plain(std::string_view name) {
  std::string out = base::lower(name);
  std::erase_if(out, [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'); });
  return out;
}

}  // namespace

bool is_public(const catalogue::KeyKind& kind) {
  return kind.role == "publishable" || kind.role == "id" || kind.role == "user";
}

bool names_provider(std::string_view name, const catalogue::Provider& provider) {
  const std::string own = plain(name);
  if (own.empty()) return false;
  // "KEY" or "API_KEY" names nobody.
  if (std::ranges::any_of(provider.variables, [&](std::string_view variable) {
        const std::string other = plain(variable);
        return other.size() > 8 && own.ends_with(other);
      })) {
    return true;
  }
  const std::string slug = plain(provider.slug);
  return slug.size() >= 5 && own.find(slug) != std::string::npos;
}

std::optional<Kind> identify(const catalogue::Catalogue& catalogue, std::string_view value,
                             std::string_view name) {
  std::optional<Kind> best;
  int best_points = 0;
  for (const catalogue::Provider& provider : catalogue.providers) {
    const bool named = !name.empty() && names_provider(name, provider);
    for (const catalogue::KeyKind& kind : provider.keys) {
      if (!named && (!kind.distinctive || kind.prefix.size() < 2)) continue;
      const int points = 1 + static_cast<int>(kind.prefix.size()) + (kind.accepted ? 40 : 0) +
                         (named ? 80 : 0) + (kind.checksum != credential::Checksum::none ? 20 : 0);
      if (points > best_points && fits(kind, value)) {
        best = {&provider, &kind};
        best_points = points;
      }
    }
  }
  return best;
}

}  // namespace locksmith::leaks

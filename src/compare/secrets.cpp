// The secret of one request against that of the other: is it the same, and what became of it?
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "base/time.hpp"
#include "compare/differences.hpp"
#include "credential/characters.hpp"
#include "credential/jwt.hpp"
#include "inspect/owner.hpp"

namespace locksmith::compare {
namespace {

using base::equals_ignoring_case;
using catalogue::Provider;
using credential::CharacterFinding;
using credential::Defect;
using inspect::Owned;
using What = Facet::What;

constexpr std::array<std::pair<Defect, std::string_view>, 12> defect_causes{{
    {Defect::white_space, "whitespace"},
    {Defect::invisible, "invisible-character"},
    {Defect::quote, "quoted"},
    {Defect::unexpanded, "env-unset"},
    {Defect::null_word, "env-unset"},
    {Defect::printed_object, "env-unset"},
    {Defect::placeholder, "placeholder"},
    {Defect::masked, "malformed"},
    {Defect::not_a_key, "malformed"},
    {Defect::doubled_scheme, "wrong-scheme"},
    {Defect::url_encoded, "encoding"},
    {Defect::non_ascii, "encoding"},
}};

// The provider's own kinds first; of others' those that nobody else's key looks like.
Owned owner_of(const catalogue::Catalogue& catalogue, const Provider* own, std::string_view key) {
  const catalogue::KeyKind* kind = own ? inspect::kind_of(*own, key, false) : nullptr;
  return kind ? Owned{own, kind} : inspect::owner_of(catalogue, key);
}

std::string name_of(const Owned& owned, const Provider* own) {
  std::string words(owned.kind->kind);
  std::ranges::replace(words, '-', ' ');
  const std::string maker = owned.provider == own ? "" : std::string(owned.provider->name) + " ";
  const bool vowel = std::string_view("aeiouAEIOU").contains((maker + words).front());
  return fmt::format("{} {}{}", vowel ? "an" : "a", maker, words);
}

// What one key has stuck to it and the other has not.
std::optional<CharacterFinding> own_defect(std::string_view key, std::string_view other) {
  const auto others = credential::find_defects(other);
  for (CharacterFinding& defect : credential::find_defects(key)) {
    if (std::ranges::find(others, defect.defect, &CharacterFinding::defect) == others.end())
      return std::move(defect);
  }
  return {};
}

bool stands_for_a_key(Defect defect) {
  return defect == Defect::unexpanded || defect == Defect::null_word ||
         defect == Defect::printed_object || defect == Defect::placeholder ||
         defect == Defect::masked || defect == Defect::not_a_key;
}

std::string sentence_of(const CharacterFinding& defect, bool same_key) {
  if (stands_for_a_key(defect.defect)) return fmt::format("BAD sends no key but {}.", defect.what);
  if (same_key) return fmt::format("BAD sends GOOD's key, but with {}.", defect.what);
  return fmt::format("BAD sends another key than GOOD, and it has {}.", defect.what);
}

std::string list(const std::vector<std::string>& items) {
  return items.empty() ? "nothing" : fmt::format("{}", fmt::join(items, ", "));
}

// Claims that say why one token is let in and the other not.
std::optional<Difference> compare_tokens(const Key& good, const Key& bad, std::string place) {
  const auto g = credential::read_jwt(good.secret.reveal());
  const auto b = credential::read_jwt(bad.secret.reveal());
  if (!g || !b) return {};
  std::vector<std::string> facts;
  std::vector<std::string_view> causes;
  const auto differs = [&](bool is, std::string fact, std::string_view cause) {
    if (!is) return;
    facts.push_back(std::move(fact));
    causes.push_back(cause);
  };
  differs(g->audience != b->audience,
          fmt::format("its audience is {}, GOOD's {}", list(b->audience), list(g->audience)),
          "wrong-audience");
  differs(g->issuer != b->issuer, fmt::format("its issuer is {}, GOOD's {}", b->issuer, g->issuer),
          "wrong-audience");
  differs(g->scopes != b->scopes,
          fmt::format("its scopes are {}, GOOD's {}", list(b->scopes), list(g->scopes)),
          "missing-scope");
  differs(g->algorithm != b->algorithm,
          fmt::format("it is signed by {}, GOOD's by {}", b->algorithm, g->algorithm),
          "bad-signature");
  differs(g->key_id != b->key_id, "it names another signing key", "bad-signature");
  if (b->expires && (!g->expires || *b->expires < *g->expires))
    differs(true,
            fmt::format("it expires {}, GOOD's {}", base::format_rfc3339(*b->expires),
                        g->expires ? base::format_rfc3339(*g->expires) : "never"),
            "expired");
  if (b->not_before && (!g->not_before || *g->not_before < *b->not_before))
    differs(true, fmt::format("it is valid from {} on", base::format_rfc3339(*b->not_before)),
            "not-yet-active");
  if (facts.empty()) return {};
  return difference(Kind::key_other, std::move(place),
                    fmt::format("BAD sends another token: {}.", fmt::join(facts, "; ")),
                    {{What::key_secret, ""}}, std::move(causes));
}

std::optional<Difference> mangled(const Key& good, const Key& bad, const std::string& place) {
  const std::string &g = good.secret.reveal(), &b = bad.secret.reveal();
  const std::vector<Facet> facets{{What::key_secret, ""}};
  if (base::percent_decode(b) == g || base::percent_decode(g) == b ||
      base::percent_decode(bad.written.reveal()) == g) {
    return difference(Kind::key_defect, place,
                      "The keys are the same but for their percent-encoding.", facets,
                      {"encoding", "interpolated"});
  }
  if (!b.empty() && g.starts_with(b) && b.size() >= 4) {
    return difference(Kind::key_cut, place,
                      fmt::format("BAD sends GOOD's key without its last {}.",
                                  base::count_of(g.size() - b.size(), "character")),
                      facets);
  }
  if (!b.empty() && g.ends_with(b) && b.size() >= 4) {
    return difference(Kind::key_cut, place,
                      fmt::format("BAD sends GOOD's key without its first {}.",
                                  base::count_of(g.size() - b.size(), "character")),
                      facets);
  }
  if (b.starts_with(g) && g.size() >= 4) {
    return difference(Kind::key_cut, place,
                      fmt::format("BAD sends GOOD's key with {} more behind it.",
                                  base::count_of(b.size() - g.size(), "character")),
                      facets);
  }
  if (equals_ignoring_case(g, b)) {
    return difference(Kind::key_case, place,
                      "BAD sends GOOD's key in other letters: upper and lower case differ.",
                      facets);
  }
  return {};
}

Difference compare_kinds(const Key& good, const Key& bad, const catalogue::Catalogue& catalogue,
                         const Provider* provider, const std::string& place) {
  const std::vector<Facet> facets{{What::key_secret, ""}};
  const Owned g = owner_of(catalogue, provider, good.secret.reveal()),
              b = owner_of(catalogue, provider, bad.secret.reveal());
  const std::string keys =
      fmt::format("GOOD {}, BAD {}", good.secret.fingerprint(), bad.secret.fingerprint());
  if (!g.kind && !b.kind)
    return difference(Kind::key_other, place, fmt::format("The keys differ: {}.", keys), facets);
  if (g.kind == b.kind)
    return difference(
        Kind::key_other, place,
        fmt::format("Both send {}, but not the same one: {}.", name_of(g, provider), keys), facets);
  if (!b.kind)
    return difference(Kind::key_other, place,
                      fmt::format("GOOD sends {}; what BAD sends has not its shape: {}.",
                                  name_of(g, provider), keys),
                      facets,
                      {"malformed", "wrong-credential-type", "wrong-provider", "unknown-key"});
  if (!g.kind)
    return difference(
        Kind::key_other_kind, place,
        fmt::format("BAD sends {}, GOOD another kind of key: {}.", name_of(b, provider), keys),
        facets);
  std::vector<std::string_view> causes{"wrong-credential-type", "missing-scope"};
  // Kinds of one role are for two environments, or have different rights.
  if (g.kind->role == b.kind->role)
    causes = {"wrong-environment", "missing-scope", "wrong-credential-type"};
  if (g.provider != b.provider) causes = {"wrong-provider"};
  return difference(
      Kind::key_other_kind, place,
      fmt::format("BAD sends {}, GOOD {}: {}.", name_of(b, provider), name_of(g, provider), keys),
      facets, std::move(causes));
}

}  // namespace

Difference compare_secrets(const Key& good, const Key& bad, const catalogue::Catalogue& catalogue,
                           const Provider* provider) {
  const std::string place = where(bad);
  const std::string &g = good.secret.reveal(), &b = bad.secret.reveal();
  const Facet facet{What::key_secret, ""};
  if (b.empty() || g.empty()) {
    return difference(
        Kind::key_missing, place,
        fmt::format("{} sends an empty key, {} has one: {}.", b.empty() ? "BAD" : "GOOD",
                    b.empty() ? "GOOD" : "BAD", (b.empty() ? good : bad).secret.fingerprint()),
        {facet}, {"env-unset", "missing"});
  }
  if (const auto defect = own_defect(b, g)) {
    const bool same = credential::clean(b) == credential::clean(g);
    const auto cause = std::ranges::find(defect_causes, defect->defect,
                                         &std::pair<Defect, std::string_view>::first)
                           ->second;
    return difference(Kind::key_defect, place, sentence_of(*defect, same), {facet}, {cause});
  }
  if (auto same = mangled(good, bad, place)) return std::move(*same);
  if (auto token = compare_tokens(good, bad, place)) return std::move(*token);
  if (const auto defect = own_defect(g, b)) {
    return difference(
        Kind::key_other, place,
        fmt::format("GOOD's key has {}, BAD's has not; so they are not the same.", defect->what),
        {facet});
  }
  return compare_kinds(good, bad, catalogue, provider, place);
}

}  // namespace locksmith::compare

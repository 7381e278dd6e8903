// The key of one request against the key of the other: is it the same, and what became of it?
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "base/time.hpp"
#include "compare/differences.hpp"
#include "credential/characters.hpp"
#include "credential/jwt.hpp"
#include "credential/shape.hpp"
#include "credential/sigv4.hpp"

namespace locksmith::compare {
namespace {

using catalogue::KeyKind;
using catalogue::Provider;
using credential::CharacterFinding;
using credential::Defect;
using credential::Place;
using What = Facet::What;
using base::equals_ignoring_case;

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

// What follows these is made anew for each request and covers it.
constexpr std::array<std::string_view, 7> signing_schemes{
    "AWS4-HMAC-SHA256", "Digest", "Signature", "hmac", "SharedKey", "Negotiate", "NTLM"};

std::string where(const Key& key) {
  return credential::Credential{.place = key.place, .name = key.name}.where();
}

std::string fingerprint(const Key& key) { return key.secret.fingerprint(); }

struct Owned {
  const Provider* provider = nullptr;
  const KeyKind* kind = nullptr;
};

bool fits(const KeyKind& kind, std::string_view key) {
  if (!key.starts_with(kind.prefix)) return false;
  const auto shape = credential::Shape::parse(kind.shape);
  return shape && shape->matches(key);
}

// The provider's own kinds first; of others' those that nobody else's key looks like.
Owned owner_of(const catalogue::Catalogue& catalogue, const Provider* own, std::string_view key) {
  Owned best;
  if (own) {
    for (const KeyKind& kind : own->keys) {
      if ((!best.kind || (kind.accepted && !best.kind->accepted)) && fits(kind, key))
        best = {own, &kind};
    }
    if (best.kind) return best;
  }
  for (const Provider& provider : catalogue.providers) {
    for (const KeyKind& kind : provider.keys) {
      const bool telling = kind.distinctive && kind.prefix.size() >= 3;
      const bool nearer = !best.kind || kind.prefix.size() > best.kind->prefix.size();
      if (telling && nearer && fits(kind, key)) best = {&provider, &kind};
    }
  }
  return best;
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
  const std::string keys = fmt::format("GOOD {}, BAD {}", fingerprint(good), fingerprint(bad));
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

Difference compare_secrets(const Key& good, const Key& bad, const catalogue::Catalogue& catalogue,
                           const Provider* provider) {
  const std::string place = where(bad);
  const std::string &g = good.secret.reveal(), &b = bad.secret.reveal();
  const Facet facet{What::key_secret, ""};
  if (b.empty() || g.empty()) {
    return difference(
        Kind::key_missing, place,
        fmt::format("{} sends an empty key, {} has one: {}.", b.empty() ? "BAD" : "GOOD",
                    b.empty() ? "GOOD" : "BAD", fingerprint(b.empty() ? good : bad)),
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

std::string shown_scheme(const Key& key) {
  if (key.place != Place::header) return "no scheme";
  return key.scheme.empty() ? "no scheme" : fmt::format("the scheme {}", key.scheme);
}

// Bytes between scheme and key, too: "Bearer  k".
void compare_schemes(const Key& good, const Key& bad, std::vector<Difference>& out) {
  const std::string place = where(bad);
  if (good.prefix == bad.prefix) return;
  const bool pair = good.form == Key::Form::plain && bad.form == Key::Form::plain;
  const Facet facet{pair ? What::key_scheme : What::key_place, ""};
  const std::string words = fmt::format("BAD sends the key with {}, GOOD with {}.",
                                        shown_scheme(bad), shown_scheme(good));
  if (!equals_ignoring_case(good.scheme, bad.scheme)) {
    out.push_back(difference(Kind::key_scheme, place, words, {facet}));
  } else if (good.scheme != bad.scheme) {
    out.push_back(difference(Kind::key_scheme_case, place, words, {facet}));
  } else {
    out.push_back(difference(Kind::key_scheme_case, place,
                             "The blanks before or behind the scheme differ.", {facet}));
  }
}

void compare_places(const Key& good, const Key& bad, std::vector<Difference>& out) {
  std::string text =
      fmt::format("BAD sends the key in the {}, GOOD in the {}", where(bad), where(good));
  if (!equals_ignoring_case(good.scheme, bad.scheme))
    text += fmt::format("; BAD with {}, GOOD with {}", shown_scheme(bad), shown_scheme(good));
  out.push_back(difference(Kind::key_place, where(bad), text + ".", {{What::key_place, ""}}));
}

void compare_signatures(const Draft& good, const Draft& bad, std::vector<Difference>& out) {
  const auto g = credential::read_sigv4(put_together(good)),
             b = credential::read_sigv4(put_together(bad));
  const std::string place = bad.key ? where(*bad.key) : "query";
  const Facet facet{What::key, ""};
  if (!g || !b) {
    if (good.key && bad.key && !equals_ignoring_case(good.key->scheme, bad.key->scheme)) {
      out.push_back(difference(Kind::key_scheme, place,
                               fmt::format("BAD signs with {}, GOOD with {}.",
                                           shown_scheme(*bad.key), shown_scheme(*good.key)),
                               {facet}));
    }
    return;
  }
  if (g->access_key_id != b->access_key_id) {
    out.push_back(difference(
        Kind::key_other, place,
        fmt::format("Another access key signed: GOOD {}, BAD {}.",
                    base::fingerprint(g->access_key_id), base::fingerprint(b->access_key_id)),
        {facet}));
  }
  if (g->region != b->region || g->service != b->service) {
    out.push_back(difference(Kind::signature_scope, place,
                             fmt::format("BAD is signed for {} in {}, GOOD for {} in {}.",
                                         b->service, b->region, g->service, g->region),
                             {facet}));
  }
  if (g->signed_headers != b->signed_headers) {
    out.push_back(difference(
        Kind::signature_scope, place,
        fmt::format("BAD signs the headers {}, GOOD {}.", fmt::join(b->signed_headers, ", "),
                    fmt::join(g->signed_headers, ", ")),
        {facet}, {"bad-signature"}));
  }
  if (g->has_session_token != b->has_session_token) {
    out.push_back(difference(
        Kind::second_credential, place,
        fmt::format("Only {} has a session token.", g->has_session_token ? "GOOD" : "BAD"), {facet},
        {"incomplete-credential", "conflicting-credentials"}));
  }
}

}  // namespace

std::string shown_key(const Draft& draft) {
  if (!draft.key) return {};
  const Key& key = *draft.key;
  const std::string scheme = key.scheme.empty() ? "" : key.scheme + ", ";
  if (is_signed(draft)) return fmt::format("{}, {}signed", where(key), scheme);
  return key.secret.empty() ? fmt::format("{}, {}empty", where(key), scheme)
                            : fmt::format("{}, {}{}", where(key), scheme, fingerprint(key));
}

bool is_signed(const Draft& draft) {
  if (!draft.options.aws_sigv4.empty()) return true;
  const bool in_query = std::ranges::any_of(draft.parameters, [](const std::string& p) {
    const std::string name = base::lower(parameter_name(p));
    return name == "x-amz-signature" || name == "x-goog-signature";
  });
  if (in_query || !draft.key) return in_query;
  const std::string name = base::lower(draft.key->name);
  return name == "x-amz-signature" || name == "x-goog-signature" || name == "sig" ||
         name == "signature" || std::ranges::any_of(signing_schemes, [&](auto s) {
           return equals_ignoring_case(s, draft.key->scheme);
         });
}

void compare_keys(const Draft& good, const Draft& bad, const catalogue::Catalogue& catalogue,
                  const Provider* provider, std::vector<Difference>& out) {
  if (!good.key && !bad.key) return;
  if (!good.key || !bad.key) {
    const Key& key = good.key ? *good.key : *bad.key;
    out.push_back(difference(
        Kind::key_missing, where(key),
        good.key ? fmt::format("BAD sends no key; GOOD does in the {}: {}.", where(key),
                               fingerprint(key))
                 : fmt::format("BAD sends a key that GOOD does without, in the {}: {}.", where(key),
                               fingerprint(key)),
        {{What::key, ""}},
        good.key ? std::vector<std::string_view>{}
                 : std::vector<std::string_view>{"unknown-key", "conflicting-credentials",
                                                 "wrong-credential-type", "expired", "revoked"}));
    return;
  }
  const Key &g = *good.key, &b = *bad.key;
  if (is_signed(good) || is_signed(bad)) return compare_signatures(good, bad, out);
  const bool moved = g.place != b.place || !equals_ignoring_case(g.name, b.name);
  const bool broken = g.form == Key::Form::raw || b.form == Key::Form::raw;
  if (broken) {
    if (g.secret == b.secret && g.form == b.form && !moved) return compare_schemes(g, b, out);
    out.push_back(difference(Kind::key_defect, where(b),
                             fmt::format("{}'s Basic login is no base64 of user:password.",
                                         b.form == Key::Form::raw ? "BAD" : "GOOD"),
                             {{What::key, ""}}, {"encoding", "incomplete-credential"}));
    return;
  }
  if (moved) {
    compare_places(g, b, out);
  } else if (g.form != b.form && equals_ignoring_case(g.scheme, b.scheme)) {
    out.push_back(
        difference(Kind::key_user, where(b),
                   "In one Basic login the key is the user name, in the other the password.",
                   {{What::key_place, ""}}));
  } else {
    compare_schemes(g, b, out);
  }
  if (g.form == Key::Form::password && b.form == Key::Form::password && g.user != b.user) {
    out.push_back(
        difference(Kind::key_user, where(b),
                   fmt::format("The user names of the Basic logins differ: GOOD {}, BAD {}.",
                               base::fingerprint(g.user), base::fingerprint(b.user)),
                   {{What::key_user, ""}}));
  }
  if (g.secret != b.secret) {
    out.push_back(compare_secrets(g, b, catalogue, provider));
  } else if (g.place == Place::query && b.place == Place::query && g.written != b.written &&
             base::percent_decode(g.written.reveal()) != base::percent_decode(b.written.reveal())) {
    out.push_back(
        difference(Kind::key_defect, where(b),
                   "The same key is written in two ways: of a + or a blank only one is encoded.",
                   {{What::key_secret, ""}}, {"encoding"}));
  }
}

}  // namespace locksmith::compare

// The key of one request against the key of the other: where it sits, how it is written, what is
// signed. The secret itself: secrets.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "compare/differences.hpp"
#include "credential/sigv4.hpp"

namespace locksmith::compare {
namespace {

using catalogue::Provider;
using credential::Place;
using What = Facet::What;
using base::equals_ignoring_case;

// What follows these is made anew for each request and covers it.
constexpr std::array<std::string_view, 7> signing_schemes{
    "AWS4-HMAC-SHA256", "Digest", "Signature", "hmac", "SharedKey", "Negotiate", "NTLM"};

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

std::string where(const Key& key) {
  return credential::Credential{.place = key.place, .name = key.name}.where();
}

std::string shown_key(const Draft& draft) {
  if (!draft.key) return {};
  const Key& key = *draft.key;
  const std::string scheme = key.scheme.empty() ? "" : key.scheme + ", ";
  if (is_signed(draft)) return fmt::format("{}, {}signed", where(key), scheme);
  return key.secret.empty() ? fmt::format("{}, {}empty", where(key), scheme)
                            : fmt::format("{}, {}{}", where(key), scheme, key.secret.fingerprint());
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
                               key.secret.fingerprint())
                 : fmt::format("BAD sends a key that GOOD does without, in the {}: {}.", where(key),
                               key.secret.fingerprint()),
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

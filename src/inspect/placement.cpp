// Where the credential sits: none, the wrong place, the wrong scheme, two at once.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "credential/jwt.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using base::equals_ignoring_case;
using catalogue::Placement;
using credential::Credential;
using credential::Place;

std::string describe(const Placement& placement) {
  switch (placement.place) {
    case Place::header:
      if (!placement.basic_part.empty()) return "Authorization: Basic";
      return placement.scheme.empty()
                 ? fmt::format("{}: <key>", placement.name)
                 : fmt::format("{}: {} <key>", placement.name, placement.scheme);
    case Place::query:
      return fmt::format("?{}=<key>", placement.name);
    case Place::cookie:
      return fmt::format("Cookie: {}=<key>", placement.name);
    case Place::path:
      return fmt::format("{}<key> in the path", placement.name);
    default:
      return std::string(placement.name);
  }
}

std::string all_places(const catalogue::Provider& provider) {
  std::string text;
  for (const Placement& placement :
       provider.placements.first(std::min<std::size_t>(provider.placements.size(), 3))) {
    text += (text.empty() ? "`" : " or `") + describe(placement) + "`";
  }
  return text;
}

// How a value must be sent to be where the provider looks first.
std::vector<std::string> fix_for(const Case& c) {
  if (!c.provider || c.provider->placements.empty()) return {};
  const Placement& placement = c.provider->placements.front();
  const std::string variable = key_variable(c);
  switch (placement.place) {
    case Place::header:
      if (placement.basic_part == "user") return {fmt::format("curl -u \"${}:\" …", variable)};
      if (!placement.basic_part.empty())
        return {fmt::format("curl -u \"{}:${}\" …",
                            placement.basic_user.empty() ? "USER" : placement.basic_user,
                            variable)};
      return {fmt::format("curl -H \"{}: {}\" …", placement.name,
                          header_value(placement.scheme, variable))};
    case Place::query:
      return {fmt::format("curl -G --data-urlencode \"{}=${}\" …", placement.name, variable)};
    default:
      return {};
  }
}

bool same_place(const Credential& credential, const Placement& placement) {
  if (credential.place == Place::userinfo) return !placement.basic_part.empty();
  return credential.place == placement.place &&
         equals_ignoring_case(credential.name, placement.name);
}

bool same_scheme(const Credential& credential, const Placement& placement) {
  if (credential.place != Place::header) return true;
  return equals_ignoring_case(credential.scheme, placement.scheme);
}

// --- no credential at all
// ---------------------------------------------------------------------------

// Names that people write when they mean Authorization.
constexpr std::array<std::string_view, 6> misspelled{"authorisation",  "authentication", "auth",
                                                     "authorization_", "authorizaton",   "bearer"};

void judge_absence(const Case& c, diagnosis::Findings& findings) {
  for (const http::Header& header : c.request.headers) {
    const bool wrong_name = std::ranges::any_of(
        misspelled, [&](std::string_view name) { return equals_ignoring_case(name, header.name); });
    if (!wrong_name || header.value.empty()) continue;
    findings.push_back(
        {.id = "placement.misspelled",
         .place = header.name + " header",
         .text = fmt::format("The header is called {}; a server looks into Authorization.",
                             header.name),
         .weights = {{"wrong-header", 26}},
         .fix = fix_for(c)});
    return;
  }
  // A body that is not known may hold the credential.
  if (c.bundle.failure().partial && c.request.body.empty() &&
      c.request.headers.has("content-type")) {
    findings.push_back({.id = "placement.none-known",
                        .place = "request",
                        .text = "No credential is known of; the request's body is not.",
                        .weights = {{"missing", 5}, {"env-unset", 3}}});
    return;
  }
  // 429 counts requests (RFC 6585 section 4), those without a key too; a key may raise the limit.
  const bool counted = c.response.status == 429;
  findings.push_back({.id = "placement.none",
                      .place = "request",
                      .text = "The request carries no credential: no Authorization or key header, "
                              "no key in the query, no cookie.",
                      .weights = {{"missing", counted ? 9.0 : 19.0},
                                  {"env-unset", counted ? 5.0 : 15.0},
                                  {"wrong-header", -6},
                                  {"wrong-scheme", -20},
                                  {"unknown-key", -24},
                                  {"revoked", -24},
                                  {"leaked", -24},
                                  {"expired", -20},
                                  {"malformed", -20},
                                  {"whitespace", -20},
                                  {"quoted", -20},
                                  {"placeholder", -20},
                                  {"invisible-character", -20},
                                  {"wrong-provider", -14},
                                  {"wrong-environment", -12},
                                  {"wrong-credential-type", -14},
                                  {"missing-scope", -8},
                                  {"stale-environment", -8},
                                  {"proxy-stripped", -6},
                                  {"encoding", -14},
                                  {"interpolated", -8}},
                      .fix = fix_for(c)});
}

void judge_empty(const Case& c, diagnosis::Findings& findings) {
  const bool basic = equals_ignoring_case(c.main->scheme, "basic");
  findings.push_back(
      {.id = "placement.empty",
       .place = c.main->where(),
       .text =
           c.main->scheme.empty()
               ? "It is there, but empty: the variable behind it had no value."
               : fmt::format("Behind \"{}\" there is nothing: the variable behind it had no value.",
                             c.main->scheme),
       .weights = {{"env-unset", basic ? 26.0 : 34.0}, {"missing", 10}},
       .fix = {fmt::format("printenv {} | wc -c   # 0: it is not set in this shell",
                           key_variable(c))}});
}

// --- in the wrong place
// -----------------------------------------------------------------------------

// What is exchanged for a token belongs into the body: RFC 6749 sections 2.3.1 and 4.3.2, RFC 7521
// section 4.1; Vault's logins call it jwt.
bool is_exchanged(const Credential& credential) {
  return credential.place == Place::body &&
         std::ranges::any_of(
             std::array<std::string_view, 6>{"client_secret", "password", "client_assertion",
                                             "assertion", "refresh_token", "jwt"},
             [&](std::string_view name) { return equals_ignoring_case(credential.name, name); });
}

void judge_known_place(const Case& c, diagnosis::Findings& findings) {
  if (is_exchanged(*c.main)) return;
  const auto& placements = c.provider->placements;
  const auto placed = [&](const Placement& p) { return same_place(*c.main, p); };
  const bool right = std::ranges::any_of(
      placements, [&](const Placement& p) { return placed(p) && same_scheme(*c.main, p); });
  if (right) {
    findings.push_back(
        {.id = "placement.right",
         .place = c.main->where(),
         .text = fmt::format("The credential is where {} looks for it.", c.provider->name),
         .weights = {{"wrong-header", -10}, {"wrong-scheme", -9}}});
    return;
  }
  const std::string wants =
      fmt::format("{} takes the key as {}.", c.provider->name, all_places(*c.provider));
  if (std::ranges::any_of(placements, placed)) {
    const std::string sent = c.main->scheme.empty()
                                 ? "without a scheme"
                                 : fmt::format("with the scheme \"{}\"", c.main->scheme);
    // An AWS signature in Authorization is another way of authenticating, not a misspelled scheme.
    if (c.main->scheme.starts_with("AWS4-")) return;
    // The vendor's usual place may be another header, and this one have a use of its own: then both
    // names fit.
    const bool usual_place = placed(placements.front());
    findings.push_back({.id = "placement.scheme",
                        .place = c.main->where(),
                        .text = fmt::format("It was sent {}. {}", sent, wants),
                        .weights = {{"wrong-scheme", usual_place ? 25.0 : 21.0},
                                    {"wrong-header", usual_place ? 4.0 : 21.0},
                                    {"wrong-credential-type", 4}},
                        .fix = fix_for(c)});
  } else {
    findings.push_back(
        {.id = "placement.place",
         .place = c.main->where(),
         .text = fmt::format("The credential is in the {}. {}", c.main->where(), wants),
         .weights = {{"wrong-header", 25}, {"wrong-scheme", -4}, {"retired", 5}},
         .fix = fix_for(c)});
  }
}

// "X-Other-Key:" in front of the key, read as its scheme.
std::optional<std::string_view> header_in_value(const Credential& main) {
  const std::string_view word = main.scheme;
  if (!word.ends_with(':') || !word.contains('-')) return {};
  return word.substr(0, word.size() - 1);
}

// What is odd whoever the server is: a scheme with a colon, a bare token in Authorization, a scheme
// in a header that takes the bare key.
void judge_form(const Case& c, diagnosis::Findings& findings) {
  const Credential& main = *c.main;
  if (main.place != Place::header) return;
  const auto say = [&](std::string_view id, std::string text,
                       std::vector<catalogue::Weight> weights) {
    findings.push_back({.id = std::string(id),
                        .place = main.where(),
                        .text = std::move(text),
                        .weights = std::move(weights),
                        .fix = fix_for(c)});
  };
  const bool authorization = equals_ignoring_case(main.name, "authorization");
  if (const auto line = header_in_value(main)) {
    const bool same = equals_ignoring_case(*line, main.name);
    say("placement.header-line",
        fmt::format("The value of {} begins with the name of a header ({}:): a whole header line "
                    "was given as the key.",
                    main.name, *line),
        {{same ? "wrong-scheme" : "wrong-header", 28}, {"malformed", 16}});
  } else if (!main.scheme.empty() &&
             (main.scheme.ends_with(':') ||
              (main.scheme.ends_with('=') && !main.scheme.ends_with("token=")))) {
    say("placement.scheme-punctuation",
        fmt::format("The scheme is written \"{}\": only a blank may stand between scheme and key.",
                    main.scheme),
        {{"wrong-scheme", 28}});
  }
  if (main.name.contains('_')) {
    const std::string server = base::lower(c.response.headers.get("server"));
    const bool drops =
        server.contains("nginx") || server.contains("apache") || server.contains("openresty");
    // nginx and Apache drop such headers by default:
    // https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers
    say("placement.underscore",
        fmt::format("The header's name ({}) has an underscore; nginx and Apache drop such headers "
                    "unless told otherwise.",
                    main.name),
        {{"proxy-stripped", drops ? 17.0 : 9.0}, {"wrong-header", 3}});
  }
  const bool known_place = c.provider && c.provider_by_host && !c.provider->placements.empty();
  if (known_place) return;
  if (authorization && main.scheme.empty() && !main.value.empty()) {
    // RFC 9110 section 11.6.2: credentials = auth-scheme [ 1*SP … ]. Some APIs take the bare key
    // all the same.
    const bool jwt = credential::looks_like_jwt(main.value.reveal());
    say("placement.no-scheme", "Authorization holds a bare token, no scheme such as Bearer.",
        {{"wrong-scheme", jwt ? 23.0 : 10.0}, {"wrong-header", 3}});
  }
  if (!authorization && equals_ignoring_case(main.scheme, "bearer")) {
    // RFC 6750 section 2.1: a Bearer token in a header is one in Authorization. Who writes
    // X-Authorization means that one; a header for keys is meant as such, and Bearer is too much.
    const bool meant = base::contains_ignoring_case(main.name, "authorization");
    say("placement.scheme-in-key-header",
        meant ? fmt::format("A Bearer token is in {}; servers look for it in Authorization.",
                            main.name)
              : fmt::format("{} holds \"Bearer\" in front of the key; headers of this kind take "
                            "the bare key.",
                            main.name),
        meant ? std::vector<catalogue::Weight>{{"wrong-header", 20}, {"wrong-scheme", 8}}
              : std::vector<catalogue::Weight>{{"wrong-scheme", 20}, {"wrong-header", 8}});
  }
}

// --- two at once
// ------------------------------------------------------------------------------------

bool is_presigned(const Credential& credential) {
  return credential.place == Place::query &&
         (equals_ignoring_case(credential.name, "x-amz-signature") ||
          equals_ignoring_case(credential.name, "x-goog-signature") ||
          equals_ignoring_case(credential.name, "sig"));
}

void judge_two(const Case& c, diagnosis::Findings& findings) {
  std::vector<const Credential*> authorizations, others;
  const Credential* presigned = nullptr;
  for (const Credential& credential : c.credentials) {
    if (credential.value.empty()) continue;
    if (equals_ignoring_case(credential.name, "authorization") ||
        credential.place == Place::userinfo) {
      authorizations.push_back(&credential);
    } else if (is_presigned(credential)) {
      presigned = &credential;
    } else if (!base::contains_ignoring_case(credential.name, "signature") &&
               !equals_ignoring_case(credential.name, "proxy-authorization")) {
      others.push_back(&credential);
    }
  }
  const auto say = [&](std::string_view id, std::string place, std::string text, double decibans) {
    findings.push_back({.id = std::string(id),
                        .place = std::move(place),
                        .text = std::move(text),
                        .weights = {{"conflicting-credentials", decibans}}});
  };
  if (authorizations.size() > 1) {
    const bool same = authorizations[0]->secret() == authorizations[1]->secret();
    say("placement.two-authorizations", "Authorization header",
        same ? "Authorization was sent twice with the same value."
             : "Two different Authorization values were sent.",
        same ? 14 : 30);
  }
  if (presigned && !authorizations.empty()) {
    say("placement.presigned-and-header", "query and Authorization header",
        "The URL is presigned, and an Authorization header came with it: two credentials.", 28);
  }
  // The same key at two places of which the provider reads one is harmless; two different ones are
  // not, unless the provider wants both (companions).
  for (const Credential* other : others) {
    const bool companion =
        c.provider && std::ranges::any_of(c.provider->companions, [&](const auto& k) {
          return equals_ignoring_case(k.name, other->name);
        });
    if (authorizations.empty() || companion || other == c.main ||
        other->secret() == authorizations.front()->secret())
      continue;
    say("placement.header-and-other", other->where(),
        fmt::format("Besides Authorization a different credential came in the {}.", other->where()),
        10);
  }
}

}  // namespace

void inspect_placement(const Case& c, diagnosis::Findings& findings) {
  judge_two(c, findings);
  if (!c.main) {
    judge_absence(c, findings);
    return;
  }
  if (c.main->value.empty()) {
    judge_empty(c, findings);
    return;
  }
  findings.push_back(
      {.id = "placement.present",
       .place = c.main->where(),
       .text = fmt::format("A credential was sent: {}.", c.main->basic
                                                             ? "a user and a password"
                                                             : base::fingerprint(c.main->secret())),
       .weights = {{"missing", -24}, {"cors-preflight", -20}, {"redirect-dropped", -8}}});
  if (c.provider && !c.provider->placements.empty()) judge_known_place(c, findings);
  judge_form(c, findings);
}

}  // namespace locksmith::inspect

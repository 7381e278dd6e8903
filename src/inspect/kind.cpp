// Whose key it is, which kind, and whether it is whole: the key against the shapes of the
// catalogue.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "credential/characters.hpp"
#include "credential/shape.hpp"
#include "inspect/inspect.hpp"
#include "inspect/owner.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using catalogue::KeyKind;
using catalogue::Placement;
using catalogue::Provider;
using credential::Shape;

// `instead` names a kind, or is a sentence of its own.
std::string use_instead(const KeyKind& kind) {
  if (kind.instead.empty()) return {};
  if (kind.instead.ends_with('.')) return fmt::format(" {}", kind.instead);
  return fmt::format(" Needed is {}.", article(kind.instead));
}

bool goes_at(const Placement& placement, const KeyKind& kind) {
  return placement.kinds.empty()
             ? kind.accepted
             : std::ranges::find(placement.kinds, kind.kind) != placement.kinds.end();
}

bool same_name(const Placement& placement, const credential::Credential& credential) {
  return placement.place == credential.place &&
         base::equals_ignoring_case(placement.name, credential.name);
}

std::vector<std::string> fix_for(const Case& c, const Placement& right) {
  if (right.place != credential::Place::header || !right.basic_part.empty()) return {};
  return {
      fmt::format("curl -H \"{}: {}\" …", right.name, header_value(right.scheme, key_variable(c)))};
}

// A kind that belongs to this provider, but not to the place where it was sent.
void judge_place_of_kind(const Case& c, const KeyKind& kind, diagnosis::Findings& findings) {
  const Placement* right = nullptr;
  bool place_known = false;
  for (const Placement& placement : c.provider->placements) {
    const bool here = same_name(placement, *c.main) &&
                      (placement.place != credential::Place::header ||
                       base::equals_ignoring_case(placement.scheme, c.main->scheme));
    if (here && goes_at(placement, kind)) return;
    place_known |= here;
    if (!right && goes_at(placement, kind)) right = &placement;
  }
  // A place that the provider does not know at all has been said already (inspect_placement).
  if (!right || !place_known) return;
  const std::string belongs = right->scheme.empty()
                                  ? std::string(right->name)
                                  : fmt::format("{}: {}", right->name, right->scheme);
  const std::string text = fmt::format("This is {} of {}; that kind goes into `{}`.",
                                       article(kind.kind), c.provider->name, belongs);
  std::vector<catalogue::Weight> weights{{"wrong-credential-type", 26}, {"wrong-header", 22}};
  if (same_name(*right, *c.main)) {
    weights = {{"wrong-scheme", 32}, {"wrong-credential-type", 12}};
  } else if (right == &c.provider->placements.front()) {
    // The usual key at an unusual place: it is the place that is wrong, not the key.
    weights = {{"wrong-header", 34}, {"wrong-credential-type", 18}};
  }
  say(findings, "kind.misplaced", c.main->where(), text, std::move(weights), kind.source,
      fix_for(c, *right));
}

// Key of one environment, host of another.
void judge_environment(const Case& c, const KeyKind& kind, diagnosis::Findings& findings) {
  if (kind.environment.empty()) return;
  for (const catalogue::HostEnvironment& environment : c.provider->environments) {
    const bool here = std::ranges::any_of(environment.hosts, [&](std::string_view pattern) {
      return http::host_matches(pattern, c.url.host);
    });
    if (!here) continue;
    const bool same = environment.name == kind.environment;
    say(findings, same ? "kind.environment-matches" : "kind.environment-differs", c.main->where(),
        fmt::format("The key is for the {} environment, the host is that of {}.", kind.environment,
                    environment.name),
        {{"wrong-environment", same ? -12.0 : 28.0}}, kind.source);
    if (same) return;
  }
}

void judge_own(const Case& c, const KeyKind& kind, std::string_view key,
               diagnosis::Findings& findings) {
  if (!credential::checksum_holds(kind.checksum, key)) {
    say(findings, "kind.checksum", c.main->where(),
        fmt::format(
            "It has the form of {} of {}, but its checksum is wrong: a character was changed.",
            article(kind.kind), c.provider->name),
        {{"malformed", 34}, {"placeholder", 8}}, kind.source);
    return;
  }
  if (!kind.accepted) {
    say(findings, "kind.not-accepted", c.main->where(),
        fmt::format("This is {} ({}) of {}; the API does not take it.{}", article(kind.kind),
                    kind.role, c.provider->name, use_instead(kind)),
        {{"wrong-credential-type", kind.distinctive ? 30.0 : 14.0}}, kind.source);
    return;
  }
  const bool checked = kind.checksum != credential::Checksum::none;
  // A key that is whole is unknown for a reason of its own: revoked, expired, another environment.
  say(findings, "kind.whole", c.main->where(),
      fmt::format("It is {} of {}, whole{}.", article(kind.kind), c.provider->name,
                  checked ? ", and its checksum holds" : " by its form"),
      {{"malformed", checked            ? -30.0
                     : kind.distinctive ? -18.0
                                        : -8.0},
       {"wrong-provider", kind.distinctive ? -18.0 : -4.0},
       {"wrong-credential-type", kind.distinctive ? -8.0 : -3.0},
       {"revoked", checked ? 2.0 : 0.0},
       {"env-unset", checked ? -30.0 : -10.0},
       {"placeholder", -8}},
      kind.source);
  if (kind.role == "publishable" && c.response.status == 403 && !c.request.headers.has("referer") &&
      !c.request.headers.has("origin")) {
    say(findings, "kind.browser-key", c.main->where(),
        "A key that is made for browsers, often restricted to web sites, was sent without Referer "
        "and Origin.",
        {{"referrer-blocked", 13}}, kind.source);
  }
  judge_place_of_kind(c, kind, findings);
  judge_environment(c, kind, findings);
}

// The provider's kind whose prefix the key has, though it does not fit: how far off is it?
bool judge_nearly(const Case& c, std::string_view key, diagnosis::Findings& findings) {
  const KeyKind* near = begun_kind(*c.provider, key);
  if (!near) return false;
  const std::string how = how_far_off(*near, key);
  if (how.empty()) return false;
  // A prefix of three characters or more says what the key is meant to be; vendors change lengths,
  // though, and an unsourced shape may be old.
  const bool sourced = near->source.starts_with("http");
  say(findings, "kind.broken", c.main->where(),
      fmt::format("It starts like {} of {}, but {}.", article(near->kind), c.provider->name, how),
      {{"malformed", sourced ? 17.0 : 11.0}, {"placeholder", 4}, {"interpolated", 5}},
      near->source);
  return true;
}

// A stray character in front or behind: without it the key would fit.
bool judge_stray(const Case& c, std::string_view key, diagnosis::Findings& findings) {
  const auto try_part = [&](std::string_view part, std::string_view where, char stray) {
    const KeyKind* kind =
        c.provider ? kind_of(*c.provider, part, true) : owner_of(c.catalogue, part).kind;
    if (!kind) return false;
    say(findings, "kind.stray-character", c.main->where(),
        fmt::format("Without the character '{}' {} it would be {} of {}.",
                    base::printable(std::string(1, stray)), where, article(kind->kind),
                    c.provider ? c.provider->name : owner_of(c.catalogue, part).provider->name),
        {{"malformed", 30},
         {"interpolated", stray == '$' ? 27.0 : 8.0},
         {"quoted", stray == '$' ? 12.0 : 18.0}},
        kind->source);
    return true;
  };
  if (key.size() < 9) return false;
  return try_part(key.substr(1), "at the start", key.front()) ||
         try_part(key.substr(0, key.size() - 1), "at the end", key.back());
}

// The typed prefix was left behind when the key was copied ("ghp_", "npm_").
bool judge_missing_prefix(const Case& c, std::string_view key, diagnosis::Findings& findings) {
  if (!c.provider) return false;
  for (const KeyKind& kind : c.provider->keys) {
    if (!kind.accepted || !kind.distinctive || kind.prefix.size() < 3 ||
        key.find_first_of("_-") < 8)
      continue;
    // An open-ended shape takes almost anything behind its prefix.
    const auto shape = Shape::parse(kind.shape);
    if (!shape || shape->min_length() != shape->max_length()) continue;
    const std::string whole = std::string(kind.prefix) + std::string(key);
    if (!fits(kind, whole)) continue;
    const bool sure = kind.checksum != credential::Checksum::none &&
                      credential::checksum_holds(kind.checksum, whole);
    say(findings, "kind.prefix-missing", c.main->where(),
        fmt::format("With \"{}\" in front it would be {} of {}: its beginning is missing.",
                    kind.prefix, article(kind.kind), c.provider->name),
        {{"malformed", sure ? 34.0 : 20.0}}, kind.source);
    return true;
  }
  return false;
}

void judge_foreign(const Case& c, std::string_view key, diagnosis::Findings& findings) {
  Owned owned = owner_of(c.catalogue, key);
  const bool whole = owned.provider != nullptr;
  if (!whole) owned = owner_by_prefix(c.catalogue, key);
  if (owned.provider && owned.provider != c.provider) {
    // A host that no file knows may well be a proxy or gateway that passes a vendor's key on.
    const bool known_host = c.provider && c.provider_by_host;
    say(findings, "kind.foreign", c.main->where(),
        fmt::format("{} {} of {}, but the request went to {}.",
                    whole ? "This is" : "It starts like", article(owned.kind->kind),
                    owned.provider->name, api_name(c)),
        {{"wrong-provider", known_host                      ? (whole ? 32.0 : 22.0)
                            : http::is_loopback(c.url.host) ? 5.0
                                                            : 13.0}},
        owned.kind->source);
    return;
  }
  if (!c.provider || c.provider->keys.empty()) return;
  const auto accepted_have_prefix = std::ranges::all_of(c.provider->keys, [](const KeyKind& kind) {
    return !kind.accepted || (kind.distinctive && kind.prefix.size() >= 3);
  });
  if (!accepted_have_prefix) return;
  say(findings, "kind.unlike", c.main->where(),
      fmt::format("It looks like none of {}'s keys.", c.provider->name),
      {{"malformed", 9},
       {"wrong-provider", 11},
       {"wrong-credential-type", 11},
       {"placeholder", 6},
       {"interpolated", 4}},
      c.provider->keys.front().source);
}

}  // namespace

void inspect_kind(const Case& c, diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty()) return;
  if (c.main->scheme.starts_with("AWS4-") || c.main->scheme == "Digest") return;
  const std::string key =
      is_own_key(c, c.main->secret()) ? c.main->secret() : credential::clean(c.main->secret());
  if (key.size() < 4) return;
  if (c.main->basic && c.main->basic->password.empty() == false && !c.main->basic->user.empty() &&
      c.provider) {
    // Either half may be the token: user for some vendors, password for others.
    if (const KeyKind* kind = kind_of(*c.provider, c.main->basic->user, true);
        kind && kind->accepted) {
      judge_own(c, *kind, c.main->basic->user, findings);
      return;
    }
  }
  if (c.provider) {
    if (const KeyKind* kind = kind_of(*c.provider, key, false)) {
      // What looks like many vendors' keys may be a distinctive kind of somebody else.
      const Owned owned = kind->distinctive ? Owned{} : owner_of(c.catalogue, key);
      if (!owned.provider || owned.provider == c.provider) {
        judge_own(c, *kind, key, findings);
        return;
      }
    }
  }
  if (!owner_of(c.catalogue, key).provider && judge_stray(c, key, findings)) return;
  // What is sample text or masked has been said already; its shape says nothing more.
  const auto defects = credential::find_defects(c.main->secret());
  const bool no_key = std::ranges::any_of(defects, [](const auto& d) { return d.cleaned.empty(); });
  if (no_key) return;
  // The longest prefix decides whose broken key it is: "sk-ant-" is Anthropic's, although "sk-" is
  // OpenAI's.
  const Owned whole = owner_of(c.catalogue, key), begun = owner_by_prefix(c.catalogue, key);
  const bool foreign = whole.provider || (begun.provider && begun.provider != c.provider);
  if (c.provider && !foreign && judge_nearly(c, key, findings)) return;
  if (!foreign && !c.main->basic && judge_missing_prefix(c, key, findings)) return;
  // A password is anybody's choice.
  if (!c.main->basic) judge_foreign(c, key, findings);
}

}  // namespace locksmith::inspect

// A key against the catalogue, without any network.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "check/check.hpp"
#include "credential/characters.hpp"
#include "credential/jwt.hpp"
#include "credential/shape.hpp"
#include "inspect/owner.hpp"
#include "inspect/wording.hpp"

namespace locksmith::check {
namespace {

using catalogue::KeyKind;
using catalogue::Provider;
using credential::CharacterFinding;
using credential::Defect;
using inspect::article;
using enum Remark::Tone;

constexpr std::chrono::seconds clock_tolerance{60};

struct DefectWords {
  Defect defect;
  std::string_view id, sentence;  // the ids are those of a diagnosis
};
constexpr DefectWords defect_words[] = {
    {Defect::white_space, "credential.white-space", "It has {}"},
    {Defect::invisible, "credential.invisible-character", "It has {}"},
    {Defect::quote, "credential.quote", "It has {}"},
    {Defect::unexpanded, "credential.unexpanded",
     "It is the name of a variable, not its value: {}"},
    {Defect::null_word, "credential.null-word", "It is {}"},
    {Defect::printed_object, "credential.printed-object", "It is {}"},
    {Defect::placeholder, "credential.placeholder", "It is {}"},
    {Defect::masked, "credential.masked", "It is {}"},
    {Defect::not_a_key, "credential.not-a-key", "It is {}"},
    {Defect::doubled_scheme, "credential.doubled-scheme", "A scheme stands in front of it: {}"},
    {Defect::url_encoded, "credential.url-encoded", "It has {}"},
    {Defect::non_ascii, "credential.non-ascii", "It has {}"},
};

bool is_removable(const CharacterFinding& defect) { return !defect.cleaned.empty(); }

bool is_any_owners(const catalogue::Catalogue& catalogue, std::string_view key) {
  return inspect::owner_of(catalogue, key).provider != nullptr;
}

// The same key pasted twice without anything between.
bool is_twice(std::string_view key) {
  constexpr std::size_t shortest = 16;
  const std::size_t half = key.size() / 2;
  return key.size() >= 2 * shortest && key.size() % 2 == 0 &&
         key.substr(0, half) == key.substr(half);
}

// What sticks to the key, or stands in its place. Sets what is left without it.
void judge_characters(const std::string& value, const catalogue::Catalogue& catalogue,
                      Checked& out) {
  auto defects = credential::find_defects(value);
  // A few vendors issue keys that are URL-encoded.
  if (is_any_owners(catalogue, value))
    std::erase_if(defects, [](const auto& d) { return d.defect == Defect::url_encoded; });
  for (const CharacterFinding& defect : defects) {
    const auto* words = std::ranges::find(defect_words, defect.defect, &DefectWords::defect);
    const std::string at = is_removable(defect) ? fmt::format(", at byte {}", defect.offset) : "";
    out.say(bad, words->id, fmt::format(fmt::runtime(words->sentence), defect.what) + at + ".");
  }
  if (!std::ranges::all_of(defects, is_removable)) return;
  std::string cleaned = defects.empty() ? value : credential::clean(value);
  if (is_twice(cleaned)) {
    out.say(bad, "credential.twice", "It stands there twice, one directly behind the other.");
    cleaned.resize(cleaned.size() / 2);
  }
  out.cleaned = base::Secret(std::move(cleaned));
}

// "live" of "live-secret-key", where the vendor's environments share one host.
std::string environment_of(const KeyKind& kind) {
  if (!kind.environment.empty()) return std::string(kind.environment);
  const std::string_view first = kind.kind.substr(0, kind.kind.find('-'));
  for (const std::string_view word : {"live", "test", "sandbox", "production", "staging"}) {
    if (first == word) return std::string(word);
  }
  return {};
}

void judge_kind(const Provider& provider, const KeyKind& kind, std::string_view key, Checked& out) {
  out.provider = &provider;
  out.kind = &kind;
  out.environment = environment_of(kind);
  if (!credential::checksum_holds(kind.checksum, key)) {
    out.whole = Whole::no;
    out.say(bad, "kind.checksum",
            fmt::format("It has the form of {} of {}, but its checksum is wrong: a character was "
                        "changed.",
                        article(kind.kind), provider.name));
    return;
  }
  out.whole = Whole::yes;
  const bool summed = kind.checksum != credential::Checksum::none;
  out.say(good, "kind.whole",
          fmt::format("It has the form of {} of {}{}.", article(kind.kind), provider.name,
                      summed ? ", and its checksum holds" : ""));
  if (kind.accepted) return;
  const std::string instead =
      kind.instead.empty() ? "" : fmt::format(" Instead: {}.", base::trim(kind.instead));
  const bool no_key = kind.role == "id" || kind.role == "user";
  out.say(no_key ? bad : note, "kind.not-accepted",
          fmt::format("{} does not take it as an API key.{}", provider.name, instead));
}

void judge_broken(const Provider& provider, const KeyKind& kind, std::string_view key,
                  Checked& out) {
  out.provider = &provider;
  out.kind = &kind;
  out.environment = environment_of(kind);
  out.whole = Whole::no;
  out.say(bad, "kind.broken",
          fmt::format("It starts like {} of {}, but {}.", article(kind.kind), provider.name,
                      inspect::how_far_off(kind, key)));
}

// Whose keys look like this, where the look is not distinctive.
std::vector<const Provider*> lookalikes(const catalogue::Catalogue& catalogue,
                                        std::string_view key) {
  std::vector<const Provider*> found;
  for (const Provider& provider : catalogue.providers) {
    const KeyKind* kind = inspect::kind_of(provider, key, false);
    if (kind && kind->accepted) found.push_back(&provider);
  }
  return found;
}

void say_ambiguous(Checked& out) {
  std::vector<std::string_view> names;
  for (const Provider* provider : out.candidates) {
    if (names.size() < 6) names.push_back(provider->slug);
  }
  out.say(note, "kind.ambiguous",
          fmt::format("Its form is that of {}: {}{}. --provider NAME says whose it is.",
                      base::count_of(out.candidates.size(), "provider"), fmt::join(names, ", "),
                      out.candidates.size() > names.size() ? " …" : ""));
}

void judge_as_wanted(const Provider& wanted, const catalogue::Catalogue& catalogue,
                     std::string_view key, Checked& out) {
  out.provider = &wanted;
  const KeyKind* kind = inspect::kind_of(wanted, key, false);
  const auto owners = inspect::owners_of(catalogue, key);
  const bool own = std::ranges::find(owners, &wanted, &inspect::Owned::provider) != owners.end();
  // What looks like many vendors' keys may be a distinctive kind of somebody else.
  const bool foreign = !own && !owners.empty() && (!kind || !kind->distinctive);
  if (foreign) {
    out.say(bad, "kind.foreign",
            fmt::format("It is {} of {}, not of {}.", article(owners.front().kind->kind),
                        owners.front().provider->name, wanted.name));
  } else if (kind) {
    judge_kind(wanted, *kind, key, out);
  } else if (const KeyKind* begun = inspect::begun_kind(wanted, key)) {
    judge_broken(wanted, *begun, key, out);
  } else if (out.jwt) {
    return;
  } else {
    const bool all_known = !wanted.keys.empty() && std::ranges::all_of(wanted.keys, [](auto& k) {
      return !k.accepted || (k.distinctive && k.prefix.size() >= 3);
    });
    if (all_known) out.whole = Whole::no;
    out.say(all_known ? bad : note, "kind.unlike",
            wanted.keys.empty() ? fmt::format("How {}'s keys look is not known.", wanted.name)
                                : fmt::format("It looks like none of {}'s keys.", wanted.name));
  }
}

// Of several whose keys look the same: those that take them as keys, and of these the one that the
// others are parts of ("github" before "github-packages").
std::vector<inspect::Owned> narrowed(std::vector<inspect::Owned> owners) {
  const auto accepts = [](const inspect::Owned& owner) { return owner.kind->accepted; };
  if (std::ranges::any_of(owners, accepts)) std::erase_if(owners, std::not_fn(accepts));
  for (const inspect::Owned& whole : owners) {
    const bool holds_all = std::ranges::all_of(owners, [&](const inspect::Owned& part) {
      return &part == &whole ||
             part.provider->slug.starts_with(std::string(whole.provider->slug) + "-");
    });
    if (holds_all) return {whole};
  }
  return owners;
}

void judge_by_form(const catalogue::Catalogue& catalogue, std::string_view key, Checked& out) {
  const auto owners = narrowed(inspect::owners_of(catalogue, key));
  if (owners.size() == 1) {
    judge_kind(*owners.front().provider, *owners.front().kind, key, out);
    return;
  }
  for (const inspect::Owned& owner : owners) out.candidates.push_back(owner.provider);
  if (!owners.empty()) {
    // One vendor's key for several APIs, as those of Google: it is whole, whoever will take it.
    out.kind = owners.front().kind;
    out.whole = Whole::yes;
  } else if (const auto begun = inspect::owner_by_prefix(catalogue, key); begun.provider) {
    judge_broken(*begun.provider, *begun.kind, key, out);
    return;
  } else if (out.jwt) {
    return;
  } else {
    out.candidates = lookalikes(catalogue, key);
  }
  if (!out.candidates.empty())
    say_ambiguous(out);
  else
    out.say(note, "kind.unknown",
            "No provider that is known here makes keys of this form. --provider NAME says whose "
            "it is, locksmith providers new teaches one more.");
}

std::string how_long(base::Time from, base::Time to) { return base::format_duration(to - from); }

void judge_jwt_times(const credential::Jwt& jwt, base::Time now, Checked& out) {
  out.told.expires = jwt.expires;
  out.expires_says = "the token itself";
  if (jwt.expires && *jwt.expires <= now)
    out.say(bad, "jwt.expired", fmt::format("It expired {} ago.", how_long(*jwt.expires, now)));
  if (jwt.not_before && *jwt.not_before > now + clock_tolerance)
    out.say(bad, "jwt.not-yet-valid",
            fmt::format("It is not valid for another {}.", how_long(now, *jwt.not_before)));
  else if (jwt.issued_at && *jwt.issued_at > now + clock_tolerance)
    out.say(bad, "jwt.issued-in-future",
            fmt::format("It was issued {} in the future: a clock is wrong.",
                        how_long(now, *jwt.issued_at)));
}

void judge_jwt(std::string_view key, base::Time now, Checked& out) {
  const auto jwt = credential::read_jwt(key);
  if (!jwt) {
    const auto dots = std::ranges::count(key, '.');
    if (!key.starts_with("eyJ") || dots == 0 || dots == 4) return;  // five parts: encrypted
    out.whole = Whole::no;
    out.say(bad, "jwt.broken",
            dots == 2 ? "It starts like a JWT, but its parts do not decode: it was changed or cut."
                      : fmt::format("It starts like a JWT, but has {} parts instead of 3: it was "
                                    "cut.",
                                    dots + 1));
    return;
  }
  out.jwt = true;
  out.whole = Whole::yes;
  out.say(good, "jwt.whole",
          "It is a JWT whose parts decode. Whether its signature is right only its issuer knows.");
  if (jwt->algorithm == "none" || jwt->signature.empty())
    out.say(bad, "jwt.unsigned", "It is not signed.");
  if (!jwt->issuer.empty())
    out.say(note, "jwt.issuer", fmt::format("Issued by {}.", base::printable(jwt->issuer)));
  if (!jwt->audience.empty())
    out.say(note, "jwt.audience",
            fmt::format("Made for {}.", base::printable(jwt->audience.front())));
  if (!jwt->subject.empty()) out.told.owner = {base::printable(jwt->subject)};
  if (!jwt->scopes.empty()) {
    out.told.scopes.emplace();
    for (const std::string& scope : jwt->scopes) out.told.scopes->push_back(base::printable(scope));
  }
  judge_jwt_times(*jwt, now, out);
}

}  // namespace

bool Checked::has_fault() const {
  return std::ranges::any_of(remarks, [](const Remark& r) { return r.tone == bad; });
}

Checked look_at(const keyring::NamedKey& key, const catalogue::Catalogue& catalogue,
                const Provider* wanted, base::Time now) {
  Checked out;
  out.where = key.where;
  out.fingerprint = key.value.fingerprint();
  for (const std::string& text : key.notes)
    out.say(note, "source", fmt::format("Where it is kept: {}.", text));
  judge_characters(key.value.reveal(), catalogue, out);
  if (out.cleaned.empty()) {
    out.whole = Whole::no;
    out.provider = wanted;
    return out;
  }
  const std::string& cleaned = out.cleaned.reveal();
  judge_jwt(cleaned, now, out);
  if (wanted)
    judge_as_wanted(*wanted, catalogue, cleaned, out);
  else
    judge_by_form(catalogue, cleaned, out);
  return out;
}

}  // namespace locksmith::check

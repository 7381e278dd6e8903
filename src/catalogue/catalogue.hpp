// What Locksmith knows: causes, answers, providers, intermediaries. Everything is a view of data
// that lives as long as the catalogue: the embedded one is constant data of the program (nothing is
// parsed at start), one that was read from files is owned by catalogue::Files (load.hpp). The file
// format is described in docs/teach-a-provider.md.
#pragma once

#include <span>
#include <string_view>

#include "credential/credential.hpp"
#include "credential/shape.hpp"

namespace locksmith::catalogue {

using Strings = std::span<const std::string_view>;

// How much something speaks for a cause, in decibans: 10·log10 of the likelihood ratio (I. J. Good,
// Probability and the Weighing of Evidence, 1950). +10: ten times likelier; negative: against it.
struct Weight {
  std::string_view cause;
  double decibans = 0;
};
using Weights = std::span<const Weight>;

// One reason why a request is refused: a page of catalogue/causes/.
struct Cause {
  std::string_view slug;
  std::string_view title;     // a heading: "White space is stuck to the key"
  std::string_view sentence;  // the diagnosis in one sentence, for a report
  std::string_view
      group;  // "credential" (who are you?), "permission" (I know you, but no), "request"
  std::string_view statuses;  // "401 or 403, because …": which status is right, and why
  std::string_view who;       // who can fix it: "caller", "key-admin", "provider", "operator"
  struct Prior {
    int status = 0;  // 0: any status that is not listed
    double decibans = 0;
  };
  std::span<const Prior> priors;
  Strings fix;  // commands or steps to paste; {variable} {host} {header} {keys_page} {docs_page}
  std::string_view look_next;  // the one observation that would settle it
  std::string_view page;       // Markdown, without the front matter

  double prior(int status) const;
};

// One kind of thing that a refusal can say ("I saw no credential", "I do not know this key"), and
// which causes make a server say it. The meeting point of generic wording and of provider rules.
struct Answer {
  std::string_view kind;
  std::string_view says;  // one sentence
  Weights weights;
  Strings phrases;  // lower case; each says this clearly, wherever it stands in the message
  Strings hints;    // lower case; half the weight
};

// A phrase of an answer; all of them stand in one table, sorted, so that a message is read once
// (wording.hpp).
struct Phrase {
  std::string_view text;    // lower case
  std::string_view answer;  // Answer::kind
  bool hint = false;
};

struct KeyKind {
  std::string_view kind;         // "project-key"
  std::string_view shape;        // credential/shape.hpp
  std::string_view prefix;       // the literal start of the shape
  std::string_view environment;  // "live", "test", a region; empty: any
  std::string_view role;    // "secret", "publishable", "id", "oauth", "session", "app-secret" …
  bool accepted = true;     // false: a look-alike that people send by mistake
  bool distinctive = true;  // false: other vendors' keys look the same (32 hex digits)
  credential::Checksum checksum = credential::Checksum::none;
  std::string_view instead;  // which kind belongs there, or where this one belongs
  std::string_view source;   // URL, or "unsourced"
};

struct Placement : credential::Placement {
  std::string_view
      basic_part;  // which half of a Basic pair is the key: "user", "password"; empty: not Basic
  std::string_view basic_user;  // the user name that goes with it, where it is fixed ("__token__")
  Strings kinds;                // which kinds of key go here; empty: all that are accepted
  std::string_view note;
};

// A header or parameter that must accompany the key (`anthropic-version`), or one that halves a
// pair.
struct Companion {
  credential::Place place = credential::Place::header;
  std::string_view name;
  std::string_view
      cause;  // what its absence causes: "missing-required-header", "incomplete-credential"
  std::string_view example;  // a value to paste, where it is no secret
  std::string_view when;     // path prefix where it is needed; empty: everywhere
  std::string_view source;
};

// One condition on an answer. All conditions of a rule must hold.
struct Condition {
  enum class What { body, pointer, header, request_header, path, host };
  What what = What::body;
  std::string_view name;  // the JSON pointer (RFC 6901), or the header's name
  std::string_view text;  // body (lower case here), header: contained, case ignored; pointer:
                          // equal; path: its start; host: a host_matches() pattern. "" = present
};

struct Refusal {
  std::span<const int> statuses;  // empty: any
  std::span<const Condition> when;
  std::string_view answer;     // what it says: Answer::kind; may be empty
  Weights weights;             // what it says beyond that
  std::string_view note;       // shown with the finding
  std::string_view look_next;  // what tells its causes apart
  std::string_view source;     // URL or "unsourced"
  std::string_view checked;    // ISO date
};

// What the answer to a whoami request tells of the key. Each place is a JSON pointer (RFC 6901), in
// which a `*` stands for every element of a list, or the name of a header.
struct WhoamiAnswer {
  Strings owner;               // who the key belongs to: shown one after the other
  std::string_view name;       // what the owner calls the key
  std::string_view scopes;     // a list, or a text with blanks or commas between them
  std::string_view expires;    // a date, with or without time, or seconds since 1970
  std::string_view owner_url;  // where the owner is told, when it is another request
  std::string_view source, checked;
};

struct Whoami {
  std::string_view method;
  std::string_view url;  // absolute, or a path on the host of the request; empty: none known
  std::string_view note;
  std::string_view source;
  Strings kinds;  // which kinds of key may ask it; empty: all that are accepted
  WhoamiAnswer answer;
};

// A part of a provider with keys of its own: sandbox and production, a region, a site.
struct HostEnvironment {
  std::string_view name;  // "test", "live", "eu"; KeyKind::environment names the same
  Strings hosts;
};

struct Pages {
  std::string_view keys, docs, status;
};

struct Provider {
  std::string_view slug, name;
  Strings hosts;  // host_matches() patterns; empty for software that anybody hosts
  std::span<const Condition>
      recognise;               // self-hosted software: any of these makes it this provider
  Strings variables;           // environment variables that its clients read the key from
  Strings base_url_variables;  // … and the base URL, region or site
  std::span<const HostEnvironment> environments;  // hosts whose keys are not valid on each other
  Pages pages;
  std::span<const Placement> placements;
  std::span<const Companion> companions;
  std::span<const KeyKind> keys;
  Whoami whoami;
  std::span<const Refusal> refusals;
  Strings quirks;
};

struct Intermediary {
  std::string_view slug, name;
  std::string_view kind;                 // "reverse proxy", "waf", "login wall" …
  std::span<const Condition> recognise;  // it took part in this answer when any of these holds
  std::span<const Refusal> refusals;     // it gave this answer itself when one of these holds
  Strings quirks;
};

struct Catalogue {
  std::span<const Cause> causes;  // sorted by slug
  std::span<const Answer> answers;
  std::span<const Provider> providers;  // sorted by slug
  std::span<const Intermediary> intermediaries;
  std::span<const Phrase> phrases;  // of all answers, sorted by text

  const Cause* cause(std::string_view slug) const;
  const Answer* answer(std::string_view kind) const;
  const Provider* provider(std::string_view slug) const;
  const Provider* provider_of_host(std::string_view host) const;
};

// Built into the program from catalogue/ (constant data, no start-up cost).
const Catalogue& embedded();

}  // namespace locksmith::catalogue

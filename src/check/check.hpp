// What can be said of a key by itself: which kind, whose, for which environment, whether it is
// whole; and, from its provider, whether it is accepted, who it belongs to, what it may do and
// until when.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "catalogue/catalogue.hpp"
#include "check/answer.hpp"
#include "keyring/key_source.hpp"
#include "probe/transport.hpp"

namespace locksmith::check {

// One observed fact; `bad` is why a key cannot be used as it stands.
struct Remark {
  enum class Tone { good, bad, note };
  Tone tone = Tone::note;
  std::string id;    // stable: "kind.checksum"
  std::string text;  // one sentence, without any secret
};

enum class Whole { yes, no, unknown };

enum class Live {
  not_asked,
  accepted,
  limited,      // known and good, but this request is not among what it may do
  refused,      // the key, or its owner, is what the provider does not let in
  unclear,      // rate limited, out of order, blocked on the way: nothing was said of the key
  unreachable,  // nothing answered
};

struct Checked {
  std::string where, fingerprint;
  base::Secret cleaned;  // without what sticks to it; empty: that would be nothing
  const catalogue::Provider* provider = nullptr;
  const catalogue::KeyKind* kind = nullptr;
  std::vector<const catalogue::Provider*> candidates;  // whose key it may be, when that is unclear
  bool jwt = false;
  std::string environment;
  Whole whole = Whole::unknown;
  std::vector<Remark> remarks;
  Told told;                 // by the key itself (JWT), then by the provider
  std::string expires_says;  // who told when it expires: "the token itself", "GitHub"

  Live live = Live::not_asked;
  std::string not_asked_because;  // a sentence; empty: nobody wanted to ask
  std::string asked;              // method and URL, without query
  int status = 0;
  std::string_view cause;  // of the refusal, when it is determined
  std::string diagnosis;   // one sentence
  std::string hint;        // what to do next

  void say(Remark::Tone tone, std::string_view id, std::string text) {
    remarks.push_back({tone, std::string(id), std::move(text)});
  }
  bool has_fault() const;
};

// Without any network. `wanted` is the provider that the user named; null: the key says it. Never
// claims that a key is valid: that only its provider knows.
Checked look_at(const keyring::NamedKey& key, const catalogue::Catalogue& catalogue,
                const catalogue::Provider* wanted, base::Time now);

struct AskOptions {
  std::string base_url;  // of self-hosted software; empty: the provider's own host
  base::Time now;
  std::size_t budget = 4;  // requests for one key at most; more than one only when it is refused
  std::function<void(std::string_view)> progress = [](std::string_view) {};
};

// Asks the provider's whoami with the cleaned key: over HTTPS and to the provider's own host, or to
// `base_url`.
void ask(Checked& checked, const catalogue::Catalogue& catalogue, const AskOptions& options,
         probe::Transport& transport);

// Whether a key may be sent there: https, or this very machine.
Result<void> check_base_url(std::string_view url);

// "accepted", "refused: revoked", "broken", "whole".
std::string verdict(const Checked& checked);
// 0 whole, and accepted where it was asked; 1 something is wrong; 3 cannot tell; 4 unreachable.
int exit_code(const Checked& checked);
int exit_code(const std::vector<Checked>& all);  // the most serious of them

struct TextStyle {
  bool color = false;
  std::size_t width = 80;
};
std::string as_text(const Checked& checked, const TextStyle& style, base::Time now);
std::string as_table(const std::vector<Checked>& all, const TextStyle& style, base::Time now);
std::string as_json(const std::vector<Checked>& all);  // docs/json-output.md

}  // namespace locksmith::check

// One pass: two bytes tell whether a prefix may begin here, and behind `=` or `:` stands what a
// name in front may speak for.
#include "leaks/any.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "credential/jwt.hpp"
#include "credential/secret_names.hpp"
#include "leaks/content.hpp"

namespace locksmith::leaks {
namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
// What keys consist of, all kinds taken together.
bool is_key_character(char c) {
  return is_alnum(c) || std::string_view("_-.+/=:~%|!#^*").contains(c);
}

constexpr std::size_t longest_run = 4096;

std::size_t pair_of(char a, char b) {
  return static_cast<std::size_t>(static_cast<unsigned char>(a)) << 8 |
         static_cast<unsigned char>(b);
}

// A key does not start in the middle of a word; \n and %3D before it are no word.
bool starts_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (!is_alnum(before) && before != '_' && before != '-' && before != '.') return true;
  if (at < 2) return false;
  if (text[at - 2] == '\\' && std::string_view("nrtbf").contains(before)) return true;
  return at >= 3 && text[at - 3] == '%' && std::isxdigit(static_cast<unsigned char>(before)) &&
         std::isxdigit(static_cast<unsigned char>(text[at - 2]));
}

std::string_view run_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < longest_run && is_key_character(text[end])) ++end;
  return text.substr(at, end - at);
}

std::string_view line_around(std::string_view text, std::size_t at) {
  constexpr std::size_t reach = 300;  // of a minified file, one line is all of it
  const std::size_t low = at < reach ? 0 : at - reach;
  const std::size_t before = text.substr(low, at - low).rfind('\n');
  const std::size_t start = before == std::string_view::npos ? low : low + before + 1;
  const std::size_t end = std::min({text.find('\n', at), text.size(), at + 4096 + reach});
  return text.substr(start, end - start);
}

// Such a prefix is nobody's accident: it ends in a sign, or is four characters long.
bool stands_alone(const catalogue::KeyKind& kind) {
  const std::string_view prefix = kind.prefix;
  if (!kind.distinctive || prefix.size() < 2 || prefix.starts_with("eyJ")) return false;
  const bool sign = prefix.find_first_of("_-.:|") != std::string_view::npos;
  return (sign && prefix.size() >= 3) || prefix.size() >= 4;
}

bool is_sought(const catalogue::KeyKind& kind) {
  return !is_public(kind) && kind.role != "other" && !kind.shape.empty();
}

constexpr std::string_view pem_start = "-----BEGIN ";

// A private key in PEM (RFC 7468), and not the mere word: lines of base64 follow.
std::size_t pem_length(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, 4096);
  const std::size_t dashes = rest.find("-----", pem_start.size());
  if (dashes == std::string_view::npos || dashes > 60) return 0;
  if (!rest.substr(0, dashes).ends_with("PRIVATE KEY")) return 0;
  std::size_t body = dashes + 5, letters = 0, end = body;
  while (end < rest.size() &&
         (is_alnum(rest[end]) || std::string_view("+/=\r\n\\ ,:").contains(rest[end]))) {
    letters += is_alnum(rest[end]);
    ++end;
  }
  return letters >= 60 ? end : 0;
}

}  // namespace

bool looks_generated(std::string_view value, std::string_view prefix) {
  if (credential::is_no_secret(value)) return false;
  static constexpr std::array<std::string_view, 14> words{
      "example",  "xxxx",     "your",   "fake",     "dummy",    "placeholder", "sample",
      "redacted", "changeme", "insert", "12345678", "abcdefgh", "abcd1234",    "deadbeef"};
  const std::string lower = base::lower(value);
  for (const std::string_view word : words) {
    if (lower.find(word) != std::string::npos) return false;
  }
  const std::string_view body = value.substr(std::min(prefix.size(), value.size()));
  enum { none, lower_case, upper_case, digit } last = none;
  std::size_t changes = 0, counted = 0, row = 1;
  std::bitset<256> different;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    different.set(static_cast<unsigned char>(c));
    row = i > 0 && c == body[i - 1] ? row + 1 : 1;
    if (row >= 6) return false;
    const auto now = c >= 'a' && c <= 'z'   ? lower_case
                     : c >= 'A' && c <= 'Z' ? upper_case
                     : c >= '0' && c <= '9' ? digit
                                            : none;
    if (now == none) continue;
    changes += last != none && now != last;
    ++counted;
    last = now;
  }
  // In random hex digits every second character changes between letters and digits; in words of
  // whatever case, hardly one in six does.
  return counted >= 12 && different.count() >= 8 && changes * 5 >= counted;
}

AnyDetector::AnyDetector(const catalogue::Catalogue& catalogue) {
  for (const catalogue::Provider& provider : catalogue.providers) {
    for (const catalogue::KeyKind& kind : provider.keys) {
      if (!is_sought(kind)) continue;
      auto shape = credential::Shape::parse(kind.shape);
      if (!shape || shape->min_length() < Searcher::shortest_key) continue;
      (stands_alone(kind) ? standalone_ : named_)
          .push_back({{&provider, &kind}, std::move(*shape)});
    }
  }
  const auto better = [](const Known& a, const Known& b) {
    const auto rank = [](const Known& known) {
      const catalogue::KeyKind& key = *known.kind.key;
      return std::tuple(key.accepted, key.prefix.size(),
                        key.checksum != credential::Checksum::none);
    };
    return rank(a) > rank(b);
  };
  std::ranges::stable_sort(standalone_, better);
  for (const Known& known : standalone_) {
    const std::string_view prefix = known.kind.key->prefix;
    starts_.set(pair_of(prefix[0], prefix[1]));
    by_first_[static_cast<unsigned char>(prefix[0])].push_back(&known);
  }
}

// The shape decides how much of the run is the key; what follows must not go on with the word.
bool AnyDetector::is_key(const Known& known, std::string_view run, std::size_t& length) const {
  const credential::Shape::Mismatch mismatch = known.shape.mismatch(run);
  std::string_view value = run.substr(0, mismatch.matched);
  while (!value.empty() && std::string_view(".:=,/").contains(value.back()) &&
         !known.shape.matches(value)) {
    value.remove_suffix(1);
  }
  if (!known.shape.matches(value)) return false;
  if (value.size() < run.size()) {
    const char next = run[value.size()];
    if (is_alnum(next) || next == '_' || next == '-') return false;
  }
  const catalogue::KeyKind& key = *known.kind.key;
  if (!credential::checksum_holds(key.checksum, value)) return false;
  if (!looks_generated(value, key.prefix)) return false;
  length = value.size();
  return true;
}

bool AnyDetector::try_prefixes(std::string_view text, std::size_t at, std::size_t& length,
                               const Known*& found) const {
  const std::string_view rest = text.substr(at);
  std::string_view run;
  for (const Known* known : by_first_[static_cast<unsigned char>(text[at])]) {
    if (!rest.starts_with(known->kind.key->prefix)) continue;
    if (run.empty()) {
      if (!starts_word(text, at)) return false;
      run = rest.substr(0, longest_run);  // the shape says where it ends
    }
    if (!is_key(*known, run, length)) continue;
    found = known;
    return true;
  }
  return false;
}

// NAME=VALUE, "name": "value", where the name speaks for a provider whose keys have no look of
// their own.
bool AnyDetector::try_named(std::string_view text, std::size_t at, Run& run,
                            const Known*& found) const {
  std::size_t start = at + 1;
  const std::size_t limit = std::min(text.size(), at + 8);
  while (start < limit && std::string_view(" \t\"'`\\>=").contains(text[start])) ++start;
  if (start >= text.size()) return false;
  // Most values are short, or words.
  std::size_t end = start;
  while (end < text.size() && end - start < 16 && is_key_character(text[end])) ++end;
  if (end - start < 16) return false;
  run = {start, run_at(text, start)};
  if (!looks_generated(run.text, {})) return false;
  const std::string name = name_before(text, start);
  if (name.size() < 5 ||
      credential::secrecy_of(name, credential::NameKind::variable) == credential::Secrecy::none) {
    return false;
  }
  for (const Known& known : named_) {
    std::size_t length = 0;
    if (!names_provider(name, *known.kind.provider) || !is_key(known, run.text, length)) continue;
    run.text = run.text.substr(0, length);
    found = &known;
    return true;
  }
  return false;
}

void AnyDetector::search(std::string_view text,
                         const std::function<void(const Hit&)>& on_hit) const {
  const auto report = [&](std::size_t offset, std::size_t length, const Kind& kind) {
    if (line_around(text, offset).find(allow_mark) != std::string_view::npos) return;
    const std::size_t key = remember(text.substr(offset, length), kind);
    on_hit({.key = key, .disguise = Disguise::plain, .offset = offset, .length = length});
  };
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const char c = text[at];
    if (starts_.test(pair_of(c, text[at + 1]))) {
      std::size_t length = 0;
      const Known* known = nullptr;
      if (try_prefixes(text, at, length, known)) {
        report(at, length, known->kind);
        at += length - 1;
        continue;
      }
    }
    if (c == '=' || c == ':') {
      Run run;
      const Known* known = nullptr;
      if (try_named(text, at, run, known)) {
        report(run.offset, run.text.size(), known->kind);
        at = run.offset + run.text.size() - 1;
      }
    } else if (c == '-' && text.substr(at).starts_with(pem_start)) {
      if (const std::size_t length = pem_length(text, at); length > 0) {
        report(at, length, {});
        at += length - 1;
      }
    }
  }
}

std::size_t AnyDetector::remember(std::string_view value, const Kind& kind) const {
  const std::lock_guard lock(mutex_);
  const auto [at, fresh] = indexes_.try_emplace(std::string(value), seen_.size());
  if (fresh) {
    std::string what = kind.provider ? fmt::format("{} {}", kind.provider->name, kind.key->kind)
                                     : "private key (PEM)";
    seen_.push_back({base::Secret(std::string(value)), kind, std::move(what)});
  }
  return at->second;
}

std::vector<AnyDetector::Seen> AnyDetector::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace locksmith::leaks

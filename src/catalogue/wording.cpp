#include "catalogue/wording.hpp"

#include <algorithm>

namespace locksmith::catalogue {
namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// A short phrase must end a word as well as start one ("tier" is not in "entier").
bool ends_well(std::string_view message, std::size_t end, std::string_view phrase) {
  constexpr std::size_t short_phrase = 9;
  return phrase.size() > short_phrase || end == message.size() || !is_alnum(phrase.back()) ||
         !is_alnum(message[end]);
}

struct Hit {
  const Phrase* phrase = nullptr;
  std::size_t at = 0;
  std::size_t end() const { return at + phrase->text.size(); }
};

// Phrases that the message says at `at`. The table is sorted, so those with the same beginning
// stand together.
void collect_at(std::span<const Phrase> phrases, std::string_view message, std::size_t at,
                std::vector<Hit>& hits) {
  constexpr std::size_t beginning = 2;
  const std::string_view rest = message.substr(at);
  if (rest.size() < beginning) return;
  const std::string_view head = rest.substr(0, beginning);
  const auto first = std::ranges::lower_bound(
      phrases, head, {}, [](const Phrase& p) { return p.text.substr(0, beginning); });
  for (auto phrase = first; phrase != phrases.end() && phrase->text.starts_with(head); ++phrase) {
    if (rest.starts_with(phrase->text) &&
        ends_well(message, at + phrase->text.size(), phrase->text))
      hits.push_back({&*phrase, at});
  }
}

// Within a longer phrase; a hint covers no phrase, as it does not count beside one.
bool lies_inside(const Hit& inner, const Hit& outer) {
  return (inner.phrase->hint || !outer.phrase->hint) && inner.at >= outer.at &&
         inner.end() <= outer.end() && inner.phrase->text.size() < outer.phrase->text.size();
}

}  // namespace

std::vector<Spoken> spoken_answers(const Catalogue& catalogue, std::string_view message) {
  std::vector<Hit> hits;
  for (std::size_t at = 0; at < message.size(); ++at) {
    const bool starts_word = at == 0 || !is_alnum(message[at]) || !is_alnum(message[at - 1]);
    if (starts_word && message[at] != ' ') collect_at(catalogue.phrases, message, at, hits);
  }
  const bool clear = std::ranges::any_of(hits, [](const Hit& hit) { return !hit.phrase->hint; });
  std::vector<Spoken> spoken;
  for (const Hit& hit : hits) {
    if (clear && hit.phrase->hint) continue;
    if (std::ranges::any_of(hits, [&](const Hit& other) { return lies_inside(hit, other); }))
      continue;
    // The longest of an answer's phrases stands for it, at the place where it was said first.
    const auto same = std::ranges::find_if(
        spoken, [&](const Spoken& s) { return s.answer->kind == hit.phrase->answer; });
    if (same == spoken.end()) {
      spoken.push_back({catalogue.answer(hit.phrase->answer), hit.phrase->text, hit.phrase->hint});
    } else if (hit.phrase->text.size() > same->phrase.size()) {
      same->phrase = hit.phrase->text;
    }
  }
  return spoken;
}

}  // namespace locksmith::catalogue

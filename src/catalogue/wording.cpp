#include "catalogue/wording.hpp"

#include <algorithm>

namespace locksmith::catalogue {
namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Position of `phrase` where it starts a word; a short one must end it too ("tier" is not in "entier").
std::size_t find_phrase(std::string_view message, std::string_view phrase) {
  constexpr std::size_t short_phrase = 9;
  for (std::size_t at = message.find(phrase); at != std::string_view::npos; at = message.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    const bool starts_word = at == 0 || !is_alnum(phrase.front()) || !is_alnum(message[at - 1]);
    const bool ends_word = phrase.size() > short_phrase || end == message.size() || !is_alnum(phrase.back()) || !is_alnum(message[end]);
    if (starts_word && ends_word) return at;
  }
  return std::string_view::npos;
}

struct Hit {
  Spoken spoken;
  std::size_t at = 0;
};

void collect(const Answer& answer, Strings phrases, bool hint, std::string_view message, std::vector<Hit>& hits) {
  const Hit* longest = nullptr;
  Hit best;
  for (const std::string_view phrase : phrases) {
    if (longest && phrase.size() <= best.spoken.phrase.size()) continue;
    const std::size_t at = find_phrase(message, phrase);
    if (at == std::string_view::npos) continue;
    best = {{&answer, phrase, hint}, at};
    longest = &best;
  }
  if (longest) hits.push_back(best);
}

bool lies_inside(const Hit& inner, const Hit& outer) {
  return inner.at >= outer.at && inner.at + inner.spoken.phrase.size() <= outer.at + outer.spoken.phrase.size() &&
         inner.spoken.phrase.size() < outer.spoken.phrase.size();
}

}  // namespace

std::vector<Spoken> spoken_answers(const Catalogue& catalogue, std::string_view message) {
  std::vector<Hit> hits;
  for (const Answer& answer : catalogue.answers) collect(answer, answer.phrases, false, message, hits);
  if (hits.empty()) {
    for (const Answer& answer : catalogue.answers) collect(answer, answer.hints, true, message, hits);
  }
  std::ranges::stable_sort(hits, std::greater(), [](const Hit& hit) { return hit.spoken.phrase.size(); });
  std::vector<Spoken> spoken;
  for (const Hit& hit : hits) {
    const bool covered = std::ranges::any_of(hits, [&](const Hit& other) { return lies_inside(hit, other); });
    if (!covered) spoken.push_back(hit.spoken);
  }
  return spoken;
}

}  // namespace locksmith::catalogue

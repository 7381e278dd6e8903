// From fragments that stand in a text to the forms of keys around them.
#include "leaks/searcher.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "leaks/disguise.hpp"
#include "leaks/sampler.hpp"

namespace locksmith::leaks {
namespace {

struct Place {  // of a fragment: in which form, at which symbol
  std::size_t form = 0, symbol = 0;
};

// By end, then by start; of one key, a hit within another is dropped.
void settle(std::vector<Hit>& hits) {
  const auto end = [](const Hit& hit) { return hit.offset + hit.length; };
  std::ranges::sort(hits, {}, [&](const Hit& hit) {
    return std::tuple(hit.key, hit.offset, ~end(hit), hit.disguise);
  });
  std::vector<Hit> kept;
  for (const auto& hit : hits)
    if (kept.empty() || kept.back().key != hit.key || end(hit) > end(kept.back()))
      kept.push_back(hit);
  std::ranges::sort(kept, {},
                    [&](const Hit& hit) { return std::tuple(end(hit), hit.offset, hit.key); });
  hits = std::move(kept);
}

std::optional<Match> match_from(const Form& form, std::string_view text, std::size_t begin) {
  if (!form.symbols[0]->first.test(static_cast<unsigned char>(text[begin]))) return std::nullopt;
  return match(form, text, begin);
}

// Whether the symbol before `symbol`, or a gap, may end at `offset`: nearly always settles it.
bool may_follow(const Form& form, std::size_t symbol, std::string_view text, std::size_t offset) {
  if (symbol == 0) return true;
  const auto before = text.substr(0, offset);
  for (const auto& way : form.symbols[symbol - 1]->ways)
    if (before.ends_with(way.text)) return true;
  return may_end_gap(before.back());
}

}  // namespace

struct Searcher::Impl {
  std::vector<base::Secret> keys;
  std::vector<Form> forms;
  std::vector<std::vector<Place>> places;  // per string of the sampler
  Sampler sampler{{}};
  std::size_t longest_form = 1, longest_fragment = 1;

  void add_places(std::string_view text, std::size_t string, std::size_t offset,
                  std::vector<Hit>& hits) const;
  void add_hit(std::string_view text, const Place& place, std::size_t offset,
               std::vector<Hit>& hits) const;
  Hit longest_hit(const Form& form, std::string_view text, std::size_t begin, Match found) const;
};

Searcher::Searcher(std::span<const base::Secret> keys) : impl_(std::make_unique<Impl>()) {
  impl_->keys.assign(keys.begin(), keys.end());
  std::map<std::string, std::vector<Place>> fragments;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (keys[k].size() < shortest_key) continue;
    for (auto& form : forms_of(k, keys[k].reveal())) {
      for (auto& fragment : fragments_of(form))
        fragments[std::move(fragment.text)].push_back({impl_->forms.size(), fragment.begin});
      impl_->longest_form = std::max(impl_->longest_form, form.longest());
      impl_->forms.push_back(std::move(form));
    }
  }
  std::vector<std::string> strings;
  for (auto& [text, places] : fragments) {
    impl_->longest_fragment = std::max(impl_->longest_fragment, text.size());
    strings.push_back(text);
    impl_->places.push_back(std::move(places));
  }
  impl_->sampler = Sampler(std::move(strings));
}

Searcher::~Searcher() = default;
Searcher::Searcher(Searcher&&) noexcept = default;

// The form that has a fragment at `offset` may begin anywhere before it, as some symbols may be
// encoded and lines broken; the nearest beginning that leads over the fragment counts.
void Searcher::Impl::add_hit(std::string_view text, const Place& place, std::size_t offset,
                             std::vector<Hit>& hits) const {
  const auto& form = forms[place.form];
  if (place.symbol > offset || !may_follow(form, place.symbol, text, offset)) return;
  if (!match(form, text, offset, place.symbol)) return;
  const auto gaps = place.symbol > 0 ? gaps_allowed(form.symbols.size()) * longest_gap : 0;
  const auto farthest = offset - std::min(offset, form.reach(place.symbol) + gaps);
  for (auto begin = offset - place.symbol + 1; begin-- > farthest;) {
    const auto found = match_from(form, text, begin);
    if (!found || found->end <= offset) continue;
    hits.push_back(longest_hit(form, text, begin, *found));
    return;
  }
}

// "%33" ends with what "3" would be, too, and so may several symbols: the longest of those that end
// together counts.
Hit Searcher::Impl::longest_hit(const Form& form, std::string_view text, std::size_t begin,
                                Match found) const {
  for (std::size_t back = 1; back < form.symbols[0]->longest && back <= begin; ++back) {
    const auto longer = match_from(form, text, begin - back);
    if (!longer || longer->end != found.end) continue;
    begin -= back;
    found = *longer;
    back = 0;
  }
  return to_hit(form, keys[form.key].reveal(), text, begin, found);
}

void Searcher::Impl::add_places(std::string_view text, std::size_t string, std::size_t offset,
                                std::vector<Hit>& hits) const {
  for (const auto& place : places[string]) add_hit(text, place, offset, hits);
}

void Searcher::search(std::string_view text, const std::function<void(const Hit&)>& on_hit) const {
  std::vector<Hit> hits;
  impl_->sampler.scan(text, [&](std::size_t string, std::size_t offset) {
    impl_->add_places(text, string, offset, hits);
  });
  if (hits.empty()) return;
  settle(hits);
  for (const auto& hit : hits) on_hit(hit);
}

std::size_t Searcher::longest_form() const { return impl_->longest_form; }
std::size_t Searcher::longest_fragment() const { return impl_->longest_fragment; }

void Searcher::candidates(std::string_view text,
                          const std::function<void(Candidate)>& on_candidate) const {
  impl_->sampler.scan(text, [&](std::size_t string, std::size_t offset) {
    on_candidate({offset, impl_->sampler.strings()[string].size()});
  });
}

}  // namespace locksmith::leaks

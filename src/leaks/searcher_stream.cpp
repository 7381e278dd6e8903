#include "leaks/searcher_stream.hpp"

#include <algorithm>

namespace locksmith::leaks {
namespace {
constexpr std::size_t enough = 1 << 18;  // searched at once; fits a second-level cache
}

StreamSearch::StreamSearch(const Searcher& searcher, OnHit on_hit)
    : searcher_(searcher), on_hit_(std::move(on_hit)) {}

void StreamSearch::add(std::string_view piece) {
  const std::size_t full = enough + 2 * searcher_.longest_form();
  while (!piece.empty()) {
    const auto part = piece.substr(0, full - std::min(full, held_.size()));
    held_.append(part);
    piece.remove_prefix(part.size());
    if (held_.size() >= full) flush(false);
  }
}

void StreamSearch::finish() {
  flush(true);
  held_.clear();
}

// A hit is told once all that decides about it is there, before it as behind it.
void StreamSearch::flush(bool last) {
  const std::size_t form = searcher_.longest_form();
  const std::size_t end = last ? held_.size() : held_.size() - std::min(held_.size(), form);
  searcher_.search(held_, [&](const Hit& hit) {
    if (hit.offset >= told_ && hit.offset < end) on_hit_(hit, before_ + hit.offset, held_);
  });
  const std::size_t gone = end - std::min(end, form);
  held_.erase(0, gone);
  before_ += gone;
  told_ = end - gone;
}

}  // namespace locksmith::leaks

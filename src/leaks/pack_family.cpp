#include "leaks/pack_family.hpp"

#include <algorithm>

#include "leaks/pack_search.hpp"
#include "leaks/searcher_stream.hpp"

namespace locksmith::leaks {
namespace {

constexpr std::size_t most_candidates = 1 << 14;
constexpr std::size_t most_collected = 4 * most_candidates;  // before duplicates are dropped

struct Range {
  std::uint64_t begin = 0, end = 0;
};

// Adds a range that begins no earlier than those before, together with the last when they touch.
void add_range(std::vector<Range>& ranges, Range range) {
  if (!ranges.empty() && range.begin <= ranges.back().end)
    ranges.back().end = std::max(ranges.back().end, range.end);
  else
    ranges.push_back(range);
}

void keep_few(Member& member) {
  const auto place = [](const Searcher::Candidate& c) { return std::pair(c.offset, c.length); };
  auto& candidates = member.candidates;
  const bool cut_short = candidates.size() > most_collected;
  std::ranges::sort(candidates, {}, place);
  const auto same = std::ranges::unique(candidates, {}, place);
  candidates.erase(same.begin(), same.end());
  if (!cut_short && candidates.size() <= most_candidates) return;
  candidates.clear();
  member.everywhere = true;
}

// Where the delta makes something that is not in its base: its own bytes and the places where
// pieces meet, with as much around as a fragment may reach.
std::vector<Range> news(const Delta& delta, std::uint64_t margin) {
  std::vector<Range> ranges;
  std::uint64_t at = 0;
  for (const auto& step : delta.steps) {
    const auto end = at + (step.insert ? step.length : 0);
    if (step.insert || at > 0)
      add_range(ranges, {at - std::min(at, margin), std::min(end + margin, delta.size)});
    at += step.length;
  }
  return ranges;
}

// Of the base's candidates, those within one step.
void inherit(const Delta& delta, const Member& base, Member& member) {
  if (base.candidates.empty()) return;
  std::uint64_t at = 0;
  for (const auto& step : delta.steps) {
    if (!step.insert) {
      auto c =
          std::ranges::lower_bound(base.candidates, step.offset, {}, &Searcher::Candidate::offset);
      for (; c != base.candidates.end() && c->offset < step.offset + step.length; ++c)
        if (c->offset + c->length <= step.offset + step.length)
          member.candidates.push_back({at + c->offset - step.offset, c->length});
      if (member.candidates.size() > most_collected) return;
    }
    at += step.length;
  }
}

std::vector<Hit> hits_everywhere(const Searcher& searcher, const Member& member) {
  std::vector<Hit> hits;
  StreamSearch stream(searcher, [&](Hit hit, std::uint64_t place, std::string_view) {
    hit.offset = place;
    add_hit(hits, hit);
  });
  member.pieces.each(0, member.pieces.size(), [&](std::string_view piece) { stream.add(piece); });
  stream.finish();
  return hits;
}

}  // namespace

void Pieces::append(std::string_view bytes) {
  if (bytes.empty()) return;
  const bool follows =
      !pieces_.empty() && pieces_.back().data + (size_ - pieces_.back().begin) == bytes.data();
  if (!follows) pieces_.push_back({size_, bytes.data()});
  size_ += bytes.size();
}

void Pieces::append(const Pieces& from, std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return;
  const auto end = offset + length, made = size_ + length, shift = size_ - offset;
  auto i = from.find(offset);
  const auto& first = from.pieces_[i];
  append(std::string_view(first.data + (offset - first.begin),
                          std::min(end, from.piece_end(i)) - offset));
  // Those that follow do not continue each other: they would be one piece.
  for (++i; i < from.pieces_.size() && from.pieces_[i].begin < end; ++i)
    pieces_.push_back({from.pieces_[i].begin + shift, from.pieces_[i].data});
  size_ = made;
  from.near_ = i - 1;
}

std::size_t Pieces::find(std::uint64_t offset) const {
  constexpr std::size_t few = 8;
  if (near_ < pieces_.size() && pieces_[near_].begin <= offset)
    for (auto i = near_; i < pieces_.size() && i < near_ + few; ++i)
      if (offset < piece_end(i)) return i;
  const auto behind = std::ranges::upper_bound(pieces_, offset, {}, &Piece::begin);
  return static_cast<std::size_t>(behind - pieces_.begin()) - 1;
}

std::string_view Pieces::view(std::uint64_t begin, std::uint64_t end, std::string& scratch) const {
  if (begin >= end) return {};
  if (const auto i = find(begin); end <= piece_end(i))
    return {pieces_[i].data + (begin - pieces_[i].begin), end - begin};
  scratch.clear();
  each(begin, end, [&](std::string_view piece) { scratch += piece; });
  return scratch;
}

void find_candidates(const Searcher& searcher, Member& member) {
  member.everywhere = false;
  member.candidates.clear();
  searcher.candidates(member.data.bytes(), [&](Searcher::Candidate candidate) {
    if (member.candidates.size() <= most_collected) member.candidates.push_back(candidate);
  });
  keep_few(member);
}

void find_candidates(const Searcher& searcher, const Delta& delta, const Member& base,
                     Member& member) {
  member.everywhere = base.everywhere;
  member.candidates.clear();
  if (member.everywhere) return;
  inherit(delta, base, member);
  std::string scratch;
  for (const auto& range : news(delta, searcher.longest_fragment() - 1)) {
    const auto text = member.pieces.view(range.begin, range.end, scratch);
    searcher.candidates(text, [&](Searcher::Candidate candidate) {
      candidate.offset += range.begin;
      if (member.candidates.size() <= most_collected) member.candidates.push_back(candidate);
    });
  }
  if (!member.candidates.empty()) keep_few(member);
}

std::vector<Hit> find_hits(const Searcher& searcher, const Member& member) {
  if (member.everywhere) return hits_everywhere(searcher, member);
  const std::uint64_t form = searcher.longest_form();
  std::vector<Range> ranges;
  for (const auto& c : member.candidates)
    add_range(ranges, {c.offset - std::min<std::uint64_t>(c.offset, form),
                       std::min(c.offset + c.length + form, member.pieces.size())});
  std::vector<Hit> hits;
  std::string scratch;
  for (const auto& range : ranges)
    searcher.search(member.pieces.view(range.begin, range.end, scratch), [&](Hit hit) {
      hit.offset += range.begin;
      add_hit(hits, hit);
    });
  return hits;
}

}  // namespace locksmith::leaks

// Pieces, their seams, and where in its content a hit stands.
#include "leaks/content.hpp"

#include <algorithm>
#include <span>

namespace locksmith::leaks {
namespace {

constexpr std::size_t piece_size = 256 << 10;  // stays in the second-level cache

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

struct Position {
  std::uint64_t lines = 0, line_start = 0;
};
// Moves over `text`, which starts at `base`.
void advance(Position& at, std::string_view text, std::uint64_t base) {
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    ++at.lines;
    at.line_start = base + i + 1;
  }
}

}  // namespace

std::string name_before(std::string_view text, std::size_t offset) {
  constexpr std::size_t longest = 100;
  const std::string_view before =
      text.substr(offset < longest ? 0 : offset - longest, std::min(offset, longest));
  std::size_t end = before.size();
  const auto skip = [&](std::string_view characters) {
    while (end > 0 && characters.contains(before[end - 1])) --end;
  };
  skip("\"'`\\");
  skip(" \t");
  const std::size_t behind_sign = end;
  skip("=:>");
  const bool sign = end < behind_sign;
  if (!sign && end == before.size()) return {};  // glued to other text
  skip(" \t");
  skip("\"'`\\]");
  std::size_t start = end;
  while (start > 0 && is_name_character(before[start - 1])) --start;
  std::string_view name = before.substr(start, end - start);
  if (!sign && !name.starts_with("--")) return {};
  name.remove_prefix(std::min(name.find_first_not_of("-."), name.size()));
  return std::string(name);
}

void ContentFinds::add(const Origin& origin, std::string_view text, std::uint64_t base,
                       const Hit& hit) {
  std::size_t same = 0;
  Find* first = nullptr;
  for (Find& find : finds()) {
    if (find.key != hit.key) continue;
    if (find.offset == base + hit.offset) return;  // seen at the end of the piece before
    if (!first) first = &find;
    ++same;
  }
  if (same >= listed) {
    ++first->more;
    return;
  }
  Find find{.key = hit.key, .disguise = hit.disguise, .where = origin.where};
  find.path = origin.path;
  find.inside = origin.inside;
  find.offset = base + hit.offset;
  find.variable = name_before(text, hit.offset);
  tally_.finds.push_back(std::move(find));
}

void ContentFinds::search(const Origin& origin, std::string_view text, std::uint64_t base,
                          std::size_t until) {
  detector_.search(text, [&](const Hit& hit) {
    if (hit.offset < until) add(origin, text, base, hit);
  });
}

void ContentFinds::number_lines(std::string_view text, std::uint64_t base, std::uint64_t lines,
                                std::uint64_t line_start) {
  std::ranges::sort(finds(), {}, &Find::offset);
  Position at{lines, line_start};
  std::uint64_t done = base;
  for (Find& find : finds()) {
    if (find.line > 0 || find.offset < done || find.offset - base > text.size()) continue;
    advance(at, text.substr(done - base, find.offset - done), done);
    done = find.offset;
    find.line = at.lines + 1;
    find.column = find.offset - at.line_start + 1;
  }
}

Stream::Stream(const Detector& detector, Tally& tally, Origin origin)
    : finds_(detector, tally),
      origin_(std::move(origin)),
      overlap_(std::max<std::size_t>(detector.longest(), 1) - 1) {}

void Stream::add(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t wanted = overlap_ + piece_size;
    const std::size_t taken = std::min(piece.size(), wanted - buffer_.size());
    buffer_.append(piece.substr(0, taken));
    piece.remove_prefix(taken);
    if (buffer_.size() == wanted) flush(false);
  }
}

void Stream::end() { flush(true); }

void Stream::flush(bool last) {
  const std::size_t until = last ? buffer_.size() : buffer_.size() - overlap_;
  finds_.search(origin_, buffer_, base_, until);
  if (finds_.any()) finds_.number_lines(buffer_, base_, lines_, line_start_);
  Position at{lines_, line_start_};
  advance(at, std::string_view(buffer_).substr(0, until), base_);
  lines_ = at.lines;
  line_start_ = at.line_start;
  base_ += until;
  buffer_.erase(0, until);
}

void search_text(const Detector& detector, Tally& tally, const Origin& origin,
                 std::string_view text) {
  ContentFinds finds(detector, tally);
  finds.search(origin, text, 0, text.size());
  if (finds.any()) finds.number_lines(text, 0, 0, 0);
}

}  // namespace locksmith::leaks

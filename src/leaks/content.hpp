// Searches one content that comes in pieces (a file, a member of an archive) and turns hits into
// finds: line, column, the name in front of the key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "leaks/detector.hpp"
#include "leaks/find.hpp"

namespace locksmith::leaks {

// What the finds of one content have in common.
struct Origin {
  Where where = Where::file;
  std::string path, inside;
};

// The finds of one content; the pieces may come in any order when their offsets are told. Lines
// are filled in afterwards, since next to no content has a find.
class ContentFinds {
 public:
  static constexpr std::size_t listed = 20;  // per key and content; the rest is counted

  ContentFinds(const Detector& detector, Tally& tally)
      : detector_(detector), tally_(tally), first_(tally.finds.size()) {}

  // `text` starts at `base` of the content. Hits that start at `until` or behind it are the next
  // piece's.
  void search(const Origin& origin, std::string_view text, std::uint64_t base, std::size_t until);
  bool any() const { return tally_.finds.size() > first_; }
  // From the finds of this content, in the order of their offsets, those without a line yet.
  // `text` starts at `base`, with `lines` line feeds before it, the last of them before
  // `line_start`.
  void number_lines(std::string_view text, std::uint64_t base, std::uint64_t lines,
                    std::uint64_t line_start);
  std::span<Find> finds() { return std::span(tally_.finds).subspan(first_); }

 private:
  void add(const Origin& origin, std::string_view text, std::uint64_t base, const Hit& hit);

  const Detector& detector_;
  Tally& tally_;
  std::size_t first_;
};

// A content of unknown length that can be read only once.
class Stream {
 public:
  Stream(const Detector& detector, Tally& tally, Origin origin);
  void add(std::string_view piece);
  void end();

 private:
  void flush(bool last);

  ContentFinds finds_;
  Origin origin_;
  std::size_t overlap_;
  std::string buffer_;
  std::uint64_t base_ = 0, lines_ = 0, line_start_ = 0;
};

// A content that is in memory as a whole.
void search_text(const Detector& detector, Tally& tally, const Origin& origin,
                 std::string_view text);

// NAME in `NAME=KEY`, `"name": "KEY"`, `--name KEY`; empty when nothing of the kind stands there.
std::string name_before(std::string_view text, std::size_t offset);

}  // namespace locksmith::leaks

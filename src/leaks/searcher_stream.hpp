// Searches a text that comes in pieces, such as what a decompressor yields or a file too large to
// hold, as if it were whole.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "leaks/searcher.hpp"

namespace locksmith::leaks {

class StreamSearch {
 public:
  // `on_hit` gets the hit, its place in the whole text, and the piece of text that hit.offset is
  // of.
  using OnHit = std::function<void(const Hit& hit, std::uint64_t place, std::string_view text)>;

  StreamSearch(const Searcher& searcher, OnHit on_hit);
  void add(std::string_view piece);
  void finish();  // after the last piece

 private:
  void flush(bool last);

  const Searcher& searcher_;
  OnHit on_hit_;
  std::string held_;
  std::uint64_t before_ = 0;  // bytes of the text that are no longer held
  std::size_t told_ = 0;      // hits that begin in held_[0, told_) have been told
};

}  // namespace locksmith::leaks

// One line of descent in a pack while it is searched: a whole object and deltas upon it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "leaks/pack.hpp"
#include "leaks/searcher.hpp"

namespace locksmith::leaks {

// Memory that is kept for the next object and not set to zero first.
class Buffer {
 public:
  char* room(std::size_t size) {
    if (size > capacity_) {
      data_.reset();
      data_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    size_ = size;
    return data_.get();
  }
  std::string_view bytes() const { return {data_.get(), size_}; }
  std::size_t capacity() const { return capacity_; }
  void drop() { data_.reset(), capacity_ = size_ = 0; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0, size_ = 0;
};

// The bytes of an object as pieces of what its ancestors inflated to.
class Pieces {
 public:
  void clear() { pieces_.clear(), size_ = near_ = 0; }
  void append(std::string_view bytes);
  void append(const Pieces& from, std::uint64_t offset, std::uint64_t length);
  std::uint64_t size() const { return size_; }
  std::size_t count() const { return pieces_.size(); }

  // The bytes [begin, end): where they are, or put together in `scratch`.
  std::string_view view(std::uint64_t begin, std::uint64_t end, std::string& scratch) const;
  template <class F>
  void each(std::uint64_t begin, std::uint64_t end, F&& on_piece) const {
    for (auto i = find(begin); begin < end; ++i) {
      const auto skip = begin - pieces_[i].begin;
      const auto length = std::min(end - begin, piece_end(i) - begin);
      on_piece(std::string_view(pieces_[i].data + skip, length));
      begin += length;
    }
  }

 private:
  struct Piece {
    std::uint64_t begin = 0;
    const char* data = nullptr;
  };
  std::size_t find(std::uint64_t offset) const;
  std::uint64_t piece_end(std::size_t i) const {
    return i + 1 < pieces_.size() ? pieces_[i + 1].begin : size_;
  }

  std::vector<Piece> pieces_;
  mutable std::size_t near_ = 0;  // the last piece taken: the next look-up is mostly just behind
  std::uint64_t size_ = 0;
};

// An object on the line. `everywhere`: it has so many candidates that none are kept.
struct Member {
  Buffer data;  // inflated: of the first the object, of others the delta
  Pieces pieces;
  std::vector<Searcher::Candidate> candidates;
  bool everywhere = false;
};

// Candidates of a whole object, and of a delta upon `base`.
void find_candidates(const Searcher& searcher, Member& member);
void find_candidates(const Searcher& searcher, const Delta& delta, const Member& base,
                     Member& member);
// What of the candidates are hits.
std::vector<Hit> find_hits(const Searcher& searcher, const Member& member);

}  // namespace locksmith::leaks

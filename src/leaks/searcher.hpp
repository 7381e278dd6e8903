// Finds given keys in bytes, as they are and in their usual disguises, in one pass over the bytes
// however many keys there are.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace locksmith::leaks {

// How a key was written where it was found.
enum class Disguise {
  plain,
  base64,       // anywhere in a longer text, at one of the three alignments, either alphabet
  basic,        // base64 of "user:KEY" or "KEY:"
  url_encoded,  // %XX for what is not unreserved or for all of it, either case of the digits
  json,         // \uXXXX, \xXX, \/ and the like, for what may be escaped or for all of it
  wrapped,      // broken over two lines or more, with or without indentation, quotes, backslash
};

struct Hit {
  std::size_t key = 0;  // index into the keys that are looked for
  Disguise disguise = Disguise::plain;
  std::size_t offset = 0;  // in bytes, of the first byte of the written form
  std::size_t length = 0;

  friend bool operator==(const Hit&, const Hit&) = default;
};

// Safe for use by several threads at once. Keys shorter than `shortest_key` are never found: the
// command line refuses them, because they would be found everywhere.
//
// How it works: every form of a key holds one of a few fragments intact (disguise.hpp). The pass
// looks at four bytes out of every `fragment - 3`, in a table of what any fragment has there; the
// table's answer is "no" nearly always, for a hundred keys as for one.
class Searcher {
 public:
  static constexpr std::size_t shortest_key = 8;

  explicit Searcher(std::span<const base::Secret> keys);
  ~Searcher();
  Searcher(Searcher&&) noexcept;

  // All hits of one text, in order of their ends. A hit inside another of the same key is left out.
  void search(std::string_view text, const std::function<void(const Hit&)>& on_hit) const;

  // The longest stretch of text that decides what `search` says of one form: whoever cuts a text
  // into pieces lets them overlap by one less than this, and drops what it has seen already.
  std::size_t longest_form() const;

  // For who has a text in pieces: where a fragment stands. No candidate, no hit; and each hit lies
  // within longest_form() bytes before and behind a candidate.
  struct Candidate {
    std::size_t offset = 0;
    std::size_t length = 0;
  };
  void candidates(std::string_view text, const std::function<void(Candidate)>& on_candidate) const;
  std::size_t longest_fragment() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace locksmith::leaks

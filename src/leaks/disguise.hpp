// What the forms of a key look like: a form is a row of symbols, each of which can be written in a
// few ways, and between any two of which the text may go on in the next line.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leaks/searcher.hpp"

namespace locksmith::leaks {

enum class Spelling : std::uint8_t { raw, url, json };

// One way of writing one symbol.
struct Way {
  std::string text;
  Spelling spelling = Spelling::raw;
};

// All ways of writing one symbol.
struct Symbol {
  std::vector<Way> ways;
  std::bitset<256> first;   // bytes that a way begins with
  std::size_t longest = 0;  // of the ways
  bool plain = false;       // an encoder of URLs or JSON leaves it as it is, unless it encodes all
};

// Where a text goes on in another line. A form may have as many gaps as fragments are found of it.
inline constexpr std::size_t longest_gap = 96;
inline constexpr std::size_t narrowest_piece = 20;
constexpr std::size_t gaps_allowed(std::size_t symbols) { return 2 + symbols / narrowest_piece; }
// Bytes around a base64 hit that to_hit() may look at.
inline constexpr std::size_t basic_context = 128;

// A key, or the base64 of a key behind `alignment` bytes of something else.
struct Form {
  std::size_t key = 0;
  bool base64 = false;
  unsigned alignment = 0;
  std::vector<std::shared_ptr<const Symbol>> symbols;

  // Bytes of text that the symbols [0, `count`) take at most, without gaps.
  std::size_t reach(std::size_t count) const;
  // Bytes of text that decide about one place where the form stands.
  std::size_t longest() const;
};

// The forms of one key: as it is, and in base64 at each alignment.
std::vector<Form> forms_of(std::size_t index, std::string_view key);

struct Match {
  std::size_t end = 0;
  bool url = false, json = false, wrapped = false;
};

// The form, from its symbol `from` on, written in the text at `offset`.
std::optional<Match> match(const Form& form, std::string_view text, std::size_t offset,
                           std::size_t from = 0);

// Whether a gap can end with this byte.
bool may_end_gap(char c);

// The hit of a form that was matched from `begin` on. Base64 is decoded around it to tell what of
// an Authorization header ("user:KEY", "KEY:") from the rest.
Hit to_hit(const Form& form, std::string_view key, std::string_view text, std::size_t begin,
           const Match& match);

// A stretch of a form: the symbols from `begin` on, as they may stand in a text.
struct Fragment {
  std::string text;
  std::size_t begin = 0;
};

// Fragments of which each written form holds one intact, provided that it has fewer breaks than the
// key has pieces of `narrowest_piece` symbols, or at most one break per `narrowest_line` bytes
// where an encoder may change what stands in them (two fragments, one break), and that encoders
// either leave alone what is unreserved (RFC 3986 section 2.3) or encode all. Long ones, as far as
// the key allows: the shortest of all fragments decides how fast the search is.
inline constexpr std::size_t narrowest_line = 40;
inline constexpr std::size_t longest_wanted = 20;
std::vector<Fragment> fragments_of(const Form& form);

}  // namespace locksmith::leaks

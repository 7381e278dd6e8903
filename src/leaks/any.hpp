// Finds whatever has the shape of a key: every secret kind of the catalogue, and private keys. Few
// false alarms matter more than the last key: who cries wolf is switched off.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/secret.hpp"
#include "catalogue/catalogue.hpp"
#include "credential/shape.hpp"
#include "leaks/detector.hpp"
#include "leaks/kinds.hpp"

namespace locksmith::leaks {

// The same line as the key, in a comment: this one is known and no leak.
inline constexpr std::string_view allow_mark = "locksmith:allow";

class AnyDetector : public Detector {
 public:
  explicit AnyDetector(const catalogue::Catalogue& catalogue);

  // Hit::key is the index into seen().
  void search(std::string_view text, const std::function<void(const Hit&)>& on_hit) const override;
  std::size_t longest() const override { return 4096; }

  struct Seen {
    base::Secret value;
    Kind kind;         // without a provider: a private key
    std::string what;  // "GitHub classic-token", "private key (PEM)"
  };
  std::vector<Seen> seen() const;

 private:
  struct Known {
    Kind kind;
    credential::Shape shape;
  };
  struct Run {
    std::size_t offset = 0;
    std::string_view text;
  };

  bool try_prefixes(std::string_view text, std::size_t at, std::size_t& length,
                    const Known*& known) const;
  bool try_named(std::string_view text, std::size_t at, Run& run, const Known*& known) const;
  bool is_key(const Known& known, std::string_view run, std::size_t& length) const;
  std::size_t remember(std::string_view value, const Kind& kind) const;

  std::vector<Known> standalone_;  // sorted: the better match first
  std::vector<Known> named_;       // only behind a name that speaks for their provider
  std::bitset<65536> starts_;      // the first two bytes of any prefix
  std::array<std::vector<const Known*>, 256> by_first_;

  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::size_t> indexes_;
  mutable std::vector<Seen> seen_;
};

// Made by a generator, not by a person: no placeholder, no words, no row of equal characters.
bool looks_generated(std::string_view value, std::string_view prefix);

}  // namespace locksmith::leaks

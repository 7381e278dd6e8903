// Finds which differences make a request be refused, by asking about mixtures: delta debugging
// (A. Zeller, R. Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE TSE 28(2),
// 2002) whose halves are halves of what is likely. Pure: who asks sends.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace locksmith::compare {

// Which differences are taken from BAD; sorted. The rest is as in GOOD.
using Subset = std::vector<std::size_t>;

struct Reply {
  enum class Meaning { works, refused, useless };  // useless: rate limited, server fault, no answer
  Meaning meaning = Meaning::useless;
  int status = 0;
};

// nullopt: no more questions (budget, interruption).
using Ask = std::function<std::optional<Reply>(const Subset&)>;

struct Guilt {
  Subset differences;    // any fewer of them are let in, as far as that was asked
  int status = 0;        // what they are refused with
  bool minimal = false;  // false: it could not be narrowed down as far as that
};

struct Bisection {
  std::vector<Guilt> guilty;  // one after the other: mending the first uncovers the next
  bool proved = false;        // BAD without all of them is let in
};

// `weights` has one entry for each difference, larger is likelier; the caller knows that all of
// them together are refused with `status`, and that none of them is let in.
Bisection bisect(std::span<const double> weights, int status, const Ask& ask);

}  // namespace locksmith::compare

// What each outcome of each probe says of causes, as a table; interpret.cpp reads it.
#pragma once

#include <span>
#include <string_view>

#include "probe/interpret.hpp"

namespace locksmith::probe {

using Causes = std::span<const std::string_view>;

struct Shift {
  Causes family;  // or, when empty, the one cause
  std::string_view cause;
  double decibans;

  constexpr Shift(Causes causes, double weight) : family(causes), decibans(weight) {}
  constexpr Shift(const char* slug, double weight) : cause(slug), decibans(weight) {}
};

struct Rule {
  std::string_view probe;
  Outcome outcome;
  std::string_view text;
  std::span<const Shift> shifts;  // a later one replaces an earlier one
};

std::span<const Rule> rules();

}  // namespace locksmith::probe

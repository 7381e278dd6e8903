// The syntax tree of a shape (shape.hpp): what its parser yields, its matcher is compiled from, and
// its examples are made from.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace locksmith::credential::shape_tree {

constexpr std::size_t unlimited = std::string_view::npos;

struct Node {
  enum class Kind { set, sequence, choice, repeat };
  Kind kind = Kind::sequence;
  std::bitset<256> set = {};     // set: the bytes that fit; one of them: a literal
  std::vector<Node> parts = {};  // sequence, choice: any number; repeat: one
  std::size_t min = 1, max = 1;  // repeat
};

// Refuses a shape that would need more than 4096 states: `(a{99}){99}`.
Result<Node> parse(std::string_view pattern);

std::string literal_prefix(const Node& node);
std::size_t min_length(const Node& node);
std::size_t max_length(const Node& node);
std::string generate(const Node& node, std::uint64_t seed);

}  // namespace locksmith::credential::shape_tree

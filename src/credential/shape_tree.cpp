// What can be read off a shape without a value: its prefix, its lengths, and examples of it.
#include "credential/shape_tree.hpp"

#include <algorithm>

namespace locksmith::credential::shape_tree {
namespace {

char nth_member(const std::bitset<256>& set, std::size_t n) {
  unsigned c = 0;
  while (!set[c] || n-- > 0) ++c;
  return static_cast<char>(c);
}

// Appends the certain start of `node`; false when what follows it is no longer certain.
bool append_prefix(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::set:
      if (node.set.count() != 1) return false;
      out += nth_member(node.set, 0);
      return true;
    case Node::Kind::sequence:
      return std::ranges::all_of(node.parts,
                                 [&](const Node& part) { return append_prefix(part, out); });
    case Node::Kind::repeat:
      for (std::size_t i = 0; i < node.min; ++i) {
        if (!append_prefix(node.parts.front(), out)) return false;
      }
      return node.min == node.max;
    case Node::Kind::choice:
      break;
  }
  std::string common;
  append_prefix(node.parts.front(), common);
  for (const Node& part : node.parts) {
    std::string other;
    append_prefix(part, other);
    common.resize(std::ranges::mismatch(common, other).in1 - common.begin());
  }
  out += common;
  return false;
}

std::size_t sum_capped(std::size_t a, std::size_t b) {
  return a == unlimited || b == unlimited ? unlimited : a + b;
}

// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same everywhere, unlike std's distributions.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) { return next() % n; }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

// Counted in characters, not in rounds: nested repetitions would multiply.
constexpr std::size_t least_unlimited = 24;

void append_example(const Node& node, Random& random, std::string& out) {
  switch (node.kind) {
    case Node::Kind::set:
      out += nth_member(node.set, random.below(node.set.count()));
      return;
    case Node::Kind::sequence:
      for (const Node& part : node.parts) append_example(part, random, out);
      return;
    case Node::Kind::choice:
      append_example(node.parts[random.below(node.parts.size())], random, out);
      return;
    case Node::Kind::repeat:
      break;
  }
  const std::size_t start = out.size();
  for (std::size_t i = 0; i < node.min; ++i) append_example(node.parts.front(), random, out);
  bool grows = node.max == unlimited;
  while (grows && out.size() - start < least_unlimited) {
    const std::size_t before = out.size();
    append_example(node.parts.front(), random, out);
    grows = out.size() > before;
  }
}

}  // namespace

std::string literal_prefix(const Node& node) {
  std::string out;
  append_prefix(node, out);
  return out;
}

std::size_t min_length(const Node& node) {
  if (node.kind == Node::Kind::set) return 1;
  if (node.kind == Node::Kind::repeat) return node.min * min_length(node.parts.front());
  std::size_t sum = 0, least = unlimited;
  for (const Node& part : node.parts) {
    const std::size_t length = min_length(part);
    sum += length;
    least = std::min(least, length);
  }
  return node.kind == Node::Kind::choice ? least : sum;
}

std::size_t max_length(const Node& node) {
  if (node.kind == Node::Kind::set) return 1;
  if (node.kind == Node::Kind::repeat) {
    const std::size_t inner = max_length(node.parts.front());
    if (inner == 0) return 0;
    return inner == unlimited || node.max == unlimited ? unlimited : node.max * inner;
  }
  std::size_t sum = 0, most = 0;
  for (const Node& part : node.parts) {
    const std::size_t length = max_length(part);
    sum = sum_capped(sum, length);
    most = std::max(most, length);
  }
  return node.kind == Node::Kind::choice ? most : sum;
}

std::string generate(const Node& node, std::uint64_t seed) {
  Random random(seed);
  std::string out;
  append_example(node, random, out);
  return out;
}

}  // namespace locksmith::credential::shape_tree

// Shapes are parsed into a small tree, which makes examples, and compiled to an automaton, which
// matches. A state eats one byte, or splits, or accepts.
#include "credential/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "credential/shape_tree.hpp"

namespace locksmith::credential {

struct Shape::Element {
  enum class Kind : std::uint8_t { byte, one_of, split, accept };
  Kind kind = Kind::accept;
  std::uint16_t what = 0;      // the byte, or an index into classes_
  std::uint32_t next = 0;      // where to go
  std::uint32_t other = 0;     // split: the second way
  std::uint32_t distance = 0;  // fewest bytes from here to acceptance
};

Shape::Shape() = default;
Shape::~Shape() = default;
Shape::Shape(const Shape&) = default;
Shape::Shape(Shape&&) noexcept = default;
Shape& Shape::operator=(const Shape&) = default;
Shape& Shape::operator=(Shape&&) noexcept = default;

namespace {

using Element = Shape::Element;
using Kind = Element::Kind;
using shape_tree::Node;
using shape_tree::unlimited;

// Compiles from the end to the start: each part is given the state that follows it.
class Compiler {
 public:
  Compiler(std::vector<Element>& elements, std::vector<std::bitset<256>>& classes)
      : elements_(elements), classes_(classes) {}

  std::uint32_t compile(const Node& node, std::uint32_t next) {
    switch (node.kind) {
      case Node::Kind::set:
        return compile_set(node.set, next);
      case Node::Kind::sequence:
        for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part) {
          next = compile(*part, next);
        }
        return next;
      case Node::Kind::choice:
        return compile_choice(node, next);
      case Node::Kind::repeat:
        return compile_repeat(node, next);
    }
    return next;
  }

  std::uint32_t add(Element element) {
    elements_.push_back(element);
    return static_cast<std::uint32_t>(elements_.size() - 1);
  }

 private:
  std::uint32_t distance(std::uint32_t at) const { return elements_[at].distance; }

  std::uint32_t compile_set(const std::bitset<256>& set, std::uint32_t next) {
    const std::uint32_t further = distance(next) + 1;
    if (set.count() == 1) {
      std::uint16_t byte = 0;
      while (!set[byte]) ++byte;
      return add({Kind::byte, byte, next, 0, further});
    }
    auto found = std::ranges::find(classes_, set);
    if (found == classes_.end()) found = classes_.insert(classes_.end(), set);
    const auto index = static_cast<std::uint16_t>(found - classes_.begin());
    return add({Kind::one_of, index, next, 0, further});
  }

  std::uint32_t split(std::uint32_t a, std::uint32_t b) {
    return add({Kind::split, 0, a, b, std::min(distance(a), distance(b))});
  }

  std::uint32_t compile_choice(const Node& node, std::uint32_t next) {
    std::uint32_t entry = compile(node.parts.back(), next);
    for (auto part = node.parts.rbegin() + 1; part != node.parts.rend(); ++part) {
      entry = split(compile(*part, next), entry);
    }
    return entry;
  }

  std::uint32_t compile_repeat(const Node& node, std::uint32_t next) {
    const Node& inner = node.parts.front();
    std::uint32_t entry = next;
    if (node.max == unlimited) {
      entry = split(next, next);  // the loop; its second way is closed below
      elements_[entry].distance = distance(next);
      const std::uint32_t body = compile(inner, entry);
      elements_[entry].other = body;
    } else {
      for (std::size_t i = node.min; i < node.max; ++i) entry = split(compile(inner, entry), next);
    }
    for (std::size_t i = 0; i < node.min; ++i) entry = compile(inner, entry);
    return entry;
  }

  std::vector<Element>& elements_;
  std::vector<std::bitset<256>>& classes_;
};

// The states that are alive, splits already followed.
class Live {
 public:
  explicit Live(const std::vector<Element>& elements)
      : elements_(&elements), seen_(elements.size(), false) {}

  void enter(std::uint32_t state) {
    pending_.push_back(state);
    while (!pending_.empty()) {
      const std::uint32_t at = pending_.back();
      pending_.pop_back();
      if (seen_[at]) continue;
      seen_[at] = true;
      const Element& element = (*elements_)[at];
      visited_.push_back(at);
      if (element.kind == Kind::split) {
        pending_.push_back(element.other);
        pending_.push_back(element.next);
      } else {
        states_.push_back(at);
      }
    }
  }

  const std::vector<std::uint32_t>& states() const { return states_; }
  void clear() {
    for (const std::uint32_t at : visited_) seen_[at] = false;
    visited_.clear();
    states_.clear();
  }

 private:
  const std::vector<Element>* elements_;
  std::vector<bool> seen_;
  std::vector<std::uint32_t> states_, visited_, pending_;
};

// What is left after as much of `value` as fits.
struct Run {
  std::size_t eaten = 0;
  bool accepted = false;     // the whole value matches
  bool can_eat = false;      // some byte could still follow
  std::size_t distance = 0;  // fewest bytes that are missing here
};

Run run(const std::vector<Element>& elements, const std::vector<std::bitset<256>>& classes,
        std::uint32_t start, std::string_view value) {
  Run result;
  if (elements.empty()) return result;
  Live now(elements), then(elements);
  now.enter(start);
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    for (const std::uint32_t at : now.states()) {
      const Element& element = elements[at];
      const bool fits = element.kind == Kind::byte     ? element.what == byte
                        : element.kind == Kind::one_of ? classes[element.what][byte]
                                                       : false;
      if (fits) then.enter(element.next);
    }
    if (then.states().empty()) break;
    std::swap(now, then);
    then.clear();
    ++result.eaten;
  }
  result.distance = std::numeric_limits<std::size_t>::max();
  for (const std::uint32_t at : now.states()) {
    result.distance = std::min<std::size_t>(result.distance, elements[at].distance);
    if (elements[at].kind != Kind::accept) result.can_eat = true;
  }
  result.accepted = result.eaten == value.size() && result.distance == 0;
  return result;
}

}  // namespace

Result<Shape> Shape::parse(std::string_view pattern) {
  const Result<Node> tree = shape_tree::parse(pattern);
  if (!tree) return std::unexpected(tree.error());
  Shape shape;
  Compiler compiler(shape.elements_, shape.classes_);
  shape.start_ = compiler.compile(*tree, compiler.add({}));
  shape.pattern_ = pattern;
  shape.prefix_ = shape_tree::literal_prefix(*tree);
  shape.min_length_ = shape_tree::min_length(*tree);
  shape.max_length_ = shape_tree::max_length(*tree);
  return shape;
}

bool Shape::matches(std::string_view value) const {
  if (value.size() < min_length_ || value.size() > max_length_) return false;
  if (!value.starts_with(prefix_)) return false;
  return run(elements_, classes_, start_, value).accepted;
}

Shape::Mismatch Shape::mismatch(std::string_view value) const {
  const Run result = run(elements_, classes_, start_, value);
  Mismatch mismatch{.matched = result.eaten};
  if (result.accepted) return mismatch;
  if (result.eaten == value.size()) {
    mismatch.missing = static_cast<long>(result.distance);
  } else {
    // Where nothing more may follow, the rest is too much; else a byte is wrong.
    mismatch.bad_character = result.can_eat;
    if (value.size() < min_length_)
      mismatch.missing = static_cast<long>(min_length_ - value.size());
    if (value.size() > max_length_)
      mismatch.missing = -static_cast<long>(value.size() - max_length_);
    if (!result.can_eat && mismatch.missing == 0) {
      mismatch.missing = -static_cast<long>(value.size() - result.eaten);
    }
  }
  return mismatch;
}

std::string Shape::generate(std::uint64_t seed) const {
  const Result<Node> tree = shape_tree::parse(pattern_);
  return tree ? shape_tree::generate(*tree, seed) : std::string();
}

std::string literal_prefix(std::string_view pattern) {
  const Result<Node> tree = shape_tree::parse(pattern);
  return tree ? shape_tree::literal_prefix(*tree) : std::string();
}

}  // namespace locksmith::credential

// The parser of the shape language: recursive descent, bounded in depth and in size because shapes
// also come from users' own catalogues.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "credential/shape_tree.hpp"

namespace locksmith::credential::shape_tree {
namespace {

constexpr std::size_t max_states = 4096;
constexpr int max_depth = 16;

std::bitset<256> range(unsigned char first, unsigned char last) {
  std::bitset<256> set;
  for (unsigned c = first; c <= last; ++c) set.set(c);
  return set;
}

std::bitset<256> digits() { return range('0', '9'); }
std::bitset<256> word_characters() {
  return digits() | range('A', 'Z') | range('a', 'z') | range('_', '_');
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return c != '_' && word_characters()[static_cast<unsigned char>(c)];
}

// How many states the matcher will need.
std::size_t states(const Node& node) {
  std::size_t sum = 1;
  for (const Node& part : node.parts) sum += states(part);
  if (node.kind != Node::Kind::repeat) return std::min(sum, max_states + 1);
  const std::size_t times = node.max == unlimited ? node.min + 1 : node.max;
  return times > max_states ? max_states + 1 : std::min(1 + sum * times, max_states + 1);
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Node> parse() {
    if (peek('^')) ++at_;
    Node node = choice(0);
    if (error_.empty() && at_ < text_.size()) error("a ')' without its '('");
    if (error_.empty() && states(node) > max_states) error("this is too large");
    if (!error_.empty()) {
      return fail(ErrorCode::usage,
                  fmt::format("shape: {} (at character {})", error_, error_at_ + 1), hint_);
    }
    return node;
  }

 private:
  bool end() const { return at_ >= text_.size() || !error_.empty(); }
  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!peek(c)) return false;
    ++at_;
    return true;
  }
  void error(std::string message, std::string hint = {}) {
    if (!error_.empty()) return;
    error_ = std::move(message);
    hint_ = std::move(hint);
    error_at_ = at_;
  }

  Node choice(int depth) {
    Node node{.kind = Node::Kind::choice};
    do node.parts.push_back(sequence(depth));
    while (!end() && take('|'));
    if (node.parts.size() > 1) return node;
    Node only = std::move(node.parts.front());
    return only;
  }

  Node sequence(int depth) {
    Node node{.kind = Node::Kind::sequence};
    while (!end() && !peek('|') && !peek(')')) {
      if (peek('$') && at_ + 1 == text_.size()) {
        ++at_;
        break;
      }
      node.parts.push_back(quantified(atom(depth)));
    }
    return node;
  }

  Node atom(int depth) {
    if (take('(')) return group(depth);
    if (take('[')) return {.kind = Node::Kind::set, .set = char_class()};
    if (take('\\')) return {.kind = Node::Kind::set, .set = escape()};
    const char c = text_[at_];
    if (c == '.') error("'.' stands for any character", "write '\\.' for a dot, or a class");
    if (c == '*' || c == '+' || c == '?' || c == '{') error(fmt::format("'{}' repeats nothing", c));
    if (c == '^' || c == '$') error(fmt::format("'{}' stands inside", c), "escape it with '\\'");
    ++at_;
    return {.kind = Node::Kind::set, .set = range(c, c)};
  }

  Node group(int depth) {
    if (depth >= max_depth) error("groups are nested too deeply");
    if (take('?') && !take(':')) error("only (…) and (?:…) are groups here");
    Node node = end() ? Node{} : choice(depth + 1);
    if (!take(')')) error("a '(' without its ')'");
    return node;
  }

  std::bitset<256> escape() {
    if (at_ >= text_.size()) {
      error("a '\\' at the end");
      return {};
    }
    const char c = text_[at_++];
    if (c == 'd') return digits();
    if (c == 'w') return word_characters();
    if (is_alphanumeric(c)) {
      --at_;
      error(fmt::format("unknown escape '\\{}'", c),
            "there are \\d, \\w, and \\ before punctuation");
    }
    return range(c, c);
  }

  // One character of a class, or a whole set for \d and \w.
  std::bitset<256> class_item() {
    if (take('\\')) return escape();
    const char c = text_[at_++];
    return range(c, c);
  }

  std::bitset<256> char_class() {
    std::bitset<256> set;
    if (peek('^')) error("a negated class", "list the characters that may occur");
    while (!end() && !peek(']')) {
      const std::bitset<256> first = class_item();
      const bool is_range = first.count() == 1 && at_ + 1 < text_.size() && text_[at_] == '-' &&
                            text_[at_ + 1] != ']';
      set |= first;
      if (!is_range) continue;
      ++at_;
      const std::bitset<256> last = class_item();
      set |= span_of(first, last);
    }
    if (!take(']')) error("a '[' without its ']'");
    if (set.none()) error("an empty class");
    return set;
  }

  std::bitset<256> span_of(const std::bitset<256>& first, const std::bitset<256>& last) {
    unsigned a = 0, b = 0;
    while (!first[a]) ++a;
    if (last.count() != 1) {
      error("a range that ends in a class");
      return {};
    }
    while (!last[b]) ++b;
    if (a > b) error("a range that runs backwards");
    return a > b ? std::bitset<256>()
                 : range(static_cast<unsigned char>(a), static_cast<unsigned char>(b));
  }

  Node quantified(Node inner) {
    std::size_t min = 1, max = 1;
    if (take('?'))
      min = 0;
    else if (take('*'))
      min = 0, max = unlimited;
    else if (take('+'))
      max = unlimited;
    else if (take('{'))
      bounds(min, max);
    else
      return inner;
    if (peek('?') || peek('*') || peek('+') || peek('{')) error("two repetitions in a row");
    Node node{.kind = Node::Kind::repeat, .min = min, .max = max};
    node.parts.push_back(std::move(inner));
    return node;
  }

  void bounds(std::size_t& min, std::size_t& max) {
    const std::optional<std::size_t> first = number();
    min = max = first.value_or(0);
    if (take(',')) max = is_next_digit() ? number().value_or(0) : unlimited;
    if (!first || !take('}')) error("a repetition is {n}, {n,m} or {n,}");
    if (max < min) error("a repetition that runs backwards");
    if (max == 0) error("a repetition of nothing");
  }

  bool is_next_digit() const { return at_ < text_.size() && is_digit(text_[at_]); }
  std::optional<std::size_t> number() {
    if (!is_next_digit()) return {};
    std::size_t value = 0;
    while (is_next_digit())
      value = std::min<std::size_t>(value * 10 + (text_[at_++] - '0'), 1000000);
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_, hint_;
  std::size_t error_at_ = 0;
};

}  // namespace

Result<Node> parse(std::string_view pattern) { return Parser(pattern).parse(); }

}  // namespace locksmith::credential::shape_tree

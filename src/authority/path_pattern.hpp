// Matches the path of a request against the patterns of endpoints. What a path means is decided
// here once, and strictly: a path that a server behind us could read in two ways (dot segments,
// empty segments, an encoded slash) matches no pattern, so that nobody slips past one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace locksmith::authority {

// A path in segments, still percent-encoded; views into the request's target.
struct Path {
  static constexpr std::size_t max_segments = 32;
  bool plain = false;    // has one reading only
  bool encoded = false;  // there is a '%' in it
  std::size_t size = 0;
  std::array<std::string_view, max_segments> segments;  // the first `size` of them
};
// `target` is a path with or without a query. One '/' at its end says nothing.
void split_path(std::string_view target, Path& path);

// "/v1/orders/{id}", "/v1/orders/**". `{name}` stands for one segment, a last `**` for any number
// of further ones, none included. Case matters.
class PathPattern {
 public:
  static Result<PathPattern> parse(std::string_view text);
  bool matches(const Path& path) const;

  struct Segment {
    bool any = false;     // {name}
    std::string literal;  // decoded
  };
  const std::vector<Segment>& segments() const { return segments_; }
  bool rest() const { return rest_; }

 private:
  std::vector<Segment> segments_;
  bool rest_ = false;
};

// Whether a segment as it was sent is this literal.
bool segment_is(std::string_view sent, std::string_view literal);

// Many patterns at once: the first that matches, in the order in which they were added.
class RouteTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;
  void add(const PathPattern& pattern, std::vector<std::string> methods);  // none: any method
  // The row for a request; `path_known` says whether a row fits but for its methods.
  std::uint32_t find(const Path& path, std::string_view method, bool& path_known) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(methods_.size()); }

 private:
  struct Node {
    std::vector<std::pair<std::string, std::uint32_t>> literals;  // in order; of a child
    std::uint32_t any = none;                                     // child for {name}
    std::vector<std::uint32_t> rows, rest_rows;
  };
  struct Search;
  std::uint32_t child(std::uint32_t node, const PathPattern::Segment& segment);
  void visit(std::uint32_t node, std::size_t depth, Search& search) const;
  void take(const std::vector<std::uint32_t>& rows, Search& search) const;

  std::vector<Node> nodes_{Node{}};
  std::vector<std::vector<std::string>> methods_;  // of each row
};

// Whether `methods` names the method; GET also stands for HEAD (RFC 9110 section 9.3.2).
bool has_method(const std::vector<std::string>& methods, std::string_view method);

}  // namespace locksmith::authority

#include "authority/path_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace locksmith::authority {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that starts at `at`, which moves behind it; -1 for a stray '%'.
int decoded(std::string_view text, std::size_t& at) {
  const char c = text[at++];
  if (c != '%') return static_cast<unsigned char>(c);
  if (at + 2 > text.size()) return -1;
  const int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
  at += 2;
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// ';' begins parameters that some servers cut off (RFC 3986 section 3.3); '\' is a '/' to others.
constexpr bool is_plain_byte(int byte, bool was_encoded) {
  return byte > 0x20 - (was_encoded ? 1 : 0) && byte != 0x7f && byte != '/' && byte != '\\' &&
         (was_encoded || (byte != ';' && byte != '#'));
}

bool is_plain(std::string_view segment) {
  if (segment.empty()) return false;
  std::size_t dots = 0, size = 0;
  for (std::size_t at = 0; at < segment.size(); ++size) {
    const bool encoded = segment[at] == '%';
    const int byte = decoded(segment, at);
    if (byte < 0 || !is_plain_byte(byte, encoded)) return false;
    if (byte == '.') ++dots;
  }
  return dots != size || size > 2;
}

// What a byte means to the loop below. Nearly no path has an odd one, after which its segment has
// to be looked at closely.
enum ByteKind : std::uint8_t { plain_byte, odd_byte, slash };
constexpr auto byte_kinds = [] {
  std::array<ByteKind, 256> out{};
  for (int byte = 0; byte < 256; ++byte) {
    const bool odd = byte == '%' || !is_plain_byte(byte, false);
    out[static_cast<std::size_t>(byte)] = byte == '/' ? slash : odd ? odd_byte : plain_byte;
  }
  return out;
}();

}  // namespace

void split_path(std::string_view target, Path& path) {
  path.plain = path.encoded = false;
  path.size = 0;
  target = target.substr(0, target.find('?'));
  if (!target.starts_with('/')) return;
  target.remove_prefix(1);
  if (target.size() > 1 && target.ends_with('/')) target.remove_suffix(1);
  if (target.empty()) {
    path.plain = true;
    return;
  }
  const char* at = target.data();
  const char* const end = at + target.size();
  while (true) {
    const char* const start = at;
    unsigned odd = 0;
    for (; at != end; ++at) {
      const ByteKind kind = byte_kinds[static_cast<unsigned char>(*at)];
      if (kind == slash) break;
      odd |= kind;
    }
    const std::string_view segment(start, static_cast<std::size_t>(at - start));
    const bool close = odd != 0 || segment.empty() || (*start == '.' && segment.size() <= 2);
    if (path.size == Path::max_segments || (close && !is_plain(segment))) return;
    path.segments[path.size++] = segment;
    path.encoded = path.encoded || odd != 0;  // of odd bytes, only that one is plain
    if (at == end) break;
    ++at;
  }
  path.plain = true;
}

bool segment_is(std::string_view sent, std::string_view literal) {
  if (sent.find('%') == sent.npos) return sent == literal;
  std::size_t at = 0;
  for (const char c : literal) {
    if (at >= sent.size() || decoded(sent, at) != static_cast<unsigned char>(c)) return false;
  }
  return at == sent.size();
}

Result<PathPattern> PathPattern::parse(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return fail(ErrorCode::usage, fmt::format("the path pattern \"{}\" {}", text, what),
                "for example \"/v1/orders/{id}\" or \"/v1/orders/**\"");
  };
  if (!text.starts_with('/')) return wrong("does not start with \"/\"");
  PathPattern out;
  std::string_view left = text;
  if (left.ends_with("/**")) {
    out.rest_ = true;
    left.remove_suffix(3);
  }
  Path path;
  split_path(left.empty() ? "/" : left, path);
  if (!path.plain || left.find('?') != left.npos) return wrong("is not a plain path");
  for (std::size_t i = 0; i < path.size; ++i) {
    const std::string_view segment = path.segments[i];
    Segment& added = out.segments_.emplace_back();
    added.any = segment.starts_with('{') && segment.ends_with('}') && segment.size() > 2;
    if (segment.find_first_of("*{}") != segment.npos && !added.any)
      return wrong("has a wildcard within a segment");
    for (std::size_t at = 0; at < segment.size();)
      added.literal += static_cast<char>(decoded(segment, at));
  }
  return out;
}

bool PathPattern::matches(const Path& path) const {
  if (!path.plain || path.size < segments_.size()) return false;
  if (path.size > segments_.size() && !rest_) return false;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    if (!segments_[i].any && !segment_is(path.segments[i], segments_[i].literal)) return false;
  }
  return true;
}

bool has_method(const std::vector<std::string>& methods, std::string_view method) {
  return std::ranges::any_of(methods, [&](const std::string& each) {
    return each == method || (method == "HEAD" && each == "GET");
  });
}

namespace {

// The order of a node's literals. The size first: it tells most of them apart.
bool stands_before(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

struct RouteTable::Search {
  const Path& path;
  std::string_view method;
  std::uint32_t best = none;
  bool path_known = false;
};

std::uint32_t RouteTable::child(std::uint32_t node, const PathPattern::Segment& segment) {
  const auto fresh = [&] {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  };
  if (segment.any) {
    if (nodes_[node].any == none) {
      const auto made = fresh();
      nodes_[node].any = made;
    }
    return nodes_[node].any;
  }
  for (const auto& [literal, next] : nodes_[node].literals) {
    if (literal == segment.literal) return next;
  }
  const auto made = fresh();
  auto& literals = nodes_[node].literals;
  literals.emplace_back(segment.literal, made);
  std::ranges::sort(literals, stands_before,
                    [](const auto& literal) { return std::string_view(literal.first); });
  return made;
}

void RouteTable::add(const PathPattern& pattern, std::vector<std::string> methods) {
  std::uint32_t node = 0;
  for (const auto& segment : pattern.segments()) node = child(node, segment);
  auto& rows = pattern.rest() ? nodes_[node].rest_rows : nodes_[node].rows;
  rows.push_back(size());
  methods_.push_back(std::move(methods));
}

void RouteTable::take(const std::vector<std::uint32_t>& rows, Search& search) const {
  for (const std::uint32_t row : rows) {
    search.path_known = true;
    if (row >= search.best) return;
    if (methods_[row].empty() || has_method(methods_[row], search.method)) {
      search.best = row;
      return;
    }
  }
}

// Each node stands for one way to reach it, so that no path takes more steps than there are nodes.
void RouteTable::visit(std::uint32_t node, std::size_t depth, Search& search) const {
  const Node& here = nodes_[node];
  take(here.rest_rows, search);
  if (depth == search.path.size) {
    take(here.rows, search);
    return;
  }
  const std::string_view segment = search.path.segments[depth];
  if (!search.path.encoded || segment.find('%') == segment.npos) {
    const auto found = std::ranges::lower_bound(
        here.literals, segment, stands_before,
        [](const auto& literal) { return std::string_view(literal.first); });
    if (found != here.literals.end() && found->first == segment)
      visit(found->second, depth + 1, search);
  } else {
    for (const auto& [literal, next] : here.literals) {
      if (segment_is(segment, literal)) visit(next, depth + 1, search);
    }
  }
  if (here.any != none) visit(here.any, depth + 1, search);
}

std::uint32_t RouteTable::find(const Path& path, std::string_view method, bool& path_known) const {
  Search search{path, method};
  if (path.plain) visit(0, 0, search);
  path_known = search.path_known;
  return search.best;
}

}  // namespace locksmith::authority

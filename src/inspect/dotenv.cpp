#include "inspect/dotenv.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::inspect {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

void read_value(std::string_view raw, Assignment& out) {
  const std::string_view inner = base::trim(raw);
  out.spaces = inner.size() != raw.size();
  if (!inner.empty() && (inner.front() == '"' || inner.front() == '\'')) {
    const auto close = inner.find(inner.front(), 1);
    if (close != std::string_view::npos) {
      out.quoted = true;
      out.value = inner.substr(1, close - 1);
      out.comment = base::trim(inner.substr(close + 1)).starts_with('#');
      return;
    }
  }
  const auto comment = inner.find(" #");
  out.comment = comment != std::string_view::npos;
  out.value = base::trim(inner.substr(0, comment));
}

// Where the line ends. A PEM block in quotes runs over many; its base64 must not be read as
// assignments.
std::size_t end_of_assignment(std::string_view text, std::size_t start) {
  const std::size_t end = std::min(text.find('\n', start), text.size());
  const std::string_view line = text.substr(start, end - start);
  const auto block = line.find("=\"-----BEGIN"), other = line.find("='-----BEGIN");
  const auto opening = std::min(block, other);
  if (opening == std::string_view::npos) return end;
  const auto closing = text.find(line[opening + 1], start + opening + 2);
  return closing == std::string_view::npos ? end : std::min(text.find('\n', closing), text.size());
}

}  // namespace

std::vector<Assignment> read_dotenv(std::string_view text) {
  std::vector<Assignment> assignments;
  constexpr std::string_view mark = "\xef\xbb\xbf";
  const bool marked = text.starts_with(mark);
  if (marked) text.remove_prefix(mark.size());
  int line_number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = end_of_assignment(text, start);
    std::string_view line = text.substr(start, end - start);
    Assignment out;
    out.line = line_number + 1;
    line_number += 1 + static_cast<int>(std::ranges::count(line, '\n'));
    start = end + 1;
    out.carriage_return = line.ends_with('\r');
    if (out.carriage_return) line.remove_suffix(1);
    std::string_view rest = base::trim(line);
    if (rest.starts_with('#')) continue;
    if (rest.starts_with("export ")) rest = base::trim(rest.substr(7));
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = base::trim(rest.substr(0, equals));
    if (!is_name(name)) continue;
    out.name = name;
    // The white space at the line's end is part of what some loaders read.
    const auto raw_at = line.find('=');
    out.raw = line.substr(raw_at + 1);
    read_value(out.raw, out);
    out.spaces |= name.size() != rest.substr(0, equals).size();
    out.byte_order_mark = marked && assignments.empty();
    assignments.push_back(std::move(out));
  }
  return assignments;
}

}  // namespace locksmith::inspect

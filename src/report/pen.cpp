#include "report/pen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace locksmith::report {
namespace {

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> rows(1);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string_view word = text.substr(start, end - start);
    const bool fits = columns(rows.back()) + 1 + columns(word) <= width;
    if (!rows.back().empty() && !fits) rows.emplace_back();
    if (!rows.back().empty()) rows.back() += ' ';
    rows.back() += word;
    start = end + 1;
  }
  return rows;
}

// The parts of a pipeline, each but the last with its `|`. A quoted one divides nothing.
std::vector<std::string_view> pipeline(std::string_view command) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  char quote = 0;
  for (std::size_t at = 0; at < command.size(); ++at) {
    const char c = command[at];
    if (quote) {
      if (c == '\\' && quote == '"')
        ++at;
      else if (c == quote)
        quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (command.substr(at).starts_with("| ") && at > 0 && command[at - 1] == ' ') {
      parts.push_back(command.substr(start, at + 1 - start));
      start = at + 2;
    }
  }
  parts.push_back(command.substr(start));
  return parts;
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string Pen::painted(std::string_view code, std::string_view text) const {
  return color_ && !code.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

void Pen::heading(std::string_view text) { out_ += "\n" + painted(paint::bold, text) + "\n"; }

void Pen::paragraph(std::string_view mark, std::string_view text, Style style) {
  const std::size_t indent = columns(mark);
  const std::string safe = base::printable(text);
  std::string lead = painted(style.mark_code, mark);
  for (const std::string& row : wrapped(safe, width_ - std::min(width_ - 20, indent))) {
    out_ += lead + painted(style.code, row) + "\n";
    lead.assign(indent, ' ');
  }
}

void Pen::command(std::string_view text) {
  const std::string safe = base::printable(text);
  std::string row = "  " + painted(paint::dim, "$") + " ";
  std::size_t used = 4;
  for (const std::string_view part : pipeline(safe)) {
    if (used > 6 && used + columns(part) > width_) {
      out_ += row + "\n";
      row.assign(6, ' ');
      used = 6;
    }
    row += (row.ends_with('|') ? " " : "") + std::string(part);
    used += 1 + columns(part);
  }
  out_ += row + "\n";
}

}  // namespace locksmith::report

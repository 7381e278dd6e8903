// Writes lines for a terminal: wrapped, indented, coloured where that is wanted, and never with a
// control character that came from elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace locksmith::report {

// Codes of ECMA-48, "select graphic rendition".
namespace paint {
inline constexpr std::string_view none = "", bold = "1", dim = "2", red = "31", green = "32",
                                  yellow = "33", bold_red = "1;31";
}

class Pen {
 public:
  Pen(bool color, std::size_t width) : color_(color), width_(width) {}

  std::string painted(std::string_view code, std::string_view text) const;

  void blank() { out_ += '\n'; }
  void heading(std::string_view text);
  // `text` behind `mark`, broken at blanks so that it fits; further lines start below its first
  // word. A word that is too long stands on a line of its own and is not broken.
  struct Style {
    std::string_view mark_code = paint::none, code = paint::none;
  };
  void paragraph(std::string_view mark, std::string_view text, Style style);
  void paragraph(std::string_view mark, std::string_view text) { paragraph(mark, text, {}); }
  // A shell command: only ever broken behind a `|`, where the shell reads on, so that it can be
  // pasted.
  void command(std::string_view text);

  std::string take() { return std::move(out_); }

 private:
  bool color_;
  std::size_t width_;
  std::string out_;
};

// How many columns a terminal takes for it; wide characters are counted as one.
std::size_t columns(std::string_view text);

}  // namespace locksmith::report

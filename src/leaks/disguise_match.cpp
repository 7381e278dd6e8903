// Follows a form through a text, symbol by symbol, over line breaks.
#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "leaks/disguise.hpp"

namespace locksmith::leaks {
namespace {

constexpr bool one_of(char c, std::string_view set) { return set.find(c) != set.npos; }

// Reads what may stand between two symbols. A shell or a configuration ends the line with a
// backslash, a program ends and begins a string, mail ends it with '=' (RFC 2045 section 6.7), and
// a patch or a comment begins the next line with a mark.
class Gap {
 public:
  Gap(std::string_view text, std::size_t offset)
      : text_(text.substr(0, std::min(text.size(), offset + longest_gap))), at_(offset) {
    read();
  }
  // Where the next symbol may stand.
  std::span<const std::size_t> ends() const { return {ends_.data(), count_}; }

  static bool may_begin(char c) { return one_of(c, " \t\r\n\\=\"'`"); }

 private:
  char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool skip(std::string_view word) {
    if (!text_.substr(std::min(at_, text_.size())).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void blanks() {
    while (one_of(now(), " \t")) ++at_;
  }
  bool operator_sign() {
    if (at_ >= text_.size() || !one_of(now(), "+.&\\")) return false;
    ++at_;
    blanks();
    return true;
  }
  bool line_end() { return skip("\r\n") || skip("\n"); }
  void end_here() { ends_[count_++] = at_; }

  void read() {
    const bool written = skip("\\r\\n") || skip("\\n");  // within a string
    const char quote = at_ < text_.size() && one_of(now(), "\"'`") ? now() : '\0';
    if (quote) return read_strings(quote, written);
    blanks();
    if (!line_end() && !skip("\\\n") && !skip("\\\r\n") && !skip("=\n") && !skip("=\r\n")) {
      if (written) end_here();
      return;
    }
    blanks();
    end_here();
    if (!skip("//") && !(at_ < text_.size() && one_of(now(), "+->#*|"))) return;
    if (text_[at_ - 1] != '/') ++at_;
    blanks();
    end_here();
  }

  void read_strings(char quote, bool written) {
    ++at_;
    blanks();
    bool joined = operator_sign();
    joined |= line_end() || written;
    blanks();
    joined |= operator_sign();
    if (!joined || now() != quote) return;
    ++at_;
    end_here();
  }

  std::string_view text_;
  std::size_t at_;
  std::array<std::size_t, 2> ends_{};
  std::size_t count_ = 0;
};

struct Step {
  std::size_t symbol = 0;
  std::size_t gaps = 0;  // that are still allowed
  Match match;           // `end`: where the symbol is to stand
};

class Walk {
 public:
  Walk(const Form& form, std::string_view text)
      : form_(form), text_(text), steps_left_(256 + 16 * form.symbols.size()) {}

  // Goes back to where there were two ways on. The steps are counted, so that no text, however it
  // was made up, takes long.
  std::optional<Match> go(Step step) {
    while (step.symbol < form_.symbols.size()) {
      if (steps_left_-- == 0 || step.match.end >= text_.size()) return std::nullopt;
      const auto& symbol = *form_.symbols[step.symbol];
      const char c = text_[step.match.end];
      const bool gap = step.symbol > 0 && step.gaps > 0 && Gap::may_begin(c);
      const Way* only = nullptr;
      std::size_t ways = 0;
      if (symbol.first.test(static_cast<unsigned char>(c)))
        for (const auto& way : symbol.ways)
          if (stands(way, step)) only = &way, ++ways;
      if (ways != 1 || gap) return fork(symbol, step, gap);
      step = after(step, *only);
    }
    return step.match;
  }

 private:
  bool stands(const Way& way, const Step& step) const {
    return text_.compare(step.match.end, way.text.size(), way.text) == 0;
  }
  static Step after(Step step, const Way& way) {
    ++step.symbol;
    step.match.end += way.text.size();
    step.match.url |= way.spelling == Spelling::url;
    step.match.json |= way.spelling == Spelling::json;
    return step;
  }
  std::optional<Match> fork(const Symbol& symbol, const Step& step, bool gap) {
    for (const auto& way : symbol.ways) {
      if (!stands(way, step)) continue;
      if (auto match = go(after(step, way))) return match;
    }
    if (!gap) return std::nullopt;
    Step next = step;
    --next.gaps;
    next.match.wrapped = true;
    const Gap between(text_, step.match.end);
    for (const auto end : between.ends()) {
      next.match.end = end;
      if (auto match = go(next)) return match;
    }
    return std::nullopt;
  }

  const Form& form_;
  std::string_view text_;
  std::size_t steps_left_;
};

bool in_base64(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         one_of(c, "+/-_");
}

// RFC 7617: user-id, a colon, password. Some APIs take the key as the one, others as the other.
bool is_basic(const Form& form, std::string_view key, std::string_view text, std::size_t begin,
              std::size_t end) {
  std::size_t from = begin, to = end;
  while (from > 0 && in_base64(text[from - 1]) && begin - from < basic_context) --from;
  while (to < text.size() && in_base64(text[to]) && to - end < basic_context) ++to;
  if ((begin - from) % 4 != form.alignment) return false;
  std::string run(text.substr(from, to - from));
  std::replace(run.begin(), run.end(), '-', '+');
  std::replace(run.begin(), run.end(), '_', '/');
  const auto decoded = base::base64_decode(run);
  const std::size_t at = (begin - from) / 4 * 3 + form.alignment;
  if (!decoded || decoded->compare(at, key.size(), key) != 0) return false;
  if (at == 0) return decoded->size() > key.size() && (*decoded)[key.size()] == ':';
  const auto user = std::string_view(*decoded).substr(0, at - 1);
  return (*decoded)[at - 1] == ':' && decoded->size() == at + key.size() &&
         std::all_of(user.begin(), user.end(), [](char c) { return c >= ' ' && c != ':'; });
}

}  // namespace

std::optional<Match> match(const Form& form, std::string_view text, std::size_t offset,
                           std::size_t from) {
  return Walk(form, text).go({from, gaps_allowed(form.symbols.size()), {offset}});
}

bool may_end_gap(char c) { return one_of(c, " \t\nn\"'`+->#*|/"); }

Hit to_hit(const Form& form, std::string_view key, std::string_view text, std::size_t begin,
           const Match& match) {
  Hit hit{form.key, Disguise::plain, begin, match.end - begin};
  if (form.base64) {
    const bool whole = !match.url && !match.json && !match.wrapped;
    const bool basic = whole && is_basic(form, key, text, begin, match.end);
    hit.disguise = basic ? Disguise::basic : Disguise::base64;
  } else if (match.url || match.json) {
    hit.disguise = match.url ? Disguise::url_encoded : Disguise::json;
  } else if (match.wrapped) {
    hit.disguise = Disguise::wrapped;
  }
  return hit;
}

}  // namespace locksmith::leaks

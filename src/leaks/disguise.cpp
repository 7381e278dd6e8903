// The symbols of each form, and the two fragments by which it is found.
#include "leaks/disguise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace locksmith::leaks {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool unreserved(unsigned char c) {  // RFC 3986 section 2.3
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void add_way(Symbol& symbol, std::string text, Spelling spelling) {
  for (const auto& way : symbol.ways)
    if (way.text == text) return;
  symbol.first.set(static_cast<unsigned char>(text.front()));
  symbol.longest = std::max(symbol.longest, text.size());
  symbol.ways.push_back({std::move(text), spelling});
}

// RFC 8259 section 7, and what JavaScript, C and Python have besides.
void add_escapes(Symbol& symbol, unsigned char c) {
  constexpr std::string_view from = "\"\\/'\b\f\n\r\t", to = "\"\\/'bfnrt";
  if (const auto at = from.find(static_cast<char>(c)); at != from.npos)
    add_way(symbol, {'\\', to[at]}, Spelling::json);
  if (c == '\n') add_way(symbol, "\r\n", Spelling::raw), add_way(symbol, "\\r\\n", Spelling::json);
  if (c >= 0x80) return;  // one byte of a character that \u would name as a whole
  add_way(symbol, fmt::format("\\u{:04x}", c), Spelling::json);
  add_way(symbol, fmt::format("\\u{:04X}", c), Spelling::json);
  add_way(symbol, fmt::format("\\x{:02x}", c), Spelling::json);
  add_way(symbol, fmt::format("\\x{:02X}", c), Spelling::json);
}

void add_byte(Symbol& symbol, char byte) {
  const auto c = static_cast<unsigned char>(byte);
  add_way(symbol, std::string(1, byte), Spelling::raw);
  add_way(symbol, fmt::format("%{:02X}", c), Spelling::url);
  add_way(symbol, fmt::format("%{:02x}", c), Spelling::url);
  add_escapes(symbol, c);
}

std::shared_ptr<const Symbol> symbol_of(char byte) {
  static const auto all = [] {
    std::array<std::shared_ptr<const Symbol>, 256> table;
    for (unsigned c = 0; c < 256; ++c) {
      auto symbol = std::make_shared<Symbol>();
      add_byte(*symbol, static_cast<char>(c));
      symbol->plain = unreserved(static_cast<unsigned char>(c));
      table[c] = std::move(symbol);
    }
    return table;
  }();
  return all[static_cast<unsigned char>(byte)];
}

// The digits of base64 whose bits under `mask` are those of `value`; of the others something else,
// in front of the key or behind it, decides.
std::shared_ptr<const Symbol> digit(unsigned value, unsigned mask) {
  auto symbol = std::make_shared<Symbol>();
  for (unsigned d = 0; d < alphabet.size(); ++d) {
    if ((d & mask) != (value & mask)) continue;
    add_byte(*symbol, alphabet[d]);
    if (d >= 62) add_byte(*symbol, d == 62 ? '-' : '_');  // RFC 4648 section 5
  }
  symbol->plain = mask == 63 && value < 62;
  return symbol;
}

Form base64_form(std::size_t index, std::string_view key, unsigned alignment) {
  Form form{index, true, alignment, {}};
  const std::size_t first_bit = 8 * alignment, end_bit = first_bit + 8 * key.size();
  for (std::size_t bit = first_bit / 6 * 6; bit < end_bit; bit += 6) {
    unsigned value = 0, mask = 0;
    for (std::size_t b = bit; b < bit + 6; ++b) {
      const bool known = b >= first_bit && b < end_bit;
      const auto byte = known ? static_cast<unsigned char>(key[b / 8 - alignment]) : 0u;
      value = value << 1 | (byte >> (7 - b % 8) & 1);
      mask = mask << 1 | (known ? 1 : 0);
    }
    form.symbols.push_back(digit(value, mask));
  }
  return form;
}

// How many texts the symbols of a stretch make, when encoders leave alone what is plain.
std::size_t texts(const Form& form, std::size_t begin, std::size_t length) {
  std::size_t count = 1;
  for (std::size_t i = begin; i < begin + length && count < 1 << 20; ++i)
    if (!form.symbols[i]->plain) count *= form.symbols[i]->ways.size();
  return count;
}

// Two stretches of `length` that do not meet, as far behind as possible: what stands in front is
// what keys of one kind have in common.
struct Pair {
  std::size_t first = 0, second = 0, texts = 0;
};
std::optional<Pair> stretches(const Form& form, std::size_t length, std::size_t limit,
                              std::size_t span) {
  const std::size_t n = form.symbols.size();
  const std::size_t nearest = n > 400 ? n - 400 : 0;  // bounds the time for odd keys
  std::optional<Pair> best;
  for (std::size_t second = n - length + 1; second-- > std::max(length, nearest);) {
    const auto cost = texts(form, second, length);
    if (cost > limit || (best && cost >= best->texts)) continue;
    const std::size_t floor =
        std::max(nearest, second + length > span ? second + length - span : 0);
    for (std::size_t first = second - length + 1; first-- > floor;) {
      const auto both = std::max(cost, texts(form, first, length));
      if (both > limit || (best && both >= best->texts)) continue;
      best = Pair{first, second, both};
      if (both == 1) return best;
    }
  }
  return best;
}

void add_texts(const Form& form, const Fragment& so_far, std::size_t at, std::size_t end,
               std::vector<Fragment>& out) {
  if (at == end) {
    out.push_back(so_far);
    return;
  }
  const auto& symbol = *form.symbols[at];
  for (const auto& way : symbol.ways) {
    add_texts(form, {so_far.text + way.text, so_far.begin}, at + 1, end, out);
    if (symbol.plain) return;  // the first way is the byte itself
  }
}

// As many stretches as the key has pieces, so that each break spoils one and one remains. Only
// where every symbol is written in one way: else they would be short, or many.
bool add_pieces(const Form& form, std::vector<Fragment>& out) {
  const std::size_t n = form.symbols.size(), pieces = n / narrowest_piece;
  if (form.base64 || pieces < 3 || pieces > 100) return false;
  const std::size_t length = std::min(longest_wanted, n / pieces), front = n - pieces * length;
  if (texts(form, front, pieces * length) != 1) return false;
  for (std::size_t begin = front; begin < n; begin += length)
    add_texts(form, {"", begin}, begin, begin + length, out);
  return true;
}

// All of it encoded, in one case of the hexadecimal digits.
void add_encoded(const Form& form, std::string_view key, std::vector<Fragment>& out) {
  const std::size_t count = std::min<std::size_t>(key.size(), 7), begin = key.size() - count;
  for (std::string_view style :
       {"%{:02X}", "%{:02x}", "\\u{:04X}", "\\u{:04x}", "\\x{:02X}", "\\x{:02x}"}) {
    std::string text;
    for (const char c : key.substr(begin))
      text += fmt::format(fmt::runtime(style), static_cast<unsigned char>(c));
    if (form.symbols.size() == key.size()) out.push_back({std::move(text), begin});
  }
}

std::string raw_of(const Form& form) {
  std::string raw;
  for (const auto& symbol : form.symbols) raw += symbol->ways.front().text;
  return raw;
}

}  // namespace

std::size_t Form::reach(std::size_t count) const {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += symbols[i]->longest;
  return bytes;
}

std::size_t Form::longest() const {
  return reach(symbols.size()) + gaps_allowed(symbols.size()) * longest_gap + 2 * basic_context;
}

std::vector<Form> forms_of(std::size_t index, std::string_view key) {
  Form plain{index, false, 0, {}};
  for (const char c : key) plain.symbols.push_back(symbol_of(c));
  std::vector<Form> forms{std::move(plain)};
  for (unsigned alignment : {0u, 1u, 2u}) forms.push_back(base64_form(index, key, alignment));
  return forms;
}

std::vector<Fragment> fragments_of(const Form& form) {
  const std::size_t n = form.symbols.size(), half = n / 2;
  struct Wish {
    std::size_t longest, shortest, texts, span;
  };
  // From what is fast to what is always there; 8 ways for a symbol that encoders encode.
  const Wish wishes[] = {{longest_wanted, 8, 1, narrowest_line},
                         {longest_wanted, 8, 1, n},
                         {longest_wanted, 8, 10, n},
                         {7, 4, 1, n},
                         {7, 4, 100, n},
                         {4, 4, 1 << 16, n}};
  std::vector<Fragment> out;
  if (add_pieces(form, out)) {
    add_encoded(form, raw_of(form), out);
    return out;
  }
  for (const auto& wish : wishes) {
    for (auto length = std::min(wish.longest, half); length >= wish.shortest; --length) {
      const auto pair = stretches(form, length, wish.texts, std::max(wish.span, 2 * length));
      if (!pair) continue;
      add_texts(form, {"", pair->first}, pair->first, pair->first + length, out);
      add_texts(form, {"", pair->second}, pair->second, pair->second + length, out);
      if (!form.base64) add_encoded(form, raw_of(form), out);
      return out;
    }
  }
  return out;
}

}  // namespace locksmith::leaks

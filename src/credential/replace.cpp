// Three passes over the text, none of which changes its length: base64, plain or escaped, masked.
#include "credential/replace.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "credential/escaped.hpp"
#include "credential/surrogate.hpp"

namespace locksmith::credential {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr std::size_t kMinEverywhere = 6;  // a shorter one would hit words that are no secret

std::uint32_t key_of(std::string_view text, std::size_t offset) {
  std::uint32_t key = 0;
  for (std::size_t i = offset; i < offset + 4; ++i) {
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
  return key;
}
std::size_t hash(std::uint32_t key) { return (key * 2654435761u) >> 16; }

// The base64 digit's value, in either alphabet (RFC 4648 sections 4 and 5); -1 for any other byte.
int digit_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

char digit_like(int value, char old) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  if (value < 62) return kDigits[value];
  const bool url_safe = old == '-' || old == '_';
  return value == 62 ? (url_safe ? '-' : '+') : (url_safe ? '_' : '/');
}

// Six bits of base64 at a time: bit `index` of the bytes lies in digit index/6.
class Base64View {
 public:
  Base64View(std::string& text, std::size_t start) : text_(text), start_(start) {}
  int byte(std::size_t index) const {
    int byte = 0;
    for (std::size_t bit = index * 8; bit < index * 8 + 8; ++bit) {
      const int value = digit(bit / 6);
      if (value < 0) return -1;
      byte = byte << 1 | ((value >> (5 - bit % 6)) & 1);
    }
    return byte;
  }
  void set_byte(std::size_t index, unsigned char byte) {
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t bit = index * 8 + i, shift = 5 - bit % 6;
      char& c = text_[start_ + bit / 6];
      const int value = (digit_value(c) & ~(1 << shift)) | (((byte >> (7 - i)) & 1) << shift);
      c = digit_like(value, c);
    }
  }

 private:
  int digit(std::size_t index) const {
    return start_ + index < text_.size() ? digit_value(text_[start_ + index]) : -1;
  }
  std::string& text_;
  std::size_t start_;
};

// What every base64 of a text with `secret` at this alignment holds: the digits that depend on the
// secret alone.
std::string base64_core(std::string_view secret, std::size_t alignment) {
  const std::size_t skipped = (3 - alignment) % 3;
  const std::size_t whole = (secret.size() - skipped) / 3 * 3;
  return base::base64_encode(secret.substr(skipped, whole));
}

// The first four bytes or more that the text at `offset` stands for.
std::string meant_at(std::string_view text, std::size_t offset, Backslashes backslashes) {
  std::string meant;
  while (meant.size() < 4 && offset < text.size()) {
    const EscapedUnit unit = unit_at(text, offset, backslashes);
    meant += unit.bytes;
    offset += unit.size;
  }
  return meant;
}

// How many bytes `secret` takes at `offset`; 0 when it does not stand there.
std::size_t written_size(std::string_view text, std::size_t offset, std::string_view secret,
                         Backslashes backslashes) {
  std::size_t at = offset;
  for (std::size_t i = 0; i < secret.size();) {
    if (at >= text.size()) return 0;
    if (text[at] != '%' && text[at] != '\\') {  // most of any text
      if (text[at++] != secret[i++]) return 0;
      continue;
    }
    const EscapedUnit unit = unit_at(text, at, backslashes);
    if (secret.substr(i, unit.bytes.size()) != unit.bytes) return 0;
    i += unit.bytes.size();
    at += unit.size;
  }
  return at - offset;
}

bool is_key_character(char c) { return digit_value(c) >= 0 || c == '.'; }

std::size_t replace_at(std::string& text, std::size_t offset, std::string_view secret,
                       std::string_view surrogate) {
  for (const Backslashes backslashes : {Backslashes::any, Backslashes::once}) {
    const std::size_t size = written_size(text, offset, secret, backslashes);
    std::size_t at = offset;
    for (std::size_t i = 0; size > 0 && i < secret.size();) {
      const EscapedUnit unit = unit_at(text, at, backslashes);
      rewrite_unit(text, at, unit, surrogate.substr(i, unit.bytes.size()));
      i += unit.bytes.size();
      at += unit.size;
    }
    if (size > 0) return size;
  }
  return 0;
}

}  // namespace

void Replacer::Index::add(Needle needle) {
  const std::uint32_t key = key_of(needle.text, 0);
  bits_.set(hash(key));
  std::vector<Needle>& list = by_start_[key];
  const auto longer = [](const Needle& a, const Needle& b) {
    return a.text.size() > b.text.size();
  };
  list.insert(std::ranges::upper_bound(list, needle, longer), std::move(needle));
}

const std::vector<Replacer::Needle>* Replacer::Index::at(std::string_view text,
                                                         std::size_t offset) const {
  const std::uint32_t key = key_of(text, offset);
  if (!bits_.test(hash(key))) return nullptr;
  const auto hit = by_start_.find(key);
  return hit == by_start_.end() ? nullptr : &hit->second;
}

void Replacer::add(std::string_view secret, std::string_view surrogate) {
  const auto [known, is_new] = surrogates_.try_emplace(std::string(secret), surrogate);
  if (!is_new || secret.size() < kMinEverywhere) return;
  written_.add({known->first, known->first, known->second, 0});
  for (std::size_t alignment = 0; alignment < 3; ++alignment) {
    std::string core = base64_core(secret, alignment);
    std::string url_safe = core;
    std::ranges::replace(url_safe, '+', '-');
    std::ranges::replace(url_safe, '/', '_');
    if (url_safe != core)
      base64_.add({std::move(url_safe), known->first, known->second, alignment});
    base64_.add({std::move(core), known->first, known->second, alignment});
  }
}

void Replacer::replace_value(std::string& text, std::size_t offset, std::size_t size) const {
  const std::string meant = unescape(std::string_view(text).substr(offset, size));
  const std::string_view secret = trim_defects(meant);
  const auto known = surrogates_.find(secret);
  if (known == surrogates_.end()) return;
  const std::size_t skipped = static_cast<std::size_t>(secret.data() - meant.data());
  for (std::size_t bytes = 0; bytes < skipped;) {
    const EscapedUnit unit = unit_at(text, offset);
    bytes += unit.bytes.size();
    offset += unit.size;
  }
  replace_at(text, offset, known->first, known->second);
}

void Replacer::replace_everywhere(std::string& text) const {
  if (surrogates_.empty()) return;
  replace_base64(text);
  replace_written(text);
  replace_masked(text);
}

bool Replacer::replace_base64_at(std::string& text, std::size_t offset, const Needle& needle) {
  const std::size_t lead = needle.alignment > 0 ? 4 : 0;
  if (offset < lead) return false;
  Base64View view(text, offset - lead);
  for (std::size_t i = 0; i < needle.secret.size(); ++i) {
    if (view.byte(needle.alignment + i) != static_cast<unsigned char>(needle.secret[i]))
      return false;
  }
  for (std::size_t i = 0; i < needle.secret.size(); ++i) {
    view.set_byte(needle.alignment + i, static_cast<unsigned char>(needle.surrogate[i]));
  }
  return true;
}

void Replacer::replace_base64(std::string& text) const {
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    const std::vector<Needle>* needles = base64_.at(text, i);
    if (!needles) continue;
    for (const Needle& needle : *needles) {
      if (text.compare(i, needle.text.size(), needle.text) != 0) continue;
      if (replace_base64_at(text, i, needle)) break;
    }
  }
}

void Replacer::replace_written(std::string& text) const {
  const auto replace_any = [&](std::size_t offset, const std::vector<Needle>* needles) {
    std::size_t size = 0;
    for (std::size_t n = 0; needles && n < needles->size() && size == 0; ++n) {
      size = replace_at(text, offset, (*needles)[n].secret, (*needles)[n].surrogate);
    }
    return size;
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 0;
    if (std::string_view(text).substr(i, 4).find_first_of("%\\") == npos) {
      size = replace_any(i, written_.at(text, i));
    } else {  // escapes are rare: only here the text is read unit by unit
      size = replace_any(i, written_.at(meant_at(text, i, Backslashes::any), 0));
      if (size == 0) size = replace_any(i, written_.at(meant_at(text, i, Backslashes::once), 0));
    }
    i += std::max<std::size_t>(size, 1);
  }
}

// Servers echo a refused key as "sk-pr*****wxyz": both visible ends become the surrogate's.
void Replacer::replace_masked(std::string& text) const {
  constexpr std::array<std::string_view, 4> kMasks{"***", "...", "…", "••"};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '*' && text[at] != '.' && text[at] != '\xe2') continue;
    const auto mask = std::ranges::find_if(
        kMasks, [&](std::string_view m) { return text.compare(at, m.size(), m) == 0; });
    if (mask == kMasks.end()) continue;
    std::size_t left = at, tail = at + mask->size();
    while (tail < text.size() && (text[tail] == '*' || text[tail] == '.')) ++tail;
    while (text.compare(tail, mask->size(), *mask) == 0) tail += mask->size();
    while (left > 0 && is_key_character(text[left - 1]) && at - left < 64) --left;
    std::size_t right = tail;
    while (right < text.size() && is_key_character(text[right]) && right - tail < 64) ++right;
    while (right > tail && text[right - 1] == '.') --right;
    const std::size_t head_size = at - left, tail_size = right - tail;
    for (const auto& [secret, surrogate] : surrogates_) {
      if (head_size + tail_size < 4 || head_size + tail_size >= secret.size()) continue;
      const bool same = text.compare(left, head_size, secret, 0, head_size) == 0 &&
                        text.compare(tail, tail_size, secret, secret.size() - tail_size) == 0;
      if (!same) continue;
      text.replace(left, head_size, surrogate, 0, head_size);
      text.replace(tail, tail_size, surrogate, surrogate.size() - tail_size);
      break;
    }
    at = std::max(right, at + 1) - 1;
  }
}

}  // namespace locksmith::credential

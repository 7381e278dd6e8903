// Finds any of many strings by looking at few of a text's bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace locksmith::leaks {

// An occurrence of a string of at least m bytes has one of its first m - 3 four-byte groups at a
// multiple of m - 3: so the pass looks at those groups only, in a bitmap that says whether any
// string has such a group. The longer the shortest string, the faster; that is why the fragments
// of keys are made long. No step waits for the one before it, so a processor does several at once.
class Sampler {
 public:
  // None shorter than four bytes.
  explicit Sampler(std::vector<std::string> strings);

  // Calls on_string(index, offset) for each occurrence, nearly in order.
  template <class F>
  void scan(std::string_view text, F&& on_string) const;

  const std::vector<std::string>& strings() const { return strings_; }

 private:
  struct Group {
    std::uint32_t bytes = 0;
    std::uint32_t string = 0, offset = 0;  // whose group, and where in it
  };
  static std::uint32_t load(const char* at) {
    std::uint32_t bytes;
    __builtin_memcpy(&bytes, at, sizeof bytes);
    return bytes;
  }
  std::uint32_t hash(std::uint32_t bytes) const { return bytes * 0x9E3779B1u >> shift_; }
  std::uint64_t bit(const char* at) const {
    const auto h = hash(load(at));
    return bitmap_[h >> 6] >> (h & 63) & 1;
  }
  template <class F>
  void look(std::string_view text, std::size_t at, F& on_string) const;

  std::vector<std::string> strings_;
  std::size_t stride_ = 1;
  unsigned shift_ = 20;
  std::vector<std::uint64_t> bitmap_;
  std::vector<Group> groups_;         // by hash
  std::vector<std::uint32_t> first_;  // of the groups, per hash >> coarse_
  unsigned coarse_ = 0;
};

template <class F>
void Sampler::look(std::string_view text, std::size_t at, F& on_string) const {
  const auto bytes = load(text.data() + at);
  const auto slot = hash(bytes) >> coarse_;
  for (auto i = first_[slot]; i < first_[slot + 1]; ++i) {
    const auto& group = groups_[i];
    if (group.bytes != bytes || group.offset > at) continue;
    const auto& string = strings_[group.string];
    if (text.compare(at - group.offset, string.size(), string) == 0)
      on_string(group.string, at - group.offset);
  }
}

template <class F>
void Sampler::scan(std::string_view text, F&& on_string) const {
  if (strings_.empty()) return;
  const char* const data = text.data();
  std::size_t at = 0;
  for (; at + 3 * stride_ + 4 <= text.size(); at += 4 * stride_) {
    const auto any = bit(data + at) | bit(data + at + stride_) | bit(data + at + 2 * stride_) |
                     bit(data + at + 3 * stride_);
    if (any == 0) [[likely]]
      continue;
    for (std::size_t i = 0; i < 4; ++i)
      if (bit(data + at + i * stride_)) look(text, at + i * stride_, on_string);
  }
  for (; at + 4 <= text.size(); at += stride_)
    if (bit(data + at)) look(text, at, on_string);
}

}  // namespace locksmith::leaks

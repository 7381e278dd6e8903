#include "leaks/sampler.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace locksmith::leaks {

Sampler::Sampler(std::vector<std::string> strings) : strings_(std::move(strings)) {
  if (strings_.empty()) return;
  std::size_t shortest = std::numeric_limits<std::size_t>::max();
  for (const auto& string : strings_) shortest = std::min(shortest, string.size());
  stride_ = shortest - 3;
  // One bit in 64 set, as long as the bitmap fits a second-level cache (at most 128 KiB).
  const auto entries = strings_.size() * stride_;
  const auto bits = std::clamp<std::size_t>(std::bit_ceil(64 * entries), 1u << 12, 1u << 20);
  const auto width = static_cast<unsigned>(std::countr_zero(bits));
  shift_ = 32 - width;
  bitmap_.assign(bits / 64, 0);
  for (std::uint32_t s = 0; s < strings_.size(); ++s)
    for (std::uint32_t at = 0; at < stride_; ++at) {
      const auto bytes = load(strings_[s].data() + at);
      bitmap_[hash(bytes) >> 6] |= std::uint64_t{1} << (hash(bytes) & 63);
      groups_.push_back({bytes, s, at});
    }
  std::ranges::sort(groups_, {}, [&](const Group& group) { return hash(group.bytes); });
  const auto slots = std::min<std::size_t>(bits, std::bit_ceil(2 * entries));
  coarse_ = width - static_cast<unsigned>(std::countr_zero(slots));
  first_.assign(slots + 1, 0);
  for (const auto& group : groups_) ++first_[(hash(group.bytes) >> coarse_) + 1];
  for (std::size_t i = 1; i <= slots; ++i) first_[i] += first_[i - 1];
}

}  // namespace locksmith::leaks

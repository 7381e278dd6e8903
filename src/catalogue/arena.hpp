// Keeps what a run-time catalogue's views point at. Everything kept is trivially destructible, so
// that it can go at once.
#pragma once

#include <algorithm>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace locksmith::catalogue {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* to = static_cast<char*>(memory_.allocate(text.size(), 1));
    std::ranges::copy(text, to);
    return {to, text.size()};
  }

  template <class T>
  std::span<const T> keep(const std::vector<T>& items) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (items.empty()) return {};
    T* to = static_cast<T*>(memory_.allocate(items.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), to);
    return {to, items.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_{std::size_t{1} << 16};
};

}  // namespace locksmith::catalogue

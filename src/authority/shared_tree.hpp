// Arrays that many versions share: a change copies the few blocks on the way to what it changes.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace locksmith::authority {

// What `pointer` leads to, for writing: copied when somebody else holds it, too. The caller must be
// the only one that uses this version.
template <class T>
T& own(std::shared_ptr<T>& pointer) {
  if (pointer.use_count() == 1) {
    std::atomic_thread_fence(std::memory_order_acquire);  // after the last other owner let go
  } else {
    pointer = std::make_shared<T>(*pointer);
  }
  return *pointer;
}

// A vector in pages.
template <class T>
class SharedVector {
 public:
  std::size_t size() const { return size_; }
  const T& operator[](std::size_t i) const { return (*pages_[i / width])[i % width]; }
  T& writable(std::size_t i) { return own(pages_[i / width])[i % width]; }
  void push_back(T value) {
    if (size_ % width == 0) pages_.push_back(std::make_shared<Page>());
    own(pages_.back())[size_ % width] = std::move(value);
    ++size_;
  }

 private:
  static constexpr std::size_t width = 256;
  using Page = std::array<T, width>;
  std::vector<std::shared_ptr<Page>> pages_;
  std::size_t size_ = 0;
};

}  // namespace locksmith::authority

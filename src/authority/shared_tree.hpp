// Arrays that many versions share: a change copies the few blocks on the way to what it changes.
#pragma once

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

// A vector in pages of 64, in nodes of 64 pages.
template <class T>
class SharedVector {
 public:
  std::size_t size() const { return size_; }
  const T& operator[](std::size_t i) const {
    return (*(*nodes_[i / (width * width)])[i / width % width])[i % width];
  }
  T& writable(std::size_t i) {
    return own(own(nodes_[i / (width * width)])[i / width % width])[i % width];
  }
  void push_back(T value) {
    if (size_ % (width * width) == 0) nodes_.push_back(std::make_shared<Node>());
    Node& node = own(nodes_.back());
    if (size_ % width == 0) node.push_back(std::make_shared<Page>());
    own(node.back()).push_back(std::move(value));
    ++size_;
  }

 private:
  static constexpr std::size_t width = 64;
  using Page = std::vector<T>;
  using Node = std::vector<std::shared_ptr<Page>>;
  std::vector<std::shared_ptr<Node>> nodes_;
  std::size_t size_ = 0;
};

}  // namespace locksmith::authority

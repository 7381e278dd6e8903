// What a search looks for: given keys (Searcher), or whatever has the shape of one (any.hpp). The
// searches of trees, archives and indexes do not care which.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "leaks/searcher.hpp"

namespace locksmith::leaks {

// Safe for use by several threads at once.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual void search(std::string_view text,
                      const std::function<void(const Hit&)>& on_hit) const = 0;
  // No hit is longer.
  virtual std::size_t longest() const = 0;
};

class KeyDetector : public Detector {
 public:
  explicit KeyDetector(const Searcher& searcher) : searcher_(searcher) {}
  void search(std::string_view text, const std::function<void(const Hit&)>& on_hit) const override {
    searcher_.search(text, on_hit);
  }
  std::size_t longest() const override { return searcher_.longest_form(); }

 private:
  const Searcher& searcher_;
};

}  // namespace locksmith::leaks

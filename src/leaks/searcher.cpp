#include "leaks/searcher.hpp"

#include <string>
#include <vector>
namespace locksmith::leaks {
struct Searcher::Impl {
  std::vector<std::string> keys;
  std::size_t longest = 1;
};
Searcher::Searcher(std::span<const base::Secret> keys) : impl_(new Impl) {
  for (auto& k : keys) {
    impl_->keys.push_back(k.reveal());
    impl_->longest = std::max(impl_->longest, k.size());
  }
}
Searcher::~Searcher() = default;
Searcher::Searcher(Searcher&&) noexcept = default;
void Searcher::search(std::string_view text, const std::function<void(const Hit&)>& on_hit) const {
  for (std::size_t k = 0; k < impl_->keys.size(); ++k)
    for (auto i = text.find(impl_->keys[k]); i != text.npos; i = text.find(impl_->keys[k], i + 1))
      on_hit({k, Disguise::plain, i, impl_->keys[k].size()});
}
std::size_t Searcher::longest_form() const { return impl_->longest; }
}  // namespace locksmith::leaks

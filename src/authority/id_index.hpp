// Finds records by their id, and lists them in its order: numbers of records, sorted by id. What
// came lately lies in a short list of its own, so that adding one does not copy a million.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace locksmith::authority {

class IdIndex {
 public:
  // `id_of(number)` gives the id of a record, here and below.
  // False when an id occurs twice.
  template <class IdOf>
  bool build(const std::vector<std::uint32_t>& numbers, IdOf id_of) {
    struct Entry {
      std::uint64_t high, low;  // the id's first 16 bytes decide nearly always
      std::uint32_t number;
    };
    std::vector<Entry> entries;
    entries.reserve(numbers.size());
    for (const std::uint32_t number : numbers) {
      const std::string_view id = id_of(number);
      entries.push_back({start_of(id, 0), start_of(id, 8), number});
    }
    const auto before = [&](const Entry& a, const Entry& b) {
      if (a.high != b.high) return a.high < b.high;
      if (a.low != b.low) return a.low < b.low;
      return id_of(a.number) < id_of(b.number);
    };
    if (!std::ranges::is_sorted(entries, before)) std::ranges::sort(entries, before);
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (!before(entries[i - 1], entries[i])) return false;
    }
    auto base = std::make_shared<std::vector<std::uint32_t>>();
    base->reserve(entries.size());
    for (const Entry& entry : entries) base->push_back(entry.number);
    base_ = std::move(base);
    recent_.clear();
    return true;
  }

  template <class IdOf>
  std::optional<std::uint32_t> find(std::string_view id, IdOf id_of) const {
    for (const auto* list : {base_.get(), &recent_}) {
      const auto at = std::ranges::lower_bound(*list, id, {}, id_of);
      if (at != list->end() && id_of(*at) == id) return *at;
    }
    return {};
  }

  // Ids that are not there yet, many with one pass over what is there. False when one comes twice.
  template <class IdOf>
  bool add(std::vector<std::uint32_t> numbers, IdOf id_of) {
    std::ranges::sort(numbers, {}, id_of);
    if (std::ranges::adjacent_find(numbers, {}, id_of) != numbers.end()) return false;
    if (numbers.size() < few) {
      for (const std::uint32_t number : numbers)
        recent_.insert(std::ranges::lower_bound(recent_, id_of(number), {}, id_of), number);
    } else {
      recent_ = merged(recent_, numbers, id_of);
    }
    if (recent_.size() < max_recent) return true;
    base_ = std::make_shared<std::vector<std::uint32_t>>(merged(*base_, recent_, id_of));
    recent_.clear();
    return true;
  }

  template <class IdOf>
  std::vector<std::uint32_t> after(std::string_view id, std::size_t limit, IdOf id_of) const {
    auto a = std::ranges::upper_bound(*base_, id, {}, id_of);
    auto b = std::ranges::upper_bound(recent_, id, {}, id_of);
    std::vector<std::uint32_t> out;
    while (out.size() < limit && (a != base_->end() || b != recent_.end())) {
      const bool from_base = b == recent_.end() || (a != base_->end() && id_of(*a) < id_of(*b));
      out.push_back(from_base ? *a++ : *b++);
    }
    return out;
  }

 private:
  static constexpr std::size_t max_recent = 16384, few = 64;

  template <class IdOf>
  static std::vector<std::uint32_t> merged(const std::vector<std::uint32_t>& a,
                                           const std::vector<std::uint32_t>& b, IdOf id_of) {
    std::vector<std::uint32_t> out;
    out.reserve(a.size() + b.size());
    std::ranges::merge(a, b, std::back_inserter(out), {}, id_of, id_of);
    return out;
  }

  static std::uint64_t start_of(std::string_view id, std::size_t from) {
    std::uint64_t out = 0;
    for (std::size_t i = from; i < from + 8; ++i)
      out = out << 8 | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0u);
    return out;
  }

  std::shared_ptr<const std::vector<std::uint32_t>> base_ =
      std::make_shared<std::vector<std::uint32_t>>();
  std::vector<std::uint32_t> recent_;
};

}  // namespace locksmith::authority

// One of the thousands of small tables that a snapshot's keys lie in. A change copies one shard and
// shares the others, so a shard is made to be copied fast: three flat blocks, no pointers within.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/record.hpp"
#include "authority/snapshot.hpp"

namespace locksmith::authority {

class Shard {
 public:
  const KeyRecord* find(const Digest& digest) const;
  KeyTexts texts(const KeyRecord& record) const;
  std::span<const KeyRecord> records() const { return records_; }

  // Index of the new record, which stays the same for good: nothing is ever removed.
  std::uint32_t add(KeyRecord record, const KeyTexts& texts);
  void replace(std::uint32_t index, KeyRecord record, const KeyTexts& texts);
  void shrink();
  std::size_t bytes() const;

  // A slot has 16 bits for the index of its record, 0 being a free slot.
  static constexpr std::size_t max_records = 65535;

 private:
  void place(std::uint32_t index);
  void grow();
  std::uint32_t write(const KeyTexts& texts);
  void drop_old_texts();

  std::vector<KeyRecord> records_;
  std::vector<std::uint32_t> slots_;  // 16 bits of the digest, 16 bits index + 1; a power of two
  std::string texts_;
  std::size_t old_texts_ = 0;  // bytes that no record points to any more
};

}  // namespace locksmith::authority

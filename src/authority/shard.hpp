// One of the thousands of small tables that a snapshot's keys lie in. A change copies one shard and
// shares the others, so a shard is made to be copied fast: three flat blocks, no pointers within.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/record.hpp"
#include "authority/snapshot.hpp"

namespace locksmith::authority {

// Where a shard's tables lie. All of them stand in one array, so that a look-up takes two accesses
// to memory that is far away: the slot, and the record; and a third when a text is wanted.
struct ShardView {
  const std::uint32_t* slots = nullptr;
  const KeyRecord* records = nullptr;
  const char* text = nullptr;
  std::size_t mask = 0;

  const KeyRecord* find(const Digest& digest) const;
  void prefetch_slot(const Digest& digest) const;
  void prefetch_record(const Digest& digest) const;
  KeyTexts texts(const KeyRecord& record) const;
  std::string_view id(const KeyRecord& record) const;  // the first of them
};

// Memory in huge pages (where the system has them to give) for the shards that a start makes: a
// random access to 200 MB in small pages mostly waits for the page tables.
class Region {
 public:
  explicit Region(std::size_t bytes);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
  std::pmr::memory_resource* resource() { return &resource_; }

 private:
  std::size_t bytes_;
  void* start_;
  std::pmr::monotonic_buffer_resource resource_;
};

class Shard {
 public:
  Shard() = default;
  Shard(const Shard& other);  // into memory of its own
  Shard(const Shard& other, std::shared_ptr<Region> region);
  Shard& operator=(const Shard&) = delete;

  ShardView view() const {
    return {slots_.data(), records_.data(), texts_.data(), slots_.size() - 1};
  }
  const KeyRecord* find(const Digest& digest) const {
    return slots_.empty() ? nullptr : view().find(digest);
  }
  std::span<const KeyRecord> records() const { return records_; }

  // Index of the new record, which stays the same for good: nothing is ever removed.
  std::uint32_t add(const KeyRecord& record, const KeyTexts& texts);
  void replace(std::uint32_t index, const KeyRecord& record, const KeyTexts& texts);
  std::size_t bytes() const;  // what the shard takes of a region

  // A slot has 16 bits for the index of its record, 0 being a free slot.
  static constexpr std::size_t max_records = 65535;

 private:
  void place(std::uint32_t index);
  void grow();
  std::uint32_t write(const KeyTexts& texts);
  void drop_old_texts();

  std::shared_ptr<Region> region_;  // that the tables lie in, if any; so declared before them
  std::pmr::vector<KeyRecord> records_;
  std::pmr::vector<std::uint32_t>
      slots_;  // 16 bits of the digest, 16 bits index + 1; a power of two
  std::pmr::string texts_;
  std::size_t old_texts_ = 0;  // bytes that no record points to any more
};

}  // namespace locksmith::authority

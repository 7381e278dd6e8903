// The index of a pack: which objects it holds, and where. gitformat-pack(5), versions 1 and 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "leaks/git_id.hpp"

namespace locksmith::leaks {

// Looks into the bytes that it was read from, which must outlive it.
class PackIndex {
 public:
  PackIndex() = default;
  // Whatever is in `bytes`: what this returns can be asked without looking outside of them.
  static Result<PackIndex> read(std::string_view bytes, std::size_t hash_size);

  std::uint32_t size() const { return count_; }
  ObjectId id(std::uint32_t i) const;
  // Offset in the pack; nothing when the index is damaged there.
  std::optional<std::uint64_t> offset(std::uint32_t i) const;
  std::optional<std::uint32_t> find(const ObjectId& id) const;

 private:
  std::uint32_t fanout(unsigned first_byte) const;
  std::string_view raw_id(std::uint32_t i) const;

  std::string_view bytes_;
  std::size_t hash_size_ = 20;
  std::uint32_t count_ = 0;
  std::size_t fanout_ = 0, ids_ = 0, id_stride_ = 0;  // where they are
  std::size_t offsets_ = 0, offset_stride_ = 0, far_offsets_ = 0, far_count_ = 0;
};

// Big-endian, as everything in git's files. The caller has checked that they are there.
std::uint32_t big_endian_32(std::string_view bytes, std::size_t at);
std::uint64_t big_endian_64(std::string_view bytes, std::size_t at);

}  // namespace locksmith::leaks

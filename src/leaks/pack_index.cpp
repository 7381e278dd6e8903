#include "leaks/pack_index.hpp"

namespace locksmith::leaks {

std::uint32_t big_endian_32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint64_t big_endian_64(std::string_view bytes, std::size_t at) {
  return std::uint64_t{big_endian_32(bytes, at)} << 32 | big_endian_32(bytes, at + 4);
}

Result<PackIndex> PackIndex::read(std::string_view bytes, std::size_t hash_size) {
  constexpr std::string_view magic("\377tOc\0\0\0\2", 8);
  const auto damaged = [] { return fail(ErrorCode::unreadable, "damaged pack index"); };
  PackIndex index;
  index.bytes_ = bytes;
  index.hash_size_ = hash_size;
  const bool second = bytes.starts_with(magic);
  if (!second && bytes.starts_with("\377tOc"))
    return fail(ErrorCode::unreadable, "pack index of a version that is not known");
  index.fanout_ = second ? magic.size() : 0;
  const std::size_t table = index.fanout_ + 256 * 4;
  if (bytes.size() < table + 2 * hash_size) return damaged();
  for (unsigned i = 1; i < 256; ++i)
    if (index.fanout(i) < index.fanout(i - 1)) return damaged();
  const std::size_t count = index.fanout(255), room = bytes.size() - table - 2 * hash_size;
  if (room / (second ? hash_size + 8 : hash_size + 4) < count) return damaged();
  index.count_ = static_cast<std::uint32_t>(count);
  if (second) {
    index.ids_ = table;
    index.id_stride_ = hash_size;
    index.offsets_ = table + count * (hash_size + 4);  // behind the check sums
    index.offset_stride_ = 4;
    index.far_offsets_ = index.offsets_ + count * 4;
    index.far_count_ = (room - count * (hash_size + 8)) / 8;
  } else {
    index.offsets_ = table;
    index.ids_ = table + 4;
    index.id_stride_ = index.offset_stride_ = hash_size + 4;
  }
  return index;
}

std::uint32_t PackIndex::fanout(unsigned first_byte) const {
  return big_endian_32(bytes_, fanout_ + 4 * first_byte);
}

std::string_view PackIndex::raw_id(std::uint32_t i) const {
  return bytes_.substr(ids_ + i * id_stride_, hash_size_);
}

ObjectId PackIndex::id(std::uint32_t i) const { return ObjectId::from_raw(raw_id(i)); }

std::optional<std::uint64_t> PackIndex::offset(std::uint32_t i) const {
  const auto near = big_endian_32(bytes_, offsets_ + i * offset_stride_);
  if (near >> 31 == 0 || fanout_ == 0) return near;
  const std::size_t far = near & 0x7fffffff;
  if (far >= far_count_) return std::nullopt;
  return big_endian_64(bytes_, far_offsets_ + 8 * far);
}

std::optional<std::uint32_t> PackIndex::find(const ObjectId& id) const {
  if (count_ == 0 || id.size != hash_size_) return std::nullopt;
  std::uint32_t begin = id.bytes[0] ? fanout(id.bytes[0] - 1u) : 0, end = fanout(id.bytes[0]);
  while (begin < end) {
    const auto middle = begin + (end - begin) / 2;
    const auto order = raw_id(middle).compare(id.raw());
    if (order == 0) return middle;
    order < 0 ? begin = middle + 1 : end = middle;
  }
  return std::nullopt;
}

}  // namespace locksmith::leaks

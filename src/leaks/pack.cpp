#include "leaks/pack.hpp"

#include <libdeflate.h>

#include <filesystem>

namespace locksmith::leaks {
namespace {

constexpr std::uint64_t largest_object = std::uint64_t{1} << 48;  // beyond that it is damage

// Seven bits at a time, least first.
std::optional<std::uint64_t> read_size(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; at < bytes.size() && shift < 56; shift += 7) {
    const auto c = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t{c & 0x7fu} << shift;
    if (!(c & 0x80)) return value;
  }
  return std::nullopt;
}

// The distance back to the base: most significant first, each further byte adds one.
std::optional<std::uint64_t> read_distance(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int i = 0; at < bytes.size() && i < 8; ++i) {
    const auto c = static_cast<unsigned char>(bytes[at++]);
    value = (i ? value + 1 : 0) << 7 | (c & 0x7f);
    if (!(c & 0x80)) return value;
  }
  return std::nullopt;
}

// A copy: bits 0 to 3 of the code say which bytes of the offset follow, bits 4 to 6 of the length.
bool read_copy(std::string_view bytes, std::size_t& at, unsigned code, DeltaStep& step) {
  step = {};
  for (unsigned bit = 0; bit < 7; ++bit) {
    if (!(code >> bit & 1)) continue;
    if (at >= bytes.size()) return false;
    const std::uint64_t byte = static_cast<unsigned char>(bytes[at++]);
    (bit < 4 ? step.offset : step.length) |= byte << 8 * (bit < 4 ? bit : bit - 4);
  }
  if (step.length == 0) step.length = 0x10000;
  return true;
}

void add_step(std::vector<DeltaStep>& steps, const DeltaStep& step) {
  if (!steps.empty()) {
    auto& last = steps.back();
    const bool follows = step.insert ? last.insert && last.insert + last.length == step.insert
                                     : !last.insert && last.offset + last.length == step.offset;
    if (follows) {
      last.length += step.length;
      return;
    }
  }
  steps.push_back(step);
}

}  // namespace

Result<Pack> Pack::open(const std::string& path, std::size_t hash_size) {
  auto index_file = MappedFile::open(path);
  if (!index_file) return std::unexpected(index_file.error());
  auto pack_file = MappedFile::open(std::filesystem::path(path).replace_extension(".pack"));
  if (!pack_file) return std::unexpected(pack_file.error());
  auto pack = of(pack_file->bytes(), index_file->bytes(), hash_size);
  if (!pack) return pack;
  pack->name_ = std::filesystem::path(path).stem();
  pack->index_file_ = std::move(*index_file);
  pack->pack_file_ = std::move(*pack_file);
  return pack;
}

Result<Pack> Pack::of(std::string_view bytes, std::string_view index, std::size_t hash_size) {
  const bool known = bytes.size() >= 12 + hash_size && bytes.starts_with("PACK") &&
                     (big_endian_32(bytes, 4) == 2 || big_endian_32(bytes, 4) == 3);
  if (!known) return fail(ErrorCode::unreadable, "damaged pack");
  auto read = PackIndex::read(index, hash_size);
  if (!read) return std::unexpected(read.error());
  Pack pack;
  pack.bytes_ = bytes.substr(0, bytes.size() - hash_size);
  pack.index_ = *read;
  pack.hash_size_ = hash_size;
  return pack;
}

std::optional<EntryHeader> Pack::header(std::uint64_t offset) const {
  if (offset < 12 || offset >= bytes_.size()) return std::nullopt;
  std::size_t at = offset;
  const auto first = static_cast<unsigned char>(bytes_[at++]);
  EntryHeader header;
  header.size = first & 15;
  if (first & 0x80) {
    const auto more = read_size(bytes_, at);
    if (!more || *more >= largest_object >> 4) return std::nullopt;
    header.size |= *more << 4;
  }
  const unsigned type = first >> 4 & 7;
  if (type >= 1 && type <= 4) {
    header.type = static_cast<ObjectType>(type);
  } else if (type == 6) {
    const auto distance = read_distance(bytes_, at);
    if (!distance || *distance == 0 || *distance > offset) return std::nullopt;
    header.storage = Storage::offset_delta;
    header.base_offset = offset - *distance;
  } else if (type == 7 && bytes_.size() - at >= hash_size_) {
    header.storage = Storage::id_delta;
    header.base_id = ObjectId::from_raw(bytes_.substr(at, hash_size_));
    at += hash_size_;
  } else {
    return std::nullopt;
  }
  header.data = at;
  return header;
}

Inflater::Inflater() : state_(libdeflate_alloc_decompressor()) {}
Inflater::~Inflater() {
  libdeflate_free_decompressor(static_cast<libdeflate_decompressor*>(state_));
}

bool Inflater::inflate(std::string_view in, char* out, std::size_t size) {
  std::size_t read = 0;
  char none = 0;
  return libdeflate_zlib_decompress_ex(static_cast<libdeflate_decompressor*>(state_), in.data(),
                                       in.size(), size ? out : &none, size, &read,
                                       nullptr) == LIBDEFLATE_SUCCESS;
}

bool read_delta(std::string_view bytes, std::uint64_t base_size, Delta& delta) {
  delta.steps.clear();
  std::size_t at = 0;
  const auto base = read_size(bytes, at), size = base ? read_size(bytes, at) : base;
  if (!size || *base != base_size || *size > largest_object) return false;
  delta.size = *size;
  std::uint64_t left = *size;
  while (at < bytes.size()) {
    const auto code = static_cast<unsigned char>(bytes[at++]);
    DeltaStep step;
    if (code & 0x80) {
      if (!read_copy(bytes, at, code, step)) return false;
      if (step.offset > base_size || step.length > base_size - step.offset) return false;
    } else {
      if (code == 0 || code > bytes.size() - at) return false;  // 0 is reserved
      step = {bytes.data() + at, 0, code};
      at += code;
    }
    if (step.length > left) return false;
    left -= step.length;
    add_step(delta.steps, step);
  }
  return left == 0;
}

}  // namespace locksmith::leaks

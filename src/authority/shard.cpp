#include "authority/shard.hpp"

#include <sys/mman.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "authority/digest.hpp"

namespace locksmith::authority {
namespace {

// The shard is chosen by the digest's first four bytes (snapshot.cpp), the slot by the next.
std::uint32_t word(const Digest& digest, std::size_t at) {
  std::uint32_t out = 0;
  std::memcpy(&out, digest.data() + at, sizeof out);
  return out;
}

std::uint32_t tag(const Digest& digest) { return word(digest, 8) & 0xffff0000u; }

constexpr std::size_t huge_page = std::size_t{2} << 20;

constexpr std::size_t text_count = 7;
std::array<std::string_view*, text_count> fields(KeyTexts& texts) {
  return {&texts.id,        &texts.name,     &texts.hint,    &texts.reason,
          &texts.successor, &texts.leak_url, &texts.metadata};
}

// Lengths as LEB128: nearly all are one byte.
std::size_t read_length(const char*& at) {
  std::size_t out = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    out |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return out;
  }
}

void write_length(std::pmr::string& out, std::size_t length) {
  for (; length >= 0x80; length >>= 7) out += static_cast<char>(0x80 | (length & 0x7f));
  out += static_cast<char>(length);
}

}  // namespace

const KeyRecord* ShardView::find(const Digest& digest) const {
  for (std::size_t at = word(digest, 4) & mask;; at = (at + 1) & mask) {
    const std::uint32_t slot = slots[at];
    if (slot == 0) return nullptr;
    if ((slot & 0xffff0000u) != tag(digest)) continue;
    const KeyRecord& record = records[(slot & 0xffffu) - 1];
    if (same_digest(record.digest, digest)) return &record;
  }
}

void ShardView::prefetch_slot(const Digest& digest) const {
  __builtin_prefetch(slots + (word(digest, 4) & mask));
}

void ShardView::prefetch_record(const Digest& digest) const {
  for (std::size_t at = word(digest, 4) & mask; slots[at] != 0; at = (at + 1) & mask) {
    if ((slots[at] & 0xffff0000u) != tag(digest)) continue;
    const KeyRecord* record = records + (slots[at] & 0xffffu) - 1;
    __builtin_prefetch(record);
    __builtin_prefetch(reinterpret_cast<const char*>(record) + 64);
    return;
  }
}

Region::Region(std::size_t bytes)
    : bytes_((bytes / huge_page + 1) * huge_page),
      start_(std::aligned_alloc(huge_page, bytes_)),
      resource_(start_ ? start_ : throw std::bad_alloc(), bytes_) {
  madvise(start_, bytes_, MADV_HUGEPAGE);  // a wish: without it everything works, slower
}

Region::~Region() { std::free(start_); }

Shard::Shard(const Shard& other)
    : records_(other.records_),
      slots_(other.slots_),
      texts_(other.texts_),
      old_texts_(other.old_texts_) {}

Shard::Shard(const Shard& other, std::shared_ptr<Region> region)
    : region_(std::move(region)),
      records_(other.records_, region_->resource()),
      slots_(other.slots_, region_->resource()),
      texts_(other.texts_, region_->resource()),
      old_texts_(other.old_texts_) {}

std::size_t Shard::bytes() const {
  return (records_.size() + 1) * sizeof(KeyRecord) + (slots_.size() + 16) * sizeof(std::uint32_t) +
         texts_.size() + 1;
}

KeyTexts ShardView::texts(const KeyRecord& record) const {
  KeyTexts out;
  const char* at = text + record.text;
  for (std::string_view* field : fields(out)) {
    const std::size_t length = read_length(at);
    *field = {at, length};
    at += length;
  }
  return out;
}

std::string_view ShardView::id(const KeyRecord& record) const {
  const char* at = text + record.text;
  const std::size_t length = read_length(at);
  return {at, length};
}

std::uint32_t Shard::write(const KeyTexts& texts) {
  const auto offset = static_cast<std::uint32_t>(texts_.size());
  KeyTexts copy = texts;
  for (const std::string_view* text : fields(copy)) {
    write_length(texts_, text->size());
    texts_ += *text;
  }
  return offset;
}

void Shard::place(std::uint32_t index) {
  const std::size_t mask = slots_.size() - 1;
  const Digest& digest = records_[index].digest;
  std::size_t at = word(digest, 4) & mask;
  while (slots_[at] != 0) at = (at + 1) & mask;
  slots_[at] = tag(digest) | (index + 1);
}

// At most two thirds full.
void Shard::grow() {
  std::size_t size = slots_.empty() ? 4 : slots_.size();
  while (size * 2 < records_.size() * 3) size *= 2;
  if (size == slots_.size()) return;
  slots_.assign(size, 0);
  for (std::uint32_t i = 0; i + 1 < records_.size(); ++i) place(i);
}

std::uint32_t Shard::add(const KeyRecord& record, const KeyTexts& texts) {
  const auto index = static_cast<std::uint32_t>(records_.size());
  records_.push_back(record);
  records_.back().text = write(texts);
  grow();
  place(index);
  return index;
}

void Shard::replace(std::uint32_t index, const KeyRecord& record, const KeyTexts& texts) {
  const KeyTexts old = view().texts(records_[index]);
  old_texts_ += static_cast<std::size_t>(old.metadata.data() + old.metadata.size() -
                                         (texts_.data() + records_[index].text));
  records_[index] = record;
  records_[index].text = write(texts);
  if (old_texts_ * 2 > texts_.size()) drop_old_texts();
}

void Shard::drop_old_texts() {
  const std::pmr::string texts = std::exchange(texts_, {});
  const ShardView old{.text = texts.data()};
  for (KeyRecord& record : records_) record.text = write(old.texts(record));
  old_texts_ = 0;
}

}  // namespace locksmith::authority

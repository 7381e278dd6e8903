#include "authority/shard.hpp"

#include <array>
#include <cstring>

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

void write_length(std::string& out, std::size_t length) {
  for (; length >= 0x80; length >>= 7) out += static_cast<char>(0x80 | (length & 0x7f));
  out += static_cast<char>(length);
}

}  // namespace

const KeyRecord* Shard::find(const Digest& digest) const {
  if (slots_.empty()) return nullptr;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = word(digest, 4) & mask;; at = (at + 1) & mask) {
    const std::uint32_t slot = slots_[at];
    if (slot == 0) return nullptr;
    if ((slot & 0xffff0000u) != tag(digest)) continue;
    const KeyRecord& record = records_[(slot & 0xffffu) - 1];
    __builtin_prefetch(reinterpret_cast<const char*>(&record) + 64);
    if (same_digest(record.digest, digest)) return &record;
  }
}

KeyTexts Shard::texts(const KeyRecord& record) const {
  KeyTexts out;
  const char* at = texts_.data() + record.text;
  for (std::string_view* text : fields(out)) {
    const std::size_t length = read_length(at);
    *text = {at, length};
    at += length;
  }
  return out;
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
  slots_.shrink_to_fit();
  for (std::uint32_t i = 0; i + 1 < records_.size(); ++i) place(i);
}

std::uint32_t Shard::add(KeyRecord record, const KeyTexts& texts) {
  record.text = write(texts);
  const auto index = static_cast<std::uint32_t>(records_.size());
  records_.push_back(record);
  grow();
  place(index);
  return index;
}

void Shard::replace(std::uint32_t index, KeyRecord record, const KeyTexts& texts) {
  const KeyTexts old = this->texts(records_[index]);
  old_texts_ += static_cast<std::size_t>(old.metadata.data() + old.metadata.size() -
                                         (texts_.data() + records_[index].text));
  record.text = write(texts);
  records_[index] = record;
  if (old_texts_ * 2 > texts_.size()) drop_old_texts();
}

void Shard::drop_old_texts() {
  std::string fresh;
  fresh.swap(texts_);
  const std::string old = std::move(fresh);
  Shard view;
  view.texts_ = old;
  for (KeyRecord& record : records_) record.text = write(view.texts(record));
  old_texts_ = 0;
}

void Shard::shrink() {
  records_.shrink_to_fit();
  texts_.shrink_to_fit();
}

std::size_t Shard::bytes() const {
  return sizeof *this + records_.capacity() * sizeof(KeyRecord) +
         slots_.capacity() * sizeof(std::uint32_t) + texts_.capacity();
}

}  // namespace locksmith::authority

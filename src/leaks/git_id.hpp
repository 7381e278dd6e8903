// The name of a git object: its SHA-1, or its SHA-256 in a repository of that format.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace locksmith::leaks {

struct ObjectId {
  std::array<unsigned char, 32> bytes{};  // what the hash does not fill is zero
  std::uint8_t size = 0;                  // 20 or 32; 0 in none

  static ObjectId from_raw(std::string_view raw) {
    ObjectId id;
    id.size = static_cast<std::uint8_t>(raw.size() < 32 ? raw.size() : 32);
    std::memcpy(id.bytes.data(), raw.data(), id.size);
    return id;
  }
  // Nothing unless `text` begins with `size` bytes in lower case hexadecimal.
  static std::optional<ObjectId> from_hex(std::string_view text, std::size_t size) {
    if (text.size() < 2 * size || size > 32) return std::nullopt;
    ObjectId id;
    id.size = static_cast<std::uint8_t>(size);
    for (std::size_t i = 0; i < 2 * size; ++i) {
      const char c = text[i];
      const bool is_digit = c >= '0' && c <= '9';
      if (!is_digit && (c < 'a' || c > 'f')) return std::nullopt;
      const auto digit = is_digit ? c - '0' : c - 'a' + 10;
      id.bytes[i / 2] = static_cast<unsigned char>(id.bytes[i / 2] << 4 | digit);
    }
    return id;
  }
  std::string_view raw() const { return {reinterpret_cast<const char*>(bytes.data()), size}; }
  std::string hex() const { return base::hex(raw()); }
  bool null() const { return *this == ObjectId{.size = size}; }

  friend bool operator==(const ObjectId&, const ObjectId&) = default;
  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

struct ObjectIdHash {  // a hash already
  std::size_t operator()(const ObjectId& id) const {
    std::size_t first;
    std::memcpy(&first, id.bytes.data(), sizeof first);
    return first;
  }
};

enum class ObjectType : std::uint8_t { none, commit, tree, blob, tag };

// What could not be looked at: what kind of thing, and why. Same reasons are counted together.
struct SkippedObjects {
  std::string what;
  std::string reason;
  std::size_t count = 1;
};

}  // namespace locksmith::leaks

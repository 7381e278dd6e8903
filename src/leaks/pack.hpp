// Reads packs, the files that hold nearly all objects of a git repository: gitformat-pack(5).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "leaks/git_id.hpp"
#include "leaks/pack_index.hpp"
#include "leaks/pack_map.hpp"

namespace locksmith::leaks {

// How an object is stored: whole, or as what it differs in from another one.
enum class Storage : std::uint8_t { whole, offset_delta, id_delta };

struct EntryHeader {
  Storage storage = Storage::whole;
  ObjectType type = ObjectType::none;  // when whole
  std::uint64_t size = 0;              // of what is inflated
  std::uint64_t data = 0;              // offset of the compressed bytes
  std::uint64_t base_offset = 0;       // offset_delta
  ObjectId base_id;                    // id_delta
};

class Pack {
 public:
  // `path` ends in .idx; the pack stands beside it.
  static Result<Pack> open(const std::string& path, std::size_t hash_size);
  // For tests: of bytes that outlive it.
  static Result<Pack> of(std::string_view pack, std::string_view index, std::size_t hash_size);

  const PackIndex& index() const { return index_; }
  const std::string& name() const { return name_; }
  // The entries, without the check sum behind them.
  std::string_view bytes() const { return bytes_; }
  std::optional<EntryHeader> header(std::uint64_t offset) const;
  void release() const { pack_file_.release(); }

 private:
  std::string name_;
  MappedFile pack_file_, index_file_;
  std::string_view bytes_;
  PackIndex index_;
  std::size_t hash_size_ = 20;
};

// Inflates into `out`, which the zlib stream must fill exactly; `in` may go on behind it. One for
// each thread.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  bool inflate(std::string_view in, char* out, std::size_t size);
  // Whether `in` can possibly inflate to that much (deflate's best is 1032 to 1).
  static bool plausible(std::string_view in, std::uint64_t size) {
    return size / 1040 <= in.size();
  }

 private:
  void* state_;
};

// Inflates piece by piece what is too large to hold: returns false when it is damaged or not of
// that size, or when `on_piece` says to stop.
bool inflate_stream(std::string_view in, std::uint64_t size,
                    const std::function<bool(std::string_view)>& on_piece);

// One step of a delta: bytes of the base, or, with `insert`, bytes of its own.
struct DeltaStep {
  const char* insert = nullptr;
  std::uint64_t offset = 0;  // in the base
  std::uint64_t length = 0;
};

struct Delta {
  std::uint64_t size = 0;  // of the object that it makes
  std::vector<DeltaStep> steps;
};

// False when it is damaged or not for a base of that size; the steps of a delta that is right lie
// within the base and make up the size. Neighbouring copies of neighbouring bytes become one.
bool read_delta(std::string_view bytes, std::uint64_t base_size, Delta& delta);

}  // namespace locksmith::leaks

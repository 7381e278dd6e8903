// The objects of a repository, wherever they are: in packs, loose, in the alternates.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "leaks/git_id.hpp"
#include "leaks/git_repository.hpp"
#include "leaks/pack.hpp"
#include "leaks/pack_search.hpp"

namespace locksmith::leaks {

struct Object {
  ObjectType type = ObjectType::none;
  std::shared_ptr<const std::string> data;
};

// Reads one object after the other, for one thread. Bases of deltas are remembered, up to a limit.
class ObjectStore {
 public:
  static constexpr std::uint64_t largest = 128 << 20;

  // Packs that cannot be read are named in `skipped`.
  ObjectStore(const Repository& repository, std::vector<SkippedObjects>& skipped);

  // Reads the same packs.
  ObjectStore for_another_thread() const { return {folders_, packs_}; }
  const std::vector<Pack>& packs() const { return *packs_; }
  bool has(const ObjectId& id) const;
  // Nothing when it is not there, damaged or larger than `largest`.
  std::optional<Object> read(const ObjectId& id);

 private:
  ObjectStore(std::vector<std::string> folders, std::shared_ptr<const std::vector<Pack>> packs)
      : folders_(std::move(folders)), packs_(std::move(packs)) {}
  using Place = std::pair<std::size_t, std::uint64_t>;  // pack and offset
  std::optional<Object> read_packed(std::size_t pack, std::uint64_t offset);
  std::optional<Object> read_loose(const ObjectId& id);
  std::optional<Object> apply(const Pack& pack, const Object& base, const EntryHeader& header);
  bool inflate(const Pack& pack, const EntryHeader& header, std::string& out);
  void remember(const Place& place, const Object& object);
  const Object* recall(const Place& place);

  std::vector<std::string> folders_;
  std::shared_ptr<const std::vector<Pack>> packs_;
  std::unique_ptr<Inflater> inflater_ = std::make_unique<Inflater>();
  // Those read last, each where its place leads to: who comes to the same slot takes it.
  struct Slot {
    Place place;
    Object object;
  };
  Slot& slot(const Place& place) {
    return slots_[(place.second * 31 + place.first) % slots_.size()];
  }

  std::vector<Slot> slots_ = std::vector<Slot>(1 << 14);
  std::size_t bytes_ = 0, oldest_ = 0;  // held by the slots; the next slot to give up
  Delta delta_;
  std::string delta_bytes_;
};

// A file that holds one object.
struct LooseFile {
  ObjectId id;
  std::string path;
};
// Those that are in no pack.
std::vector<LooseFile> loose_files(const Repository& repository, const ObjectStore& store,
                                   std::vector<SkippedObjects>& skipped);
ObjectFinds search_loose(const std::vector<LooseFile>& files, const Searcher& searcher,
                         const SearchControl& control);
// The header of a loose object, "blob 12\0", and how long that is.
struct LooseHeader {
  ObjectType type = ObjectType::none;
  std::uint64_t size = 0;
  std::size_t length = 0;
};
std::optional<LooseHeader> read_loose_header(std::string_view inflated);

}  // namespace locksmith::leaks

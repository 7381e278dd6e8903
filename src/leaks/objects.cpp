#include "leaks/objects.hpp"

#include <algorithm>
#include <filesystem>

namespace locksmith::leaks {
namespace fs = std::filesystem;
namespace {
constexpr std::size_t most_remembered = 48 << 20;
constexpr std::size_t deepest_delta = 10'000;
}  // namespace

ObjectStore::ObjectStore(const Repository& repository, std::vector<SkippedObjects>& skipped)
    : folders_(repository.object_dirs) {
  std::vector<Pack> packs;
  for (const auto& folder : folders_) {
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator i(fs::path(folder) / "pack", error), end; !error && i != end;
         i.increment(error))
      if (i->path().extension() == ".idx") names.push_back(i->path().string());
    std::ranges::sort(names);
    for (const auto& name : names) {
      auto pack = Pack::open(name, repository.hash_size);
      if (pack)
        packs.push_back(std::move(*pack));
      else
        add_skipped(skipped, fs::path(name).stem().string(), pack.error().message);
    }
  }
  packs_ = std::make_shared<const std::vector<Pack>>(std::move(packs));
}

bool ObjectStore::has(const ObjectId& id) const {
  for (const auto& pack : *packs_)
    if (pack.index().find(id)) return true;
  const auto hex = id.hex();
  return std::ranges::any_of(folders_, [&](const std::string& folder) {
    std::error_code error;
    return fs::exists(fs::path(folder) / hex.substr(0, 2) / hex.substr(2), error);
  });
}

std::optional<Object> ObjectStore::read(const ObjectId& id) {
  for (std::size_t p = 0; p < packs_->size(); ++p) {
    const auto at = (*packs_)[p].index().find(id);
    const auto offset = at ? (*packs_)[p].index().offset(*at) : std::nullopt;
    if (!offset) continue;
    if (auto object = read_packed(p, *offset)) return object;
  }
  return read_loose(id);
}

// Goes down to the whole object, or one that is remembered, and comes back up.
std::optional<Object> ObjectStore::read_packed(std::size_t p, std::uint64_t offset) {
  const auto& pack = (*packs_)[p];
  std::vector<std::pair<std::uint64_t, EntryHeader>> line;
  std::optional<Object> object;
  while (!object) {
    if (const auto* known = recall({p, offset})) {
      object = *known;
      break;
    }
    const auto header = pack.header(offset);
    if (!header || header->size > largest || line.size() > deepest_delta) return std::nullopt;
    if (header->storage == Storage::whole) {
      std::string data;
      if (!inflate(pack, *header, data)) return std::nullopt;
      object = Object{header->type, std::make_shared<const std::string>(std::move(data))};
      if (header->type != ObjectType::commit) remember({p, offset}, *object);
      break;
    }
    line.emplace_back(offset, *header);
    if (header->storage == Storage::offset_delta) {
      offset = header->base_offset;
    } else {
      const auto at = pack.index().find(header->base_id);
      const auto base = at ? pack.index().offset(*at) : std::nullopt;
      if (!base) return std::nullopt;
      offset = *base;
    }
  }
  for (auto step = line.rbegin(); object && step != line.rend(); ++step) {
    object = apply(pack, *object, step->second);
    if (object) remember({p, step->first}, *object);
  }
  return object;
}

bool ObjectStore::inflate(const Pack& pack, const EntryHeader& header, std::string& out) {
  if (header.data > pack.bytes().size()) return false;
  const auto in = pack.bytes().substr(header.data);
  if (!Inflater::plausible(in, header.size)) return false;
  out.resize(header.size);
  return inflater_->inflate(in, out.data(), out.size());
}

std::optional<Object> ObjectStore::apply(const Pack& pack, const Object& base,
                                         const EntryHeader& header) {
  if (!inflate(pack, header, delta_bytes_) ||
      !read_delta(delta_bytes_, base.data->size(), delta_) || delta_.size > largest)
    return std::nullopt;
  auto out = std::make_shared<std::string>();
  out->reserve(delta_.size);
  for (const auto& step : delta_.steps)
    out->append(step.insert ? step.insert : base.data->data() + step.offset, step.length);
  return Object{base.type, std::move(out)};
}

const Object* ObjectStore::recall(const Place& place) {
  const auto& known = slot(place);
  return known.object.data && known.place == place ? &known.object : nullptr;
}

void ObjectStore::remember(const Place& place, const Object& object) {
  if (object.data->size() > most_remembered / 4) return;
  const auto forget = [&](Slot& old) {
    if (old.object.data) bytes_ -= old.object.data->size();
    old = {};
  };
  auto& own = slot(place);
  forget(own);
  own = {place, object};
  bytes_ += object.data->size();
  while (bytes_ > most_remembered) forget(slots_[oldest_++ % slots_.size()]);
}

std::optional<Object> ObjectStore::read_loose(const ObjectId& id) {
  const auto hex = id.hex();
  for (const auto& folder : folders_) {
    const auto file = MappedFile::open(folder + "/" + hex.substr(0, 2) + "/" + hex.substr(2));
    if (!file) continue;
    std::optional<LooseHeader> header;
    inflate_stream(file->bytes(), largest, [&](std::string_view piece) {
      header = read_loose_header(piece);
      return false;
    });
    if (!header || header->size > largest) continue;
    const auto size = header->length + header->size;
    if (!Inflater::plausible(file->bytes(), size)) continue;
    std::string all(size, '\0');
    if (!inflater_->inflate(file->bytes(), all.data(), size)) continue;
    all.erase(0, header->length);
    return Object{header->type, std::make_shared<const std::string>(std::move(all))};
  }
  return std::nullopt;
}

}  // namespace locksmith::leaks

// Objects that are files of their own, as git writes them first.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <mutex>
#include <thread>

#include "leaks/objects.hpp"
#include "leaks/searcher_stream.hpp"

namespace locksmith::leaks {
namespace fs = std::filesystem;

std::optional<LooseHeader> read_loose_header(std::string_view inflated) {
  const auto end = inflated.substr(0, 40).find('\0'), space = inflated.find(' ');
  if (end == inflated.npos || space >= end) return std::nullopt;
  constexpr std::string_view types[] = {"commit", "tree", "blob", "tag"};
  LooseHeader header;
  for (unsigned i = 0; i < std::size(types); ++i)
    if (inflated.substr(0, space) == types[i]) header.type = static_cast<ObjectType>(i + 1);
  const char *begin = inflated.data() + space + 1, *stop = inflated.data() + end;
  const auto [at, error] = std::from_chars(begin, stop, header.size);
  if (error != std::errc() || at != stop || header.type == ObjectType::none) return std::nullopt;
  header.length = end + 1;
  return header;
}

std::vector<LooseFile> loose_files(const Repository& repository, const ObjectStore& store,
                                   std::vector<SkippedObjects>& skipped) {
  std::vector<LooseFile> files;
  for (const auto& folder : repository.object_dirs) {
    std::error_code error;
    for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
      const auto front = i->path().filename().string();
      if (front.size() != 2) continue;
      std::error_code below;
      for (fs::directory_iterator k(i->path(), below), last; !below && k != last;
           k.increment(below)) {
        const auto hex = front + k->path().filename().string();
        if (hex.size() != 2 * repository.hash_size) continue;
        const auto id = ObjectId::from_hex(hex, repository.hash_size);
        const auto packed = [&](const Pack& pack) { return id && pack.index().find(*id); };
        if (id && std::ranges::none_of(store.packs(), packed))
          files.push_back({*id, k->path().string()});
      }
      if (below) add_skipped(skipped, "loose objects", "a folder cannot be read");
    }
    if (error) add_skipped(skipped, "loose objects", "a folder cannot be read");
  }
  return files;
}

namespace {

struct Found {
  std::optional<LooseHeader> header;
  std::vector<Hit> hits;
  const char* wrong = nullptr;
};

// The header comes first in the stream; what follows is the object.
Found search_stream(std::string_view bytes, const Searcher& searcher,
                    const SearchControl& control) {
  Found found;
  StreamSearch stream(searcher, [&](Hit hit, std::uint64_t place, std::string_view) {
    hit.offset = place;
    add_hit(found.hits, hit);
  });
  constexpr std::uint64_t any = std::uint64_t{1} << 48;
  std::uint64_t size = 0;
  inflate_stream(bytes, any, [&](std::string_view piece) {
    if (!found.header) {
      found.header = read_loose_header(piece);
      if (!found.header) return false;
      piece.remove_prefix(found.header->length);
    }
    size += piece.size();
    stream.add(piece);
    return !control.stopped();
  });
  stream.finish();
  if (!control.stopped() && (!found.header || size != found.header->size)) found.wrong = "damaged";
  return found;
}

Found search_file(const LooseFile& file, const Searcher& searcher, const SearchControl& control) {
  const auto mapped = MappedFile::open(file.path);
  if (!mapped) return {.wrong = "cannot be read"};
  return search_stream(mapped->bytes(), searcher, control);
}

}  // namespace

ObjectFinds search_loose(const std::vector<LooseFile>& files, const Searcher& searcher,
                         const SearchControl& control) {
  ObjectFinds finds;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < files.size() && !control.stopped();) {
      auto found = search_file(files[i], searcher, control);
      const std::scoped_lock lock(mutex);
      ++finds.searched;
      if (found.wrong) add_skipped(finds.skipped, "loose objects", found.wrong);
      if (!found.hits.empty())
        finds.objects.push_back({files[i].id, found.header ? found.header->type : ObjectType::none,
                                 "loose", std::move(found.hits)});
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < control.threads; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return finds;
}

}  // namespace locksmith::leaks

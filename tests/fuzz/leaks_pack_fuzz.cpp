// Feeds arbitrary bytes to the readers of git's packs, indexes, deltas, trees and commits. The
// first byte says which; of a delta that is right, the search that does not apply it must find what
// the search of the object finds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "leaks/git_commit.hpp"
#include "leaks/objects.hpp"
#include "leaks/pack_family.hpp"
#include "leaks/pack_search.hpp"

namespace {

using namespace locksmith;
using namespace locksmith::leaks;

void require(bool holds) {
  if (!holds) std::abort();
}

const Searcher& searcher() {
  static const std::vector<base::Secret> keys{base::Secret("abcdefgh"),
                                              base::Secret("aaaaaaaabbbbbbbb")};
  static const Searcher all(keys);
  return all;
}

// The first 256 bytes at most are the base, what follows a delta.
void try_delta(std::string_view input) {
  const auto base_size = input.empty() ? 0 : static_cast<unsigned char>(input[0]);
  const auto base_text = input.substr(std::min<std::size_t>(1, input.size()), base_size);
  const auto bytes = input.substr(std::min(input.size(), base_text.size() + 1));
  Delta delta;
  if (!read_delta(bytes, base_text.size(), delta) || delta.size > 1 << 16) return;
  Member base, made;
  base_text.copy(base.data.room(base_text.size()), base_text.size());
  base.pieces.append(base.data.bytes());
  find_candidates(searcher(), base);
  std::string whole;
  for (const auto& step : delta.steps) {
    if (step.insert) {
      whole.append(step.insert, step.length);
      made.pieces.append({step.insert, step.length});
    } else {
      require(step.offset + step.length <= base_text.size());
      whole.append(base_text.substr(step.offset, step.length));
      made.pieces.append(base.pieces, step.offset, step.length);
    }
  }
  require(whole.size() == delta.size && made.pieces.size() == delta.size);
  find_candidates(searcher(), delta, base, made);
  std::vector<Hit> hits;
  searcher().search(whole, [&](const Hit& hit) { add_hit(hits, hit); });
  require(find_hits(searcher(), made) == hits);
}

// Two bytes: how long the index is; then the index, then the pack.
void try_pack(std::string_view input) {
  if (input.size() < 2) return;
  const std::size_t length =
      static_cast<unsigned char>(input[0]) << 8 | static_cast<unsigned char>(input[1]);
  const auto index = input.substr(2, length),
             bytes = input.substr(std::min(input.size(), 2 + length));
  const auto pack = Pack::of(bytes, index, 20);
  if (!pack) return;
  const auto finds = search_pack(*pack, searcher(), {.threads = 1});
  std::size_t seen = finds.searched;
  for (const auto& s : finds.skipped) seen += s.count;
  require(seen == pack->index().size());
}

void try_index(std::string_view input) {
  const auto index = PackIndex::read(input, 20);
  if (!index) return;
  for (std::uint32_t i = 0; i < index->size(); ++i) {
    (void)index->offset(i);
    (void)index->find(index->id(i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  const auto rest = input.substr(1);
  std::vector<TreeEntry> entries;
  switch (input[0]) {
    case 'd':
      try_delta(rest);
      break;
    case 'p':
      try_pack(rest);
      break;
    case 'i':
      try_index(rest);
      break;
    case 't':
      (void)read_tree(rest, 20, entries);
      break;
    case 'c':
      (void)read_commit(rest, 20);
      break;
    case 'l':
      (void)read_loose_header(rest);
      break;
    default:
      break;
  }
  return 0;
}

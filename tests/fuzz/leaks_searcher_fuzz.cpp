// The first line of the input is a key, the rest a text. What is found must lie in the text, and a
// plain search must find no more; the same text in pieces must give the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "leaks/searcher.hpp"
#include "leaks/searcher_stream.hpp"

namespace {
void require(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace locksmith;
  using namespace locksmith::leaks;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(input.find('\n'), input.size());
  const auto key = input.substr(0, std::min<std::size_t>(end, 200));
  const auto text = input.substr(std::min(input.size(), end + 1));
  const std::vector<base::Secret> keys{base::Secret(std::string(key))};
  const Searcher searcher(keys);
  std::vector<Hit> hits;
  searcher.search(text, [&](const Hit& hit) {
    require(hit.length >= Searcher::shortest_key && hit.offset + hit.length <= text.size());
    require(hit.length <= searcher.longest_form());
    hits.push_back(hit);
  });
  if (key.size() < Searcher::shortest_key) return require(hits.empty()), 0;
  for (auto at = text.find(key); at != text.npos; at = text.find(key, at + 1))
    require(std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
      return hit.offset <= at && at + key.size() <= hit.offset + hit.length;
    }));
  std::vector<Hit> in_pieces;
  StreamSearch stream(searcher, [&](const Hit& hit, std::uint64_t place, std::string_view) {
    in_pieces.push_back({hit.key, hit.disguise, place, hit.length});
  });
  for (std::size_t at = 0; at < text.size(); at += 7) stream.add(text.substr(at, 7));
  stream.finish();
  require(in_pieces == hits);
  return 0;
}

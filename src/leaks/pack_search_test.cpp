#include "leaks/pack_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "leaks/git_test_repository.hpp"
#include "leaks/objects.hpp"

namespace locksmith::leaks {
namespace {

using Random = std::mt19937_64;
using Found = std::map<std::string, std::vector<Hit>>;

// Pieces that make keys, also disguised ones, when they come to stand beside each other: so edits
// make and break them, where nothing but the place of two copied pieces is new.
struct Parts {
  std::vector<std::string> keys, pieces;

  explicit Parts(Random& random) {
    for (int i = 0; i < 3; ++i) keys.push_back(some_key(random, i == 2 ? 8 : 48));
    for (const auto& key : keys) {
      for (const auto& form :
           {key, base::base64_encode("x:" + key), base::base64_encode(key + "\nabc"),
            key.substr(0, 30) + "\n    " + key.substr(std::min<std::size_t>(30, key.size())),
            encoded(key)}) {
        // What is all encoded has one fragment, at its end: there a cut hides all of it.
        const auto cut = form.starts_with("\\u") ? form.size() - 3 - random() % 36
                                                 : 1 + random() % (form.size() - 1);
        pieces.push_back(form.substr(0, cut));
        pieces.push_back(form.substr(cut));
        pieces.push_back(form);
      }
    }
  }
  static std::string encoded(const std::string& key) {
    std::string out;
    for (const char c : key) out += "\\u00" + base::hex(std::string(1, c));
    return out;
  }
};

std::string filler(Random& random, std::size_t length) {
  std::string out;
  while (out.size() < length) out += " .,;:~\n"[random() % 7] + std::to_string(random() % 1000);
  return out;
}

void edit(Random& random, const Parts& pieces, std::vector<std::string>& file) {
  const auto at = static_cast<std::ptrdiff_t>(random() % file.size());
  switch (random() % 5) {
    case 0:
      file.insert(file.begin() + at, filler(random, 1 + random() % 200));
      break;
    case 1:
      file.insert(file.begin() + at, pieces.pieces[random() % pieces.pieces.size()]);
      break;
    case 2:
      if (file.size() > 10) file.erase(file.begin() + at);
      break;
    case 3:
      std::swap(file[static_cast<std::size_t>(at)], file[random() % file.size()]);
      break;
    default: {  // both halves of a form, something between them
      const auto form = random() % (pieces.pieces.size() / 3) * 3;
      file.insert(file.begin() + at,
                  {pieces.pieces[form], filler(random, 40), pieces.pieces[form + 1]});
    }
  }
}

std::string import_stream(Random& random, const Parts& pieces) {
  std::ostringstream out;
  std::vector<std::vector<std::string>> files(4);
  for (auto& file : files)
    for (int i = 0; i < 30; ++i) file.push_back(filler(random, 150));
  for (int commit = 0; commit < 40; ++commit) {
    out << "commit refs/heads/main\ncommitter A <a@b> " << 1700000000 + commit
        << " +0000\ndata 2\nx\n";
    for (std::size_t f = 0; f < files.size(); ++f) {
      for (auto edits = random() % 4; edits > 0; --edits) edit(random, pieces, files[f]);
      std::string text;
      for (const auto& piece : files[f]) text += piece;
      out << "M 644 inline f" << f << "\ndata " << text.size() << "\n" << text << "\n";
    }
  }
  return out.str();
}

// Unpack all, search all.
Found slowly(const std::string& repository, const Searcher& searcher, std::size_t* count) {
  const auto all = shell(repository, "git cat-file --batch-all-objects --batch");
  Found found;
  *count = 0;
  for (std::size_t at = 0; at < all.size(); ++*count) {
    std::istringstream line(all.substr(at, all.find('\n', at) - at));
    std::string id, type;
    std::size_t size = 0;
    line >> id >> type >> size;
    at = all.find('\n', at) + 1;
    searcher.search(std::string_view(all).substr(at, size),
                    [&](const Hit& hit) { add_hit(found[id], hit); });
    at += size + 1;
  }
  return found;
}

Found by_us(const std::string& path, const Searcher& searcher, std::size_t* count) {
  Found found;
  const auto repository = open_repository(path);
  if (!repository) return found;
  std::vector<SkippedObjects> skipped;
  ObjectStore store(*repository, skipped);
  const auto take = [&](const ObjectFinds& finds) {
    *count += finds.searched;
    EXPECT_TRUE(finds.skipped.empty()) << finds.skipped[0].reason;
    for (const auto& object : finds.objects) found[object.id.hex()] = object.hits;
  };
  *count = 0;
  for (const auto& pack : store.packs()) take(search_pack(pack, searcher, {}));
  take(search_loose(loose_files(*repository, store, skipped), searcher, {}));
  EXPECT_TRUE(skipped.empty());
  return found;
}

void agrees(unsigned seed, const std::string& format, const std::string& repack) {
  SCOPED_TRACE(std::to_string(seed) + " " + format + " " + repack);
  Random random(seed);
  const Parts pieces(random);
  const TestFolder folder;
  shell(folder.path(), "git init -q --object-format=" + format + " .");
  folder.write("stream", import_stream(random, pieces));
  shell(folder.path(), "git -c fastimport.unpackLimit=0 fast-import --quiet < stream && " + repack);
  std::vector<base::Secret> secrets(pieces.keys.begin(), pieces.keys.end());
  const Searcher searcher(secrets);
  std::size_t theirs = 0, ours = 0;
  const auto expected = slowly(folder.path(), searcher, &theirs);
  EXPECT_GT(expected.size(), 20u);
  EXPECT_EQ(by_us(folder.path(), searcher, &ours), expected);
  EXPECT_EQ(ours, theirs);
}

TEST(PackSearch, FindsInDeltasWhatUnpackingFinds) {
  for (unsigned seed = 0; seed < 3; ++seed)
    agrees(seed, "sha1", "git repack -adfq --depth=50 --window=50");
}
TEST(PackSearch, FindsInDeltasByName) {  // REF_DELTA
  agrees(10, "sha1", "git -c repack.useDeltaBaseOffset=false repack -adfq --depth=50 --window=50");
}
TEST(PackSearch, FindsInSha256) { agrees(20, "sha256", "git repack -adfq --depth=50 --window=50"); }
TEST(PackSearch, FindsInIndexOfVersion1) {
  agrees(30, "sha1", "git -c pack.indexVersion=1 repack -adfq --depth=50 --window=50");
}
TEST(PackSearch, FindsInLooseObjectsAndSeveralPacks) {
  agrees(40, "sha1",
         "mv .git/objects/pack/*.pack p && rm .git/objects/pack/* && git unpack-objects -q < p && "
         "git rev-list --objects main~20 | git pack-objects -q .git/objects/pack/pack > all && "
         "git prune-packed -q");
}

TEST(PackSearch, DamageIsCountedAndTheRestIsSearched) {
  Random random(50);
  const Parts pieces(random);
  const TestFolder folder;
  shell(folder.path(), "git init -q .");
  folder.write("stream", import_stream(random, pieces));
  shell(folder.path(),
        "git -c fastimport.unpackLimit=0 fast-import --quiet < stream && git repack -adfq");
  std::vector<base::Secret> secrets(pieces.keys.begin(), pieces.keys.end());
  const Searcher searcher(secrets);
  const auto repository = open_repository(folder.path());
  std::vector<SkippedObjects> skipped;
  ObjectStore store(*repository, skipped);
  ASSERT_EQ(store.packs().size(), 1u);
  const auto& whole = store.packs()[0];
  const auto base = folder / ".git/objects/pack/" + whole.name();
  const auto pack = MappedFile::open(base + ".pack"), index = MappedFile::open(base + ".idx");
  const auto all = search_pack(whole, searcher, {});
  for (unsigned seed = 0; seed < 30; ++seed) {
    std::string pack_bytes(pack->bytes()), index_bytes(index->bytes());
    auto& bytes = seed % 2 ? pack_bytes : index_bytes;
    for (unsigned i = 0; i < 1 + seed / 10; ++i)
      bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    if (seed % 5 == 0) bytes.resize(random() % bytes.size());
    const auto damaged = Pack::of(pack_bytes, index_bytes, 20);
    if (!damaged) continue;
    const auto found = search_pack(*damaged, searcher, {});
    std::size_t lost = 0;
    for (const auto& s : found.skipped) lost += s.count;
    if (seed % 2 && found.objects.size() < all.objects.size()) {
      EXPECT_GT(lost, 0u) << seed;
    }
    EXPECT_EQ(found.searched + lost, damaged->index().size()) << seed;
  }
}

}  // namespace
}  // namespace locksmith::leaks

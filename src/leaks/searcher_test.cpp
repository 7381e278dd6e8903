#include "leaks/searcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "leaks/searcher_stream.hpp"

namespace locksmith::leaks {

void PrintTo(const Hit& hit, std::ostream* out) {
  *out << "key " << hit.key << ", disguise " << static_cast<int>(hit.disguise) << ", ["
       << hit.offset << ", +" << hit.length << ")";
}

namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return random() % n; }
std::string any_of(Random& random, std::string_view set, std::size_t length) {
  std::string out(length, 0);
  for (auto& c : out) c = set[below(random, set.size())];
  return out;
}

// Keys of several kinds, among them such as have hardly a letter.
std::string make_key(Random& random) {
  const std::string base64 = std::string(letters) + "+/";
  switch (below(random, 6)) {
    case 0:
      return "sk_" + any_of(random, letters, 20 + below(random, 30));
    case 1:
      return any_of(random, base64, 43) + "=";
    case 2:
      return any_of(random, "0123456789abcdef", 8) + "-" + any_of(random, "0123456789abcdef", 12);
    case 3:
      return any_of(random, letters, 8);
    case 4:
      return any_of(random, "!#$%^*()[]{}<>?/:;", 10);
    default:
      return any_of(random, std::string(letters) + "-_.", 150 + below(random, 200));
  }
}

bool unreserved(char c) {
  return letters.find(c) != letters.npos ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string coded(char c, const char* format) {
  char out[8];
  std::snprintf(out, sizeof out, format, static_cast<unsigned char>(c));
  return out;
}

struct Written {
  std::string text;
  Disguise disguise;
  std::size_t offset = 0, length = 0;  // of the form in the text
};

Written whole(std::string text, Disguise disguise) { return {text, disguise, 0, text.size()}; }

// Only what must be encoded, each time in one way or the other; or all of it.
Written encoded(Random& random, const std::string& key, bool url) {
  const bool all = below(random, 3) == 0, upper = below(random, 2);
  std::string out;
  for (const char c : key) {
    if (!all && (unreserved(c) || below(random, 4) == 0))
      out += c;
    else if (url)
      out += coded(c, upper ? "%%%02X" : "%%%02x");
    else if (!all && c == '/' && below(random, 2))
      out += "\\/";
    else
      out += coded(c, upper ? "\\u%04X" : "\\u%04x");
  }
  if (out == key) return whole(out, Disguise::plain);
  return whole(out, url ? Disguise::url_encoded : Disguise::json);
}

const char* const gaps[] = {"\n",           "\r\n",       "\n        ", "\\\n",   "\\\r\n    ",
                            "\" +\n    \"", "'\n    '",   "' .\n  '",   "=\r\n",  "\n+   ",
                            "\n# ",         "\"\n  + \"", "\\n",        "\\r\\n", "\" \\\n \"",
                            "\n// ",        " \n",        "\n\t> "};

Written wrapped(Random& random, const std::string& key) {
  const std::string gap = gaps[below(random, std::size(gaps))];
  std::string out = key;
  const std::size_t width = 40 + below(random, 37),
                    first = 1 + below(random, std::min(width, key.size() - 1));
  for (std::size_t at = first; at < out.size(); at += width + gap.size()) out.insert(at, gap);
  return whole(out, Disguise::wrapped);
}

// Base64 of the key with something before it and behind it; the form is what the key decides.
Written base64(Random& random, const std::string& key) {
  const auto bytes = [&](std::size_t n) { return any_of(random, letters, n); };
  const std::size_t kind = below(random, 4), before = kind ? below(random, 9) : 0;
  std::string front = bytes(before), back = kind ? bytes(below(random, 9)) : "";
  if (kind == 2) front += ":", back = "";
  if (kind == 3) front = "", back = ":" + back;
  const bool basic = kind >= 2 && key.find(':') == key.npos;
  auto text = base::base64_encode(front + key + back);
  if (below(random, 2)) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
  }
  Written out{text, basic || kind >= 2 ? Disguise::basic : Disguise::base64, front.size() * 8 / 6,
              0};
  std::size_t end = ((front.size() + key.size()) * 8 + 5) / 6;
  if (kind < 2 && below(random, 3) == 0) {  // lines of 64 or 76 columns
    const std::string gap = below(random, 2) ? "\n" : "\r\n   ";
    const std::size_t width = below(random, 2) ? 64 : 76;
    for (std::size_t at = width; at < out.text.size(); at += width + gap.size()) {
      if (at <= out.offset) out.offset += gap.size();
      if (at < end) end += gap.size();
      out.text.insert(at, gap);
    }
  }
  out.length = end - out.offset;
  return out;
}

Written write(Random& random, const std::string& key) {
  switch (below(random, 5)) {
    case 0:
      return whole(key, Disguise::plain);
    case 1:
      return encoded(random, key, true);
    case 2:
      return encoded(random, key, false);
    case 3:
      return wrapped(random, key);
    default:
      return base64(random, key);
  }
}

std::vector<Hit> found(const Searcher& searcher, std::string_view text) {
  std::vector<Hit> hits;
  searcher.search(text, [&](const Hit& hit) { hits.push_back(hit); });
  return hits;
}

Searcher searcher_of(const std::vector<std::string>& keys) {
  std::vector<base::Secret> secrets(keys.begin(), keys.end());
  return Searcher(secrets);
}

// Something that is not a key but much like one.
std::string near_miss(Random& random, std::string text) {
  if (below(random, 2)) return text.substr(0, text.size() - 1 - below(random, text.size() / 2));
  return text.substr(text.size() / 3 + below(random, text.size() / 3));  // %33 less two is still 3
}

struct Text {
  std::string text;
  std::vector<Hit> planted;
};
Text make_text(Random& random, const std::vector<std::string>& keys, std::size_t pieces,
               std::size_t between = 60) {
  Text out;
  for (std::size_t i = 0; i < pieces; ++i) {
    out.text += any_of(random, "abcdefghijklmnop =:,.;\n", below(random, between)) + " ~ ";
    const std::size_t k = below(random, keys.size());
    const auto form = write(random, keys[k]);
    if (below(random, 3) == 0) {
      out.text += near_miss(random, form.text.substr(form.offset, form.length));
    } else {
      out.planted.push_back({k, form.disguise, out.text.size() + form.offset, form.length});
      out.text += form.text;
    }
    out.text += " ~ ";
  }
  return out;
}

// Obvious and slow.
std::vector<std::size_t> plainly(const std::string& text, const std::string& key) {
  std::vector<std::size_t> at;
  for (auto i = text.find(key); i != text.npos; i = text.find(key, i + 1)) at.push_back(i);
  return at;
}

TEST(Searcher, FindsWhatIsPlantedAndNothingElse) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < 1 + seed % 7; ++i) keys.push_back(make_key(random));
    const auto searcher = searcher_of(keys);
    const auto [text, planted] = make_text(random, keys, 20);
    ASSERT_EQ(found(searcher, text), planted) << text;
  }
}

TEST(Searcher, AgreesWithASlowSearch) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<std::string> keys;  // of two letters: full of repetitions and overlaps
    for (std::size_t i = 0; i < 4; ++i) keys.push_back(any_of(random, "ab", 8 + below(random, 3)));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    const auto text = any_of(random, "ab", 2000);
    std::vector<Hit> expected;
    for (std::size_t k = 0; k < keys.size(); ++k)
      for (const auto at : plainly(text, keys[k]))
        expected.push_back({k, Disguise::plain, at, keys[k].size()});
    auto hits = found(searcher_of(keys), text);
    const auto order = [](const Hit& a, const Hit& b) {
      return std::tie(a.key, a.offset) < std::tie(b.key, b.offset);
    };
    std::sort(hits.begin(), hits.end(), order);
    ASSERT_EQ(hits, expected) << text;
  }
}

TEST(Searcher, APieceAfterAnotherIsAsTheWhole) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < 5; ++i) keys.push_back(make_key(random));
    const auto searcher = searcher_of(keys);
    const auto text = make_text(random, keys, 300, 4000).text;
    std::vector<Hit> hits;
    StreamSearch stream(searcher, [&](Hit hit, std::uint64_t place, std::string_view) {
      hit.offset = place;
      hits.push_back(hit);
    });
    for (std::size_t at = 0; at < text.size();) {
      const auto piece = std::string_view(text).substr(at, 1 + below(random, 50000));
      stream.add(piece);
      at += piece.size();
    }
    stream.finish();
    ASSERT_EQ(hits, found(searcher, text));
  }
}

TEST(Searcher, ACandidateIsNearEachHit) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const std::vector<std::string> keys{make_key(random), make_key(random)};
    const auto searcher = searcher_of(keys);
    const auto [text, planted] = make_text(random, keys, 10);
    std::vector<std::size_t> candidates;
    searcher.candidates(text, [&](Searcher::Candidate c) {
      ASSERT_LE(c.length, searcher.longest_fragment());
      candidates.push_back(c.offset);
    });
    for (const auto& hit : found(searcher, text)) {
      ASSERT_LE(hit.length, searcher.longest_form());
      ASSERT_TRUE(std::any_of(candidates.begin(), candidates.end(), [&](std::size_t at) {
        return at >= hit.offset && at < hit.offset + hit.length;
      }));
    }
  }
}

TEST(Searcher, TellsBasicFromOtherBase64) {
  Random random(1);
  const auto key = any_of(random, letters, 24);
  const auto searcher = searcher_of({key});
  const auto disguise = [&](const std::string& text) {
    const auto hits = found(searcher, text);
    return hits.size() == 1 ? hits[0].disguise : Disguise::plain;
  };
  EXPECT_EQ(disguise("Authorization: Basic " + base::base64_encode("ada:" + key)), Disguise::basic);
  EXPECT_EQ(disguise("Authorization: Basic " + base::base64_encode(key + ":")), Disguise::basic);
  EXPECT_EQ(disguise("_auth=" + base::base64_encode(":" + key)), Disguise::basic);
  EXPECT_EQ(disguise("data: " + base::base64_encode(key)), Disguise::base64);
  EXPECT_EQ(disguise("data: " + base::base64_encode("ada:" + key + "\n")), Disguise::base64);
  EXPECT_EQ(disguise("data: " + base::base64_encode("{\"a\":\"" + key + "\"}")), Disguise::base64);
}

TEST(Searcher, AKeyOfSeveralLinesIsFoundInOne) {
  Random random(2);
  const auto a = any_of(random, letters, 64), b = any_of(random, letters, 30);
  const auto searcher = searcher_of({a + "\n" + b});
  for (const auto* end : {"\n", "\r\n", "\\n", "\\r\\n", "%0A"})
    EXPECT_EQ(found(searcher, "x " + a + end + b + " x").size(), 1u) << end;
  EXPECT_EQ(found(searcher, a + " " + b).size(), 0u);
}

// A key of 60 symbols on three lines, one of 164 on eight, however they are cut.
TEST(Searcher, AKeyInNarrowLinesIsFound) {
  Random random(3);
  for (const std::size_t size : {60, 79, 103, 164}) {
    const auto key = any_of(random, letters, size);
    const auto searcher = searcher_of({key});
    for (int round = 0; round < 200; ++round) {
      const std::string gap = gaps[below(random, std::size(gaps))];
      std::vector<std::size_t> cuts;
      for (std::size_t i = 0; i + 1 < size / 20; ++i) cuts.push_back(1 + below(random, size - 1));
      std::ranges::sort(cuts, std::greater());
      cuts.erase(std::ranges::unique(cuts).begin(), cuts.end());
      std::string text = key;
      for (const std::size_t cut : cuts) text.insert(cut, gap);
      const std::vector<Hit> hits = found(searcher, "a: " + text + "\n");
      ASSERT_EQ(hits, (std::vector<Hit>{{0, Disguise::wrapped, 3, text.size()}})) << text;
    }
  }
}

TEST(Searcher, ShortKeysAndNoKeysFindNothing) {
  EXPECT_TRUE(found(searcher_of({}), std::string(1000, 'a')).empty());
  EXPECT_TRUE(found(searcher_of({"", "a", "aaaaaaa"}), std::string(1000, 'a')).empty());
  EXPECT_TRUE(found(searcher_of({"aaaaaaaa"}), "").empty());
}

}  // namespace
}  // namespace locksmith::leaks

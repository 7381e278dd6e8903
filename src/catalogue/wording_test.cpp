// Which answers a message speaks, found by their phrases.
#include "catalogue/wording.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace locksmith::catalogue {
namespace {

const std::array answers{Answer{.kind = "limit"}, Answer{.kind = "plan"}, Answer{.kind = "scope"},
                         Answer{.kind = "address"}};
// Sorted by text, as the catalogue's table is.
constexpr std::array<Phrase, 9> phrases{{{"not allowed", "scope"},
                                         {"not allowed from this ip", "address"},
                                         {"rate limit", "limit"},
                                         {"rate limit exceeded", "limit"},
                                         {"slow down", "limit", true},
                                         {"tier", "plan"},
                                         {"too many requests", "limit"},
                                         {"upgrade your plan", "plan"},
                                         {"your plan", "plan", true}}};

// "kind: phrase" of each, in order; a hint ends in '?'.
std::vector<std::string> spoken(std::string_view message) {
  std::vector<std::string> out;
  for (const Spoken& said : spoken_answers({.answers = answers, .phrases = phrases}, message)) {
    out.push_back(std::string(said.answer->kind) + ": " + std::string(said.phrase) +
                  (said.hint ? "?" : ""));
  }
  return out;
}
using Said = std::vector<std::string>;

TEST(Wording, FindsThePhrase) {
  EXPECT_EQ(spoken("error: too many requests."), Said{"limit: too many requests"});
  EXPECT_EQ(spoken("all is well"), Said{});
  EXPECT_EQ(spoken(""), Said{});
}

TEST(Wording, OneEntryPerAnswerItsLongestPhrase) {
  EXPECT_EQ(spoken("rate limit exceeded, too many"), Said{"limit: rate limit exceeded"});
}

// People say the reason first, and advice after it.
TEST(Wording, InTheOrderInWhichTheyAreSaid) {
  EXPECT_EQ(spoken("not allowed; upgrade your plan, or mind the rate limit exceeded"),
            (Said{"scope: not allowed", "plan: upgrade your plan", "limit: rate limit exceeded"}));
}

TEST(Wording, APhraseWithinALongerOneDoesNotCount) {
  EXPECT_EQ(spoken("not allowed from this ip address"), Said{"address: not allowed from this ip"});
}

TEST(Wording, ShortPhrasesAreWholeWords) {
  EXPECT_EQ(spoken("the free tier is over"), Said{"plan: tier"});
  EXPECT_EQ(spoken("a frontier"), Said{});
  EXPECT_EQ(spoken("tiers and entier"), Said{});
  EXPECT_EQ(spoken("entier, then tier"), Said{"plan: tier"});
  EXPECT_EQ(spoken("{\"tier\":1}"), Said{"plan: tier"});
}

TEST(Wording, LongPhrasesStartAWordAndMayGoOn) {
  EXPECT_EQ(spoken("upgrade your plans"), Said{"plan: upgrade your plan"});
  EXPECT_EQ(spoken("xtoo many requests"), Said{});
}

TEST(Wording, HintsCountOnlyWithoutPhrases) {
  EXPECT_EQ(spoken("please slow down"), Said{"limit: slow down?"});
  EXPECT_EQ(spoken("slow down: your plan says so"),
            (Said{"limit: slow down?", "plan: your plan?"}));
  EXPECT_EQ(spoken("not allowed, slow down"), Said{"scope: not allowed"});
}

TEST(Wording, AHintDoesNotCoverAPhrase) {
  constexpr std::array<Phrase, 2> nested{
      {{"no key", "scope"}, {"no key was found", "limit", true}}};
  const auto said =
      spoken_answers({.answers = answers, .phrases = nested}, "no key was found here");
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].answer->kind, "scope");
}

// What the real catalogue says must at least be found where it stands alone.
TEST(Wording, EveryPhraseOfTheCatalogueIsFoundWhereItStandsAlone) {
  for (const Answer& answer : embedded().answers) {
    for (const std::string_view phrase : answer.phrases) {
      bool found = false;
      for (const Spoken& said : spoken_answers(embedded(), phrase)) {
        found |= said.answer == &answer && !said.hint;
      }
      EXPECT_TRUE(found) << answer.kind << ": " << phrase;
    }
  }
}

}  // namespace
}  // namespace locksmith::catalogue

// Which answers a message speaks, found by their phrases.
#include "catalogue/wording.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace locksmith::catalogue {
namespace {

constexpr std::array<std::string_view, 3> limit_phrases{"rate limit", "rate limit exceeded",
                                                        "too many requests"};
constexpr std::array<std::string_view, 1> limit_hints{"slow down"};
constexpr std::array<std::string_view, 2> plan_phrases{"tier", "upgrade your plan"};
constexpr std::array<std::string_view, 1> plan_hints{"your plan"};
constexpr std::array<std::string_view, 1> scope_phrases{"not allowed"};
constexpr std::array<std::string_view, 1> address_phrases{"not allowed from this ip"};
const std::array<Answer, 4> answers{
    Answer{.kind = "limit", .phrases = limit_phrases, .hints = limit_hints},
    Answer{.kind = "plan", .phrases = plan_phrases, .hints = plan_hints},
    Answer{.kind = "scope", .phrases = scope_phrases},
    Answer{.kind = "address", .phrases = address_phrases}};

// "kind: phrase" of each, in order; a hint ends in '?'.
std::vector<std::string> spoken(std::string_view message) {
  std::vector<std::string> out;
  for (const Spoken& said : spoken_answers({.answers = answers}, message)) {
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

TEST(Wording, LongerPhrasesComeFirst) {
  EXPECT_EQ(spoken("not allowed; upgrade your plan, or mind the rate limit exceeded"),
            (Said{"limit: rate limit exceeded", "plan: upgrade your plan", "scope: not allowed"}));
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

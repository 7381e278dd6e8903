// The key against the shapes of the catalogue: whose it is, which kind, whether it is whole.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

Found judge(const Failure& failure) { return failure.found_by(inspect_kind); }
Found github(const std::string& key) { return judge(Failure().bearer(key)); }

TEST(InspectKind, WholeWithItsChecksum) {
  const Found found = github(make_key("github", "classic-token"));
  EXPECT_LT(found.weight("kind.whole", "malformed"), -clear);
  EXPECT_LT(found.weight("kind.whole", "wrong-provider"), 0);
  EXPECT_TRUE(found["kind.whole"].text.contains("checksum holds"));
  EXPECT_TRUE(found["kind.whole"].source.starts_with("https://"));
}

TEST(InspectKind, EveryKindOfTheCatalogueIsKnownToItsOwnProvider) {
  for (const catalogue::Provider& provider : catalogue::embedded().providers) {
    if (provider.hosts.empty() || provider.hosts.front().contains('*')) continue;
    for (const catalogue::KeyKind& kind : provider.keys) {
      if (!kind.distinctive || kind.prefix.size() < 5) continue;
      Failure failure("https://" + std::string(provider.hosts.front()) + "/");
      failure.bearer(make_key(provider.slug, kind.kind));
      const Found found = judge(failure);
      planted().clear();
      EXPECT_TRUE(found.has("kind.whole") || found.has("kind.not-accepted"))
          << provider.slug << " " << kind.kind;
      EXPECT_FALSE(found.has("kind.foreign")) << provider.slug << " " << kind.kind;
    }
  }
}

TEST(InspectKind, AWrongChecksum) {
  const std::string key = credential::with_checksum(credential::Checksum::crc32_base62,
                                                    make_key("github", "classic-token"), false);
  const Found found = github(key);
  EXPECT_GE(found.weight("kind.checksum", "malformed"), clear);
  EXPECT_FALSE(found.has("kind.whole"));
}

TEST(InspectKind, CutOrLengthened) {
  const std::string key = make_key("github", "fine-grained-token");
  const Found cut = github(key.substr(0, key.size() - 5));
  EXPECT_GE(cut.weight("kind.broken", "malformed"), moderate);
  EXPECT_TRUE(cut["kind.broken"].text.contains("5 characters too short"));
  EXPECT_TRUE(github(key + "ab")["kind.broken"].text.contains("2 characters too long"));
  EXPECT_TRUE(
      github(key.substr(0, 20) + "-" + key.substr(21))["kind.broken"].text.contains("byte 20"));
}

TEST(InspectKind, AStrayCharacter) {
  const std::string key = make_key("github", "classic-token");
  const Found found = github("$" + key);
  EXPECT_GE(found.weight("kind.stray-character", "malformed"), clear);
  EXPECT_GE(found.weight("kind.stray-character", "interpolated"), moderate);
  EXPECT_TRUE(github(key + "~").has("kind.stray-character"));
}

TEST(InspectKind, AKindThatTheApiDoesNotTake) {
  const Found found = judge(
      Failure("https://api.stripe.com/v1/charges").bearer(make_key("stripe", "publishable-key")));
  EXPECT_GE(found.weight("kind.not-accepted", "wrong-credential-type"), clear);
  EXPECT_TRUE(found["kind.not-accepted"].text.contains("Needed is a live secret key"));
}

TEST(InspectKind, AnotherProvidersKey) {
  const Found found = judge(
      Failure("https://api.openai.com/v1/models").bearer(make_key("github", "fine-grained-token")));
  EXPECT_GE(found.weight("kind.foreign", "wrong-provider"), clear);
  EXPECT_TRUE(found["kind.foreign"].text.contains("of GitHub"));
}

// A host that no file knows may pass the key on.
TEST(InspectKind, AnotherProvidersKeyAtAnUnknownHost) {
  const Found found =
      judge(Failure("https://llm.acme.test/v1/models").bearer(make_key("openai", "project-key")));
  EXPECT_GT(found.weight("kind.foreign", "wrong-provider"), 0);
  EXPECT_LT(found.weight("kind.foreign", "wrong-provider"), clear);
}

// "sk-" is OpenAI's, "sk-ant-" Anthropic's: the longer prefix tells.
TEST(InspectKind, TheLongestPrefixTellsWhoseABrokenKeyIs) {
  const std::string key = make_key("anthropic", "api-key");
  const Found found =
      judge(Failure("https://api.openai.com/v1/models").bearer(key.substr(0, key.size() - 9)));
  EXPECT_TRUE(found["kind.foreign"].text.contains("of Anthropic"));
}

TEST(InspectKind, AtAnotherPlaceOfItsProvider) {
  const Found found = judge(
      Failure("https://api.anthropic.com/v1/messages").bearer(make_key("anthropic", "api-key")));
  EXPECT_GE(found.weight("kind.misplaced", "wrong-header"), clear);
  EXPECT_EQ(found["kind.misplaced"].fix,
            std::vector<std::string>{"curl -H \"x-api-key: $ANTHROPIC_API_KEY\" …"});
  EXPECT_FALSE(judge(Failure("https://api.anthropic.com/v1/messages")
                         .send("x-api-key", make_key("anthropic", "api-key")))
                   .has("kind.misplaced"));
}

TEST(InspectKind, AnotherEnvironment) {
  const std::string key = make_key("pypi", "api-token");
  const auto at = [&](const char* host) {
    return judge(Failure(std::string("https://") + host + "/legacy/").basic("__token__:" + key));
  };
  EXPECT_GE(at("test.pypi.org").weight("kind.environment-differs", "wrong-environment"), clear);
  EXPECT_LT(at("upload.pypi.org").weight("kind.environment-matches", "wrong-environment"), 0);
}

// What sticks to a key is said elsewhere; without it the key is whole.
TEST(InspectKind, DefectsAreTakenOffFirst) {
  EXPECT_TRUE(github("'" + make_key("github", "classic-token") + "'\n").has("kind.whole"));
}

TEST(InspectKind, NothingToSayOfWhatIsNoKey) {
  for (const char* value : {"YOUR_API_KEY", "ghp_...abcd", "undefined", "abc", ""}) {
    EXPECT_TRUE(github(value).empty()) << value;
  }
  EXPECT_TRUE(judge(Failure("https://api.acme.test/").bearer(any_key())).empty());
  EXPECT_TRUE(judge(Failure("https://api.acme.test/").basic("ann:" + any_key())).empty());
}

TEST(InspectKind, UnlikeAnyOfTheProvidersKeys) {
  const Found found = judge(Failure("https://api.openai.com/v1/models").bearer(any_key()));
  EXPECT_GT(found.weight("kind.unlike", "wrong-provider"), 0);
}

}  // namespace
}  // namespace locksmith::inspect

// People know a provider by its name, its host, a variable, or by a key whose owner they look for.
#include "catalogue/find.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "catalogue/load.hpp"

namespace locksmith::catalogue {
namespace {

class Find : public testing::Test {
 protected:
  std::vector<std::string> slugs(const std::vector<std::string>& words) {
    const Found found = find(files_->catalogue(), words);
    std::vector<std::string> out;
    for (const Provider* provider : found.providers) out.emplace_back(provider->slug);
    for (const Intermediary* item : found.intermediaries) out.emplace_back(item->slug);
    return out;
  }
  std::expected<Files, Problems> files_ =
      Files::read(std::filesystem::path(LOCKSMITH_SOURCE_DIR) / "tests/catalogue_fixture");
};
using Slugs = std::vector<std::string>;

TEST_F(Find, EverythingWithoutAWord) { EXPECT_EQ(slugs({}), (Slugs{"acme", "zenith", "gate"})); }

TEST_F(Find, ByWhatPeopleKnow) {
  const Slugs acme{"acme"};
  EXPECT_EQ(slugs({"ACME"}), acme);
  EXPECT_EQ(slugs({"api.acme.example"}), acme);
  EXPECT_EQ(slugs({"eu.acme.example"}), acme);            // *.acme.example
  EXPECT_EQ(slugs({"sandbox.acme-test.example"}), acme);  // of an environment
  EXPECT_EQ(slugs({"acme_base_url"}), acme);
  EXPECT_EQ(slugs({"acme_live"}), acme);
  EXPECT_EQ(slugs({"acme_live_" + std::string(36, 'x')}), acme);  // a whole key
  EXPECT_EQ(slugs({"gate"}), Slugs{"gate"});
}

TEST_F(Find, EveryWordCounts) {
  EXPECT_EQ(slugs({"acme", "example"}), Slugs{"acme"});
  EXPECT_EQ(slugs({"acme", "zenith"}), Slugs{});
  EXPECT_EQ(slugs({"nobody"}), Slugs{});
}

TEST_F(Find, SuggestsWhatWasMeant) {
  const Catalogue& catalogue = files_->catalogue();
  EXPECT_EQ(nearest_slug(catalogue, "acne"), "acme");
  EXPECT_EQ(nearest_slug(catalogue, "ACME"), "acme");
  EXPECT_EQ(nearest_slug(catalogue, "zenit.example"), "");
  EXPECT_EQ(nearest_slug(catalogue, "api.acme.example"), "acme");
  EXPECT_EQ(nearest_slug(catalogue, "something-else"), "");
}

TEST_F(Find, IntermediariesBySlug) {
  ASSERT_TRUE(intermediary(files_->catalogue(), "gate"));
  EXPECT_EQ(intermediary(files_->catalogue(), "acme"), nullptr);
}

}  // namespace
}  // namespace locksmith::catalogue

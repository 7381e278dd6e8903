// embedded() is the fixture here, compiled: it must hold what reading the fixture's files yields.
#include "catalogue_emit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalogue/load.hpp"

namespace locksmith::catalogue {
namespace {

TEST(Emit, TheEmbeddedCatalogueEqualsItsFiles) {
  const auto files = Files::read(LOCKSMITH_FIXTURE);
  ASSERT_TRUE(files);
  ASSERT_EQ(embedded().providers.size(), 2u);
  // Everything a catalogue holds is in its sources.
  EXPECT_EQ(emit_sources(embedded(), 3), emit_sources(files->catalogue(), 3));
}

TEST(Emit, KeepsEveryByteOfAText) {
  const std::string_view quirk = embedded().provider("acme")->quirks.front();
  EXPECT_EQ(quirk, std::string_view(
                       "A wrong path answers 403, \"not\" 404.\tWhy?\?!\0 nobody knows.", 58));
}

TEST(Emit, SplitsLongTexts) {
  const std::string text(10000, 'x');
  const std::string_view quirks[] = {text};
  Provider provider;
  provider.slug = "long";
  provider.quirks = quirks;
  Catalogue catalogue;
  catalogue.providers = {&provider, 1};
  const auto files = emit_sources(catalogue, 1);
  std::size_t longest = 0, line = 0;
  for (const char c : files.at("providers_0.cpp")) {
    line = c == '\n' ? 0 : line + 1;
    longest = std::max(longest, line);
  }
  EXPECT_LT(longest, 4096u);
  EXPECT_NE(files.at("providers_0.cpp").find("10000}"), std::string::npos);
}

}  // namespace
}  // namespace locksmith::catalogue

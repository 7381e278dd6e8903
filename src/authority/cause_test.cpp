// The words of the authority are those of the catalogue.
#include "authority/cause.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace locksmith::authority {
namespace {

TEST(CauseTest, EverySlugHasItsPageAndTitle) {
  for (std::size_t i = 1; i < cause_count; ++i) {
    const auto cause = static_cast<Cause>(i);
    const std::string path =
        std::string(LOCKSMITH_SOURCE_DIR "/catalogue/causes/") + std::string(slug(cause)) + ".md";
    std::stringstream page;
    page << std::ifstream(path).rdbuf();
    EXPECT_NE(page.str().find("title = \"" + std::string(title(cause)) + "\"\n"), std::string::npos)
        << path;
    EXPECT_EQ(cause_of(slug(cause)), cause);
  }
  EXPECT_FALSE(cause_of(""));
  EXPECT_FALSE(cause_of("no-such-cause"));
}

}  // namespace
}  // namespace locksmith::authority

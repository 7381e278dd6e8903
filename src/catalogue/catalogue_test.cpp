#include "catalogue/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace locksmith::catalogue {
namespace {

constexpr std::string_view wide[] = {"*.example.com"};
constexpr std::string_view narrow[] = {"*.api.example.com", "api.example.com"};
constexpr std::string_view exact[] = {"eu.api.example.com"};
constexpr std::string_view sandbox[] = {"sandbox.example.org"};
constexpr HostEnvironment environments[] = {{"test", sandbox}};

const Provider providers[] = {
    {.slug = "exact",
     .name = {},
     .hosts = exact,
     .recognise = {},
     .variables = {},
     .base_url_variables = {},
     .environments = {},
     .pages = {},
     .placements = {},
     .companions = {},
     .keys = {},
     .whoami = {},
     .refusals = {},
     .quirks = {}},
    {.slug = "narrow",
     .name = {},
     .hosts = narrow,
     .recognise = {},
     .variables = {},
     .base_url_variables = {},
     .environments = environments,
     .pages = {},
     .placements = {},
     .companions = {},
     .keys = {},
     .whoami = {},
     .refusals = {},
     .quirks = {}},
    {.slug = "wide",
     .name = {},
     .hosts = wide,
     .recognise = {},
     .variables = {},
     .base_url_variables = {},
     .environments = {},
     .pages = {},
     .placements = {},
     .companions = {},
     .keys = {},
     .whoami = {},
     .refusals = {},
     .quirks = {}},
};

TEST(Catalogue, ExactHostsBeatWildcardsAndLongerOnesShorterOnes) {
  Catalogue catalogue;
  catalogue.providers = providers;
  const auto slug = [&](std::string_view host) {
    const Provider* provider = catalogue.provider_of_host(host);
    return provider ? provider->slug : "";
  };
  EXPECT_EQ(slug("eu.api.example.com"), "exact");
  EXPECT_EQ(slug("us.api.example.com"), "narrow");
  EXPECT_EQ(slug("api.example.com"), "narrow");
  EXPECT_EQ(slug("www.example.com"), "wide");
  EXPECT_EQ(slug("sandbox.example.org"), "narrow");
  EXPECT_EQ(slug("example.net"), "");
  EXPECT_EQ(slug(""), "");
}

TEST(Catalogue, FindsBySlug) {
  Catalogue catalogue;
  catalogue.providers = providers;
  for (const Provider& provider : providers)
    EXPECT_EQ(catalogue.provider(provider.slug), &provider);
  EXPECT_FALSE(catalogue.provider("nobody"));
  EXPECT_FALSE(catalogue.provider("zzz"));
  EXPECT_FALSE(catalogue.cause("expired"));
}

TEST(Catalogue, TheEmbeddedOneIsSorted) {
  const Catalogue& all = embedded();
  EXPECT_TRUE(std::ranges::is_sorted(all.causes, {}, &Cause::slug));
  EXPECT_TRUE(std::ranges::is_sorted(all.providers, {}, &Provider::slug));
  for (const Provider& provider : all.providers) EXPECT_EQ(all.provider(provider.slug), &provider);
}

}  // namespace
}  // namespace locksmith::catalogue

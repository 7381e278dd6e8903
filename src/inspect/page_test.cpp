// Which pages stand in an API's place, and which are just pages.
#include "inspect/page.hpp"

#include <gtest/gtest.h>

#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

Page page(std::string body, std::string type = "text/html") {
  http::Response response{.status = 200, .body = std::move(body)};
  if (!type.empty()) response.headers.add("Content-Type", std::move(type));
  return page_of(catalogue::ResponseView(response));
}

TEST(Page, Logins) {
  EXPECT_EQ(page("<form><input type='password'></form>"), Page::login);
  EXPECT_EQ(page("<!DOCTYPE html><title>Acme | Sign In</title>", ""), Page::login);
  EXPECT_EQ(page("<form method=post><input name=SAMLRequest></form>"), Page::login);
  EXPECT_EQ(page("<script>window.location = '/oauth2/start?rd=/'</script>"), Page::login);
  EXPECT_EQ(page("<meta http-equiv=\"refresh\" content=\"0; url=https://acme.okta.com/\">"),
            Page::login);
}

TEST(Page, Portals) {
  EXPECT_EQ(page("<h1>Guest WiFi</h1> Please accept the terms of use <form>"), Page::portal);
  EXPECT_EQ(page("<!-- <WISPAccessGatewayParam> -->"), Page::portal);
  EXPECT_EQ(page("<h1>Gratis-WLAN</h1><a href=/go>Nutzungsbedingungen</a>"), Page::portal);
}

TEST(Page, JustPages) {
  EXPECT_EQ(page("<h1>Hello</h1>"), Page::other);
  EXPECT_EQ(page("<title>Documentation</title><a href=/login>Log in</a>"), Page::other);
  EXPECT_EQ(page("<p>terms of use</p><form>"), Page::other);
  // What has much to say is no portal, whatever words it uses.
  EXPECT_EQ(page("<p>WiFi and hotspot for every guest; accept the terms of use <form>" +
                 std::string(5000, 'x')),
            Page::other);
  EXPECT_EQ(page(R"({"title":"Sign in"})", "application/json"), Page::none);
  EXPECT_EQ(page("", ""), Page::none);
}

bool wall(const Failure& failure) { return is_wall(Case(failure.bundle, catalogue::embedded())); }
const std::string login = "<html><form><input type=password></form>";

TEST(Page, AWallStandsOnlyWhereDataWasAskedFor) {
  const std::string url = "https://acme.test/things";
  EXPECT_FALSE(wall(Failure(url).answer(200, login)));
  EXPECT_TRUE(wall(Failure(url).send("Accept", "application/json").answer(200, login)));
  EXPECT_TRUE(wall(Failure(url).bearer(any_key()).answer(200, login)));
  EXPECT_FALSE(wall(Failure(url).bearer(any_key()).answer(200, "<html>Hello</html>")));
  EXPECT_FALSE(wall(Failure(url).send("Cookie", "theme=dark").answer(200, login)));
}

TEST(Page, AskedForAtTheStartOfARedirect) {
  Failure failure("https://acme.test/things");
  failure.bearer(any_key()).answer(302).go("https://portal.test/").answer(200, login);
  EXPECT_TRUE(wall(failure));
  // What was dropped would not have helped there.
  const Found found = failure.found_by(inspect_hops);
  EXPECT_LT(found.weight("hops.redirect-dropped", "redirect-dropped"),
            found.weight("hops.login-page", "gateway-auth"));
}

}  // namespace
}  // namespace locksmith::inspect

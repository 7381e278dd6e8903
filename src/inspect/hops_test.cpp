// Who answered, and what happened on the way.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

Found judge(const Failure& failure) { return failure.found_by(inspect_hops); }

// A request with a key, answered by a redirect, and the next one without it.
Failure redirected(const std::string& from, const std::string& to) {
  Failure failure(from);
  return failure.bearer(any_key()).answer(301).with("Location", to).go(to);
}

TEST(InspectHops, TheCredentialWasDroppedOnTheWay) {
  const Found found = judge(redirected("http://api.acme.test/v1", "https://api.acme.test/v1"));
  EXPECT_GE(found.weight("hops.redirect-dropped", "redirect-dropped"), clear);
  EXPECT_EQ(found["hops.redirect-dropped"].place, "redirect 1 of the chain");
  EXPECT_TRUE(found["hops.redirect-dropped"].text.contains("to another scheme or port"));
  EXPECT_TRUE(found["hops.redirect-dropped"].fix.at(0).contains("https://api.acme.test/v1"));
  EXPECT_TRUE(judge(redirected("https://a.test/", "https://b.test/"))["hops.redirect-dropped"]
                  .text.contains("to another host"));
  EXPECT_TRUE(judge(redirected("https://a.test/x", "https://a.test/y"))["hops.redirect-dropped"]
                  .text.contains("on the same host"));
}

TEST(InspectHops, TheCredentialWasCarriedToAnotherHost) {
  const Found found = judge(redirected("https://a.test/", "https://b.test/").bearer(any_key()));
  EXPECT_GE(found.weight("hops.redirect-carried", "conflicting-credentials"), moderate);
  EXPECT_FALSE(found.has("hops.redirect-dropped"));
  EXPECT_TRUE(judge(redirected("https://a.test/x", "https://a.test/y").bearer(any_key())).empty());
}

TEST(InspectHops, TheMethodChanged) {
  Failure failure("https://a.test/x");
  failure.method("POST").bearer(any_key()).answer(302).go("https://a.test/y").bearer(any_key());
  EXPECT_GT(judge(failure).weight("hops.redirect-method", "wrong-endpoint"), 0);
}

// A path that is pasted must stay one word.
TEST(InspectHops, TheFixQuotesTheUrl) {
  const Found found = judge(redirected("http://a.test/", "https://a.test/x';id;'"));
  EXPECT_TRUE(
      found["hops.redirect-dropped"].fix.at(0).contains(R"('https://a.test/x'\'';id;'\''')"));
}

TEST(InspectHops, AKeyInThePathIsNotShown) {
  const std::string path = "/bot" + make_key("telegram", "bot-token") + "/getMe";
  Failure failure("http://api.telegram.org" + path);
  failure.answer(301).with("Location", "https://api.telegram.org" + path);
  EXPECT_TRUE(judge(failure)["hops.redirect-path"].text.contains("/bot<key>"));
  // It is a credential all the same: it was not dropped.
  failure.go("https://api.telegram.org" + path);
  EXPECT_FALSE(judge(failure).has("hops.redirect-dropped"));
}

Found located(int status, const char* location) {
  return judge(Failure("https://api.acme.test/v1")
                   .bearer(any_key())
                   .answer(status)
                   .with("Location", location));
}

TEST(InspectHops, TheAnswerLeadsToALogin) {
  EXPECT_GE(located(302, "https://login.acme.test/oauth2/auth?x=1")
                .weight("hops.login-redirect", "gateway-auth"),
            clear);
  EXPECT_TRUE(located(302, "/users/sign_in").has("hops.login-redirect"));
}

TEST(InspectHops, TheAnswerLeadsElsewhere) {
  EXPECT_GT(
      located(301, "https://www.acme.test/v1").weight("hops.redirect-host", "redirect-dropped"), 0);
  EXPECT_GT(located(308, "/v1/").weight("hops.redirect-path", "wrong-endpoint"), 0);
  EXPECT_TRUE(located(301, "https://api.acme.test/v1").empty());
  EXPECT_TRUE(located(401, "https://login.acme.test/").empty());
  EXPECT_TRUE(located(304, "").empty());
}

Found page(int status, const char* body, const char* url = "https://api.acme.test/v1") {
  return judge(Failure(url).bearer(any_key()).answer(status, body));
}

TEST(InspectHops, APageInsteadOfData) {
  EXPECT_GE(page(401, "<html><input type=\"password\">").weight("hops.login-page", "gateway-auth"),
            clear);
  EXPECT_GT(page(404, " \n<!DOCTYPE html><h1>Not found").weight("hops.page-404", "wrong-endpoint"),
            0);
  EXPECT_GT(page(403, "<html><h1>Denied").weight("hops.page", "waf-blocked"), 0);
  EXPECT_TRUE(page(403, "{\"error\":\"<html>\"}").empty());
  EXPECT_TRUE(page(403, "<html>", "https://www.acme.test/about").empty());
}

TEST(InspectHops, AProxyOfTheEnvironment) {
  const Found found =
      judge(Failure().variable("HTTPS_PROXY", "http://ann:" + any_key() + "@proxy.acme.test:3128"));
  EXPECT_TRUE(found["hops.proxy-variable"].text.contains("proxy.acme.test"));
  EXPECT_TRUE(judge(Failure().variable("HTTPS_PROXY", "")).empty());
}

TEST(AnsweredBy, NamesWhoeverTookPart) {
  const auto names = [](const char* server) {
    Failure failure("https://api.acme.test/v1");
    failure.with("Server", server);
    std::vector<std::string_view> found;
    for (const auto* box : answered_by(Case(failure.bundle, catalogue::embedded())))
      found.push_back(box->name);
    return found;
  };
  EXPECT_EQ(names("nginx/1.25"), std::vector<std::string_view>{"nginx"});
  EXPECT_EQ(names("acme"), std::vector<std::string_view>{});
}

}  // namespace
}  // namespace locksmith::inspect

#include "catalogue/match.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "catalogue/python_repr.hpp"

namespace locksmith::catalogue {
namespace {

using What = Condition::What;

http::Response response(int status, std::string body) {
  http::Response out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

TEST(ResponseView, FollowsJsonPointers) {
  const auto r = response(
      401, R"({"error":{"code":"x","n":7,"f":1.5,"t":true,"z":null,"a/b":["p"]},"m~n":1})");
  const ResponseView view(r);
  EXPECT_TRUE(view.is_json());
  EXPECT_EQ(view.pointer("/error/code"), "x");
  EXPECT_EQ(view.pointer("/error/n"), "7");
  EXPECT_EQ(view.pointer("/error/f"), "1.5");
  EXPECT_EQ(view.pointer("/error/t"), "true");
  EXPECT_EQ(view.pointer("/error/z"), "null");
  EXPECT_EQ(view.pointer("/error/a~1b/0"), "p");
  EXPECT_EQ(view.pointer("/m~0n"), "1");
  EXPECT_EQ(view.pointer("/error"), "");
  EXPECT_EQ(view.pointer("/error/none"), std::nullopt);
  EXPECT_EQ(view.pointer("error"), std::nullopt);
  EXPECT_TRUE(view.pointer_equals("/error/n", "7"));
  EXPECT_FALSE(view.pointer_equals("/error/code", "X"));
}

TEST(ResponseView, OtherBodiesHaveNoPointers) {
  for (const char* body : {"", "<html>", "{", "{\"a\":1} trailing", "it's", "{'a'", "null"}) {
    const auto r = response(401, body);
    const ResponseView view(r);
    EXPECT_FALSE(view.is_json()) << body;
    EXPECT_EQ(view.pointer("/a"), std::nullopt);
  }
}

TEST(ResponseView, ReadsPythonDictionaries) {
  const auto r = response(
      401, R"({'error': {'code': 'it\'s "x"', 'param': None, u'old': True}, 'b': b'\xe9'})");
  const ResponseView view(r);
  EXPECT_EQ(view.pointer("/error/code"), "it's \"x\"");
  EXPECT_EQ(view.pointer("/error/param"), "null");
  EXPECT_EQ(view.pointer("/error/old"), "true");
  EXPECT_EQ(view.pointer("/b"), "é");
}

TEST(PythonRepr, KeepsWordsInsideTexts) {
  EXPECT_EQ(json_from_python("{'a': 'None'}"), "{\"a\": \"None\"}");
  EXPECT_EQ(json_from_python("[\"it's\"]"), "[\"it's\"]");
  EXPECT_EQ(json_from_python("{'open"), "{\"open\"");
  EXPECT_EQ(json_from_python("'\\"), "\"\\\"");
}

TEST(Holds, LooksAtEachPlace) {
  http::Request request;
  request.url = "https://api.example.com/v1/models?x=/v2";
  request.headers.add("User-Agent", "Curl/8");
  auto r = response(403, "Requires a PAID plan");
  r.headers.add("X-Error", "Wrong Key");
  r.headers.add("x-error", "second");
  const ResponseView view(r);
  const auto check = [&](What what, std::string_view name, std::string_view text) {
    return holds({what, name, text}, request, view);
  };
  EXPECT_TRUE(check(What::body, "", "requires a paid"));
  EXPECT_FALSE(check(What::body, "", "free"));
  EXPECT_TRUE(check(What::header, "x-ERROR", "wrong"));
  EXPECT_TRUE(check(What::header, "x-error", "second"));
  EXPECT_TRUE(check(What::header, "x-error", ""));
  EXPECT_FALSE(check(What::header, "server", ""));
  EXPECT_TRUE(check(What::request_header, "user-agent", "curl"));
  EXPECT_FALSE(check(What::request_header, "x-error", ""));
  EXPECT_TRUE(check(What::path, "", "/v1/"));
  EXPECT_FALSE(check(What::path, "", "/v2"));
  EXPECT_FALSE(check(What::pointer, "/a", ""));
}

TEST(FirstMatch, TakesTheFirstRuleWhoseStatusAndConditionsHold) {
  const int s401[] = {401}, both[] = {401, 403};
  const Condition special[] = {{What::body, {}, "expired"}, {What::body, {}, "key"}};
  const auto rule = [](std::span<const int> statuses, std::span<const Condition> when,
                       std::string_view answer) {
    Refusal refusal;
    refusal.statuses = statuses;
    refusal.when = when;
    refusal.answer = answer;
    return refusal;
  };
  const Refusal rules[] = {rule(s401, special, "special"), rule(both, {}, "general")};
  const auto answer = [&](int status, std::string body) {
    const auto r = response(status, std::move(body));
    const Refusal* found = first_match(rules, {}, ResponseView(r));
    return found ? found->answer : "none";
  };
  EXPECT_EQ(answer(401, "Key EXPIRED"), "special");
  EXPECT_EQ(answer(401, "expired"), "general");
  EXPECT_EQ(answer(403, "key expired"), "general");
  EXPECT_EQ(answer(404, "key expired"), "none");
}

}  // namespace
}  // namespace locksmith::catalogue

// What the refusal says: the vendor's rules, those of a box in front, and the usual words.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

Found judge(const Failure& failure) { return failure.found_by(inspect_answer); }
Found said(const std::string& body, int status = 401) {
  return judge(Failure("https://api.acme.test/v1").bearer(any_key()).answer(status, body));
}

TEST(InspectAnswer, TheVendorsRuleWithItsSource) {
  const Found found =
      judge(Failure().bearer(any_key()).answer(401, R"({"message":"Bad credentials"})"));
  const diagnosis::Finding& rule = found["answer.provider-rule"];
  EXPECT_GE(found.weight("answer.provider-rule", "unknown-key"), moderate);
  EXPECT_TRUE(rule.place.contains("response body")) << rule.place;
  EXPECT_TRUE(rule.text.starts_with("GitHub answered 401"));
  EXPECT_TRUE(rule.source.starts_with("https://"));
  EXPECT_FALSE(rule.look_next.empty());
}

// The page as nginx writes it (ngx_http_special_response.c).
TEST(InspectAnswer, ABoxInFront) {
  const Found found = said(
      "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n"
      "<center><h1>401 Authorization "
      "Required</h1></center>\r\n<hr><center>nginx/1.25.3</center>\r\n"
      "</body>\r\n</html>\r\n");
  EXPECT_GE(found.weight("answer.intermediary-rule", "gateway-auth"), moderate);
  EXPECT_TRUE(found["answer.intermediary-rule"].text.starts_with("nginx answered 401"));
}

TEST(InspectAnswer, TheUsualWords) {
  EXPECT_GE(said(R"({"error":"Token has expired"})").weight("answer.wording", "expired"), moderate);
  EXPECT_GE(said(R"({"error":"No API key provided"})").weight("answer.wording", "missing"),
            moderate);
  EXPECT_GE(said("Rate limit exceeded", 429).weight("answer.wording", "rate-limited"), moderate);
  EXPECT_GE(said("insufficient scope", 403).weight("answer.wording", "missing-scope"), moderate);
  EXPECT_TRUE(said("").empty());
  EXPECT_TRUE(said("42").empty());
}

// invalid_token is the class of the error; what the server says in words is the reason, if it does.
TEST(InspectAnswer, ASentenceIsTheReasonAndNotTheCodeBeforeIt) {
  const auto weight = [](const Found& found, std::string_view cause) {
    double sum = 0;
    for (const auto& finding : found) sum += weight_for(finding, cause);
    return sum;
  };
  const Found told =
      said(R"({"error":"invalid_token","error_description":"Signature verification failed"})");
  EXPECT_GT(weight(told, "bad-signature"), weight(told, "unknown-key"));
  const Found silent = said(R"({"error":"invalid_token"})");
  EXPECT_GE(weight(silent, "unknown-key"), moderate);
  // Advice behind a sentence stays advice.
  const Found advised = said(R"({"error":"Invalid token. Or is it an invalid signature?"})");
  EXPECT_GT(weight(advised, "unknown-key"), weight(advised, "bad-signature"));
}

TEST(InspectAnswer, AKeyThatIsEchoedIsNotShown) {
  const std::string key = any_key();
  const Found found = judge(Failure("https://api.acme.test/v1")
                                .bearer(key)
                                .answer(401, R"({"error":"invalid api key )" + key + R"("})"));
  EXPECT_TRUE(found.has("answer.wording"));
}

TEST(InspectAnswer, TheMaskedEchoTellsWhatArrived) {
  const auto echo = [](const std::string& arrived) {
    return said(R"({"error":"You sent )" + arrived + R"(."})");
  };
  EXPECT_GE(echo(R"(\"sk-pr****abc\")").weight("answer.echo", "quoted"), clear);
  EXPECT_GE(echo("https://a****b").weight("answer.echo", "malformed"), clear);
  EXPECT_GE(echo("${OPEN****KEY}").weight("answer.echo", "env-unset"), clear);
  EXPECT_GE(echo("YOUR_A****KEY").weight("answer.echo", "placeholder"), clear);
  EXPECT_GE(echo("Bearer_a****b").weight("answer.echo", "wrong-scheme"), clear);
  EXPECT_GT(echo("zzzz****yyyy").weight("answer.echo", "stale-environment"), 0);
}

TEST(InspectAnswer, TheMaskedEchoOfTheSameKeySaysNothing) {
  const std::string key = any_key();
  EXPECT_FALSE(
      said("key " + key.substr(0, 4) + "****" + key.substr(28) + " is wrong").has("answer.echo"));
  EXPECT_FALSE(said("*** forbidden ***").has("answer.echo"));
}

// The scheme and header that were sent are asked for: somebody took them away on the way.
TEST(InspectAnswer, AskedForWhatWasSent) {
  const Found found = said(R"({"error":"No Authorization header found, expected Bearer"})");
  const Found plain = said(R"({"error":"No API key provided"})");
  EXPECT_GT(found.weight("answer.wording", "proxy-stripped"),
            plain.weight("answer.wording", "proxy-stripped"));
}

}  // namespace
}  // namespace locksmith::inspect

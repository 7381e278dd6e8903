// WWW-Authenticate, Retry-After, rate limits and the clock.
#include "inspect/challenge.hpp"

#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

// "Scheme(name=value;name=value)" of each.
std::string parsed(std::string_view text) {
  std::string out;
  for (const Challenge& challenge : parse_challenges(text)) {
    out += (out.empty() ? "" : " ") + challenge.scheme + "(";
    for (const auto& [name, value] : challenge.parameters) out += name + "=" + value + ";";
    out += ")";
  }
  return out;
}

// The example of RFC 9110 section 11.6.1: two challenges in one field.
TEST(ParseChallenges, TwoInOneField) {
  EXPECT_EQ(parsed("Basic realm=\"simple\", Newauth realm=\"apps\", type=1, "
                   "title=\"Login to \\\"apps\\\"\""),
            "Basic(realm=simple;) Newauth(realm=apps;type=1;title=Login to \"apps\";)");
}

TEST(ParseChallenges, ExamplesOfTheRfcs) {
  // RFC 6750 section 3
  EXPECT_EQ(
      parsed("Bearer realm=\"example\",\n error=\"invalid_token\",\n "
             "error_description=\"The access token expired\""),
      "Bearer(realm=example;error=invalid_token;error_description=The access token expired;)");
  // RFC 7616 section 3.9.1
  EXPECT_EQ(parsed("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
                   "algorithm=SHA-256, nonce=\"7ypf/xlj\", opaque=\"FQhe\""),
            "Digest(realm=http-auth@example.org;qop=auth, auth-int;algorithm=SHA-256;"
            "nonce=7ypf/xlj;opaque=FQhe;)");
  // RFC 4559 section 4: a bare scheme, and one with a token68
  EXPECT_EQ(parsed("Negotiate"), "Negotiate()");
  EXPECT_EQ(parsed("Negotiate oY/a+b9==, NTLM, Basic realm=x"),
            "Negotiate() NTLM() Basic(realm=x;)");
}

TEST(ParseChallenges, SloppyOnes) {
  EXPECT_EQ(parsed("Bearer"), "Bearer()");
  EXPECT_EQ(parsed("Basic realm = \"a\" , charset=\"UTF-8\""), "Basic(realm=a;charset=UTF-8;)");
  EXPECT_EQ(parsed("Bearer realm=a error=b"), "Bearer(realm=a;error=b;)");
  EXPECT_EQ(parsed("Bearer realm=\"never closed"), "Bearer(realm=never closed;)");
  EXPECT_EQ(parsed("Bearer realm=\"\""), "Bearer(realm=;)");
  EXPECT_EQ(parsed(",, Basic ,,"), "Basic()");
}

TEST(ParseChallenges, JunkIsSkipped) {
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed("\"\" = , ="), "");
  EXPECT_EQ(parsed("\xff\xfe Basic"), "Basic()");
  EXPECT_NO_FATAL_FAILURE(parsed("Basic realm=\"\\"));
  EXPECT_EQ(Challenge{}.parameter("realm"), "");
  EXPECT_EQ(parse_challenges("Basic REALM=a").at(0).parameter("realm"), "a");
}

std::optional<std::chrono::seconds> wait(const char* text, const char* date = "") {
  http::Response response;
  response.headers.add("Retry-After", text);
  return retry_after(response, base::parse_http_date(date));
}

TEST(RetryAfter, SecondsOrADate) {
  using std::chrono::seconds;
  EXPECT_EQ(wait("120"), seconds(120));
  EXPECT_EQ(wait("0"), seconds(0));
  EXPECT_EQ(wait("1.5"), seconds(2));
  EXPECT_EQ(wait("Mon, 27 Jul 2026 10:02:00 GMT", "Mon, 27 Jul 2026 10:00:00 GMT"), seconds(120));
  EXPECT_EQ(wait("Mon, 27 Jul 2026 09:00:00 GMT", "Mon, 27 Jul 2026 10:00:00 GMT"), seconds(0));
  for (const char* text :
       {"", "soon", "-1", "1e12", "nan", "inf", "Mon, 27 Jul 2026 10:02:00 GMT"}) {
    EXPECT_FALSE(wait(text)) << text;
  }
  EXPECT_FALSE(retry_after({}, {}));
}

Failure challenged(const char* value, int status = 401) {
  return Failure("https://api.acme.test/v1")
      .bearer(any_key())
      .answer(status)
      .with("WWW-Authenticate", value);
}
Found judge(const Failure& failure) { return failure.found_by(inspect_challenge); }

TEST(InspectChallenge, BearerErrors) {
  const Found scope =
      judge(challenged("Bearer error=\"insufficient_scope\", scope=\"repo:write\"", 403));
  EXPECT_GE(scope.weight("challenge.insufficient-scope", "missing-scope"), clear);
  EXPECT_TRUE(scope["challenge.insufficient-scope"].text.contains("repo:write"));
  EXPECT_TRUE(scope["challenge.insufficient-scope"].source.contains("rfc6750"));
  EXPECT_GE(
      judge(challenged("Bearer error=\"invalid_token\", error_description=\"The token expired\""))
          .weight("challenge.error", "expired"),
      moderate);
  EXPECT_GT(
      judge(challenged("Bearer error=\"invalid_token\"")).weight("challenge.error", "unknown-key"),
      0);
  EXPECT_GT(
      judge(challenged("Bearer error=\"invalid_request\"")).weight("challenge.error", "malformed"),
      0);
}

// RFC 6750 section 3: no error code where no authentication was seen.
TEST(InspectChallenge, NoErrorAlthoughATokenWasSent) {
  EXPECT_GT(judge(challenged("Bearer realm=\"x\"")).weight("challenge.no-error", "proxy-stripped"),
            0);
  EXPECT_FALSE(judge(Failure("https://api.acme.test/").with("WWW-Authenticate", "Bearer"))
                   .has("challenge.no-error"));
}

TEST(InspectChallenge, AnotherSchemeIsAskedFor) {
  EXPECT_GE(
      judge(challenged("Digest realm=\"x\"")).weight("challenge.other-scheme", "wrong-scheme"),
      moderate);
  EXPECT_FALSE(
      judge(challenged("Digest realm=\"x\", bearer realm=\"y\"")).has("challenge.other-scheme"));
}

TEST(InspectChallenge, ABasicLoginInFrontOfAnApiWithoutOne) {
  const Found found =
      Failure("https://api.anthropic.com/v1/messages")
          .send("Authorization", "Bearer " + make_key("anthropic", "oauth-access-token"))
          .with("WWW-Authenticate", "Basic realm=\"Staging\"")
          .found_by(inspect_challenge);
  EXPECT_GE(found.weight("challenge.foreign-basic", "gateway-auth"), clear);
  EXPECT_TRUE(found["challenge.foreign-basic"].text.contains("Staging"));
}

TEST(InspectChallenge, AForwardProxy) {
  const Found found = judge(Failure("https://api.acme.test/")
                                .bearer(any_key())
                                .answer(407)
                                .with("Proxy-Authenticate", "Basic realm=\"Squid\""));
  EXPECT_GE(found.weight("challenge.proxy", "gateway-auth"), clear);
  EXPECT_TRUE(found["challenge.proxy"].text.contains("Squid"));
}

TEST(InspectChallenge, Limits) {
  const auto limited = [](int status, const char* name, const char* value) {
    return judge(
        Failure("https://api.acme.test/").bearer(any_key()).answer(status).with(name, value));
  };
  EXPECT_GE(
      limited(403, "X-RateLimit-Remaining", "0").weight("challenge.limit-used-up", "rate-limited"),
      clear);
  EXPECT_TRUE(limited(429, "RateLimit", "\"default\";r=0;t=30").has("challenge.limit-used-up"));
  EXPECT_LT(
      limited(403, "X-RateLimit-Remaining", "59").weight("challenge.limit-left", "rate-limited"),
      0);
  EXPECT_TRUE(limited(401, "X-RateLimit-Remaining", "0").empty());
  EXPECT_FALSE(limited(403, "X-RateLimit-Remaining", "nan").has("challenge.limit-left"));
  EXPECT_FALSE(limited(403, "X-RateLimit-Remaining", "inf").has("challenge.limit-left"));
  const Found later = limited(429, "Retry-After", "90");
  EXPECT_GT(later.weight("challenge.retry-after", "rate-limited"), 0);
  EXPECT_TRUE(later["challenge.retry-after"].text.contains("1 minute"));
  EXPECT_TRUE(limited(429, "X-Other", "1").has("challenge.no-retry-after"));
}

TEST(InspectChallenge, Clock) {
  Failure failure("https://api.acme.test/");
  failure.at("2026-07-27T10:00:00Z").with("Date", "Mon, 27 Jul 2026 10:01:00 GMT");
  EXPECT_LT(judge(failure).weight("challenge.clock-agrees", "clock-skew"), 0);
  failure.at("2026-07-27T12:01:00Z");
  EXPECT_GT(judge(failure).weight("challenge.clock", "clock-skew"), 0);
  EXPECT_TRUE(judge(failure)["challenge.clock"].text.contains("2 hours ahead of"));
  failure.bundle.environment.clock_offset_seconds = -86400.0 * 3;
  EXPECT_TRUE(judge(failure)["challenge.clock"].text.contains("3 days behind"));
  failure.bundle.environment.clock_offset_seconds = 1e300;
  EXPECT_TRUE(judge(failure).has("challenge.clock"));
}

}  // namespace
}  // namespace locksmith::inspect

// Times, audience and form of a JWT as findings.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;

constexpr long now = 1'785'000'000;  // 2026-07-25T17:20:00Z
constexpr const char* date = "Sat, 25 Jul 2026 17:20:00 GMT";

std::string part(const std::string& json) {
  std::string text = base::base64_encode(json);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}
std::string token(const std::string& claims, const std::string& algorithm = "HS256") {
  const std::string value =
      part(R"({"alg":")" + algorithm + R"("})") + "." + part(claims) + ".c2lnbmF0dXJl";
  planted().push_back(value);
  return value;
}
std::string at(const char* claim, long offset) {
  return "\"" + std::string(claim) + "\":" + std::to_string(now + offset);
}
Found judge(const std::string& value, const char* server_date = date) {
  Failure failure("https://api.acme.test/v1");
  failure.bearer(value);
  if (*server_date) failure.with("Date", server_date);
  return failure.found_by(inspect_jwt);
}
Found claims(const std::string& json) { return judge(token("{" + json + "}")); }

TEST(InspectJwt, Expired) {
  const Found found = claims(at("exp", -7200));
  EXPECT_GE(found.weight("jwt.expired", "expired"), clear);
  EXPECT_EQ(found["jwt.expired"].place, "Authorization header, JWT claim exp");
  EXPECT_EQ(found["jwt.expired"].text,
            "The token expired 2 hours before the request, by the server's clock.");
}

TEST(InspectJwt, NotExpired) {
  const Found found = claims(at("exp", 60) + "," + at("iat", -60) + "," + at("nbf", -60));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(found.weight("jwt.not-expired", "expired"), -clear);
}

TEST(InspectJwt, IssuedInTheFuture) {
  const Found found = claims(at("iat", 600) + "," + at("nbf", 600));
  EXPECT_GE(found.weight("jwt.issued-in-future", "clock-skew"), clear);
  EXPECT_FALSE(found.has("jwt.not-yet-valid"));
}

// Clocks agree within seconds, but not every server grants these.
TEST(InspectJwt, SecondsAhead) {
  const Found found = claims(at("iat", 30));
  EXPECT_GT(found.weight("jwt.seconds-ahead", "clock-skew"), 0);
  EXPECT_FALSE(found.has("jwt.issued-in-future"));
}

TEST(InspectJwt, NotYetValid) {
  const Found young = claims(at("iat", -10) + "," + at("nbf", 3600));
  EXPECT_GT(young.weight("jwt.not-yet-valid", "not-yet-active"),
            young.weight("jwt.not-yet-valid", "clock-skew"));
  const Found skewed = claims(at("nbf", 600));
  EXPECT_GT(skewed.weight("jwt.not-yet-valid", "clock-skew"),
            skewed.weight("jwt.not-yet-valid", "not-yet-active"));
}

TEST(InspectJwt, WithoutAClockTimesSayNothing) {
  EXPECT_TRUE(judge(token("{" + at("exp", -7200) + "}"), "").empty());
}

TEST(InspectJwt, TheRequestsTimeStandsInForTheServers) {
  const Found found = Failure("https://api.acme.test/v1")
                          .bearer(token("{" + at("exp", -60) + "}"))
                          .at("2026-07-25T17:20:00Z")
                          .found_by(inspect_jwt);
  EXPECT_TRUE(found["jwt.expired"].text.ends_with(
      "1 minute before the request, by the time of the request."));
}

TEST(InspectJwt, Unsigned) {
  EXPECT_GE(judge(token("{}", "none")).weight("jwt.unsigned", "bad-signature"), clear);
  EXPECT_GE(judge(part(R"({"alg":"HS256"})") + "." + part("{}") + ".")
                .weight("jwt.unsigned", "bad-signature"),
            clear);
}

TEST(InspectJwt, TimesReversed) {
  EXPECT_TRUE(claims(at("iat", -60) + "," + at("exp", -120)).has("jwt.times-reversed"));
}

TEST(InspectJwt, MillisecondsAreNoTime) {
  EXPECT_TRUE(claims("\"exp\":" + std::to_string(now) + "000").empty());
}

TEST(InspectJwt, Audience) {
  const Found other = claims(R"("aud":["https://other.test/v1"])");
  EXPECT_GT(other.weight("jwt.audience-differs", "wrong-audience"), 0);
  EXPECT_TRUE(other["jwt.audience-differs"].text.contains("https://other.test/v1"));
  EXPECT_LT(claims(R"("aud":["https://other.test","https://api.acme.test"])")
                .weight("jwt.audience-matches", "wrong-audience"),
            0);
  EXPECT_TRUE(claims(R"("aud":"my-service")").empty());  // says nothing of the host
}

TEST(InspectJwt, Broken) {
  const std::string whole = token("{\"sub\":\"0123456789\"}");
  const Found cut = judge(whole.substr(0, whole.rfind('.')));
  EXPECT_GE(cut.weight("jwt.broken", "malformed"), clear);
  EXPECT_TRUE(cut["jwt.broken"].text.contains("2 parts"));
  const auto dot = whole.find('.');
  EXPECT_TRUE(judge(whole.substr(0, dot + 4) + whole.substr(dot + 7))["jwt.broken"].text.contains(
      "do not decode"));
}

TEST(InspectJwt, EncryptedTokensAndOtherKeysSayNothing) {
  EXPECT_TRUE(judge(token("{}") + ".x.y").empty());
  EXPECT_TRUE(judge(any_key()).empty());
  EXPECT_TRUE(judge("key.with.dots").empty());
  EXPECT_TRUE(Failure().found_by(inspect_jwt).empty());
}

}  // namespace
}  // namespace locksmith::inspect

// What counts as the same refusal, and what does not.
#include "probe/answer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace locksmith::probe {
namespace {

const std::string key = std::string("acme_live_") + "Zx81kQ" + std::string(20, 'q');
const std::string other_key = std::string("acme_live_") + "Ab72mR" + std::string(20, 'w');

http::Exchange refusal(const std::string& sent_key, std::string body, int status = 401) {
  http::Exchange exchange;
  exchange.request.url = "https://api.acme.test/v1";
  if (!sent_key.empty()) exchange.request.headers.add("Authorization", "Bearer " + sent_key);
  exchange.response.status = status;
  exchange.response.headers.add("Date", "Sat, 21 Nov 2026 02:43:32 GMT");
  exchange.response.body = std::move(body);
  return exchange;
}

TEST(answer, ignores_what_every_answer_has_anew) {
  const std::pair<const char*, const char*> same[] = {
      {R"({"error":"x","request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"})",
       R"({"error":"x","request_id":"req_029DTJpFfrt6D46L3VVrS8Gz"})"},
      {"<RequestId>4442587FB7D0A2F9</RequestId>", "<RequestId>8871220AC1D0B3E4</RequestId>"},
      {"at 2026-11-21T02:43:32Z", "at 2026-11-22T12:01:09Z"},
      {"Sat, 21 Nov 2026 02:43:32 GMT", "Sat, 21 Nov 2026 02:43:59 GMT"},
      {R"({"timestamp":1795228800123})", R"({"timestamp":1795228999000})"},
      {"trace 7b1e6a0c-6a4e-4b8e-9c53-0c0f3c4f6f0a", "trace 11111111-2222-4333-8444-555555555555"},
      {"Ray ID: 8c1f2e3d4a5b6c7d", "Ray ID: 9d2f3e4d5a6b7c8e"},
  };
  for (const auto& [a, b] : same) EXPECT_TRUE(same_answer(refusal(key, a), refusal(key, b))) << a;
}

TEST(answer, ignores_the_key_read_back_whole_or_masked) {
  const auto says = [](const std::string& k, const std::string& shown) {
    return refusal(k, "Incorrect API key provided: " + shown + ".");
  };
  EXPECT_TRUE(same_answer(says(key, key), says(other_key, other_key)));
  EXPECT_TRUE(
      same_answer(says(key, "acme_liv*******qqqq"), says(other_key, "acme_liv*******wwww")));
  EXPECT_TRUE(
      same_answer(says(key, "acme_live_Zx\u2026qqqq"), says(other_key, "acme_live_Ab\u2026wwww")));
  EXPECT_TRUE(same_answer(says(key, "acme_live_Zx..."), says(other_key, "acme_live_Ab...")));
}

TEST(answer, keeps_what_says_why) {
  const std::pair<const char*, const char*> different[] = {
      {"token expired", "token revoked"},
      {"AADSTS7000215: Invalid client secret", "AADSTS7000222: expired client secret"},
      {R"({"code":1001})", R"({"code":1002})"},
      {"https://docs.acme.test/errors/401-expired-token",
       "https://docs.acme.test/errors/401-unknown-token"},
      {"invalid_api_key", "authentication_required"},
      {"", "{}"},
      {"10 requests per minute", "60 requests per minute"},
  };
  for (const auto& [a, b] : different)
    EXPECT_FALSE(same_answer(refusal(key, a), refusal(key, b))) << a;
  EXPECT_FALSE(same_answer(refusal(key, "x", 401), refusal(key, "x", 403)));
}

TEST(answer, the_challenge_and_the_login_page_count) {
  http::Exchange with = refusal(key, ""), without = refusal("", "");
  with.response.headers.add("WWW-Authenticate", "Bearer realm=\"a\", error=\"invalid_token\"");
  without.response.headers.add("WWW-Authenticate", "Bearer realm=\"a\"");
  EXPECT_FALSE(same_answer(with, without));
  http::Exchange login = refusal(key, "", 302), login_later = login, elsewhere = login;
  login.response.headers.add("Location", "https://login.acme.test/start?state=1b");
  login_later.response.headers.add("Location", "https://login.acme.test/start?state=zz");
  elsewhere.response.headers.add("Location", "https://login.acme.test/denied");
  EXPECT_TRUE(same_answer(login, login_later));
  EXPECT_FALSE(same_answer(login, elsewhere));
}

TEST(answer, what_was_not_recorded_cannot_differ) {
  http::Exchange recorded = refusal(key, "");
  recorded.partial = true;
  EXPECT_TRUE(same_answer(recorded, refusal(key, "token expired")));
  recorded.response.body = "token revoked";
  EXPECT_FALSE(same_answer(recorded, refusal(key, "token expired")));
}

// A request id with few digits is still one; an error code in camel case is none.
TEST(constant_part, base62) {
  EXPECT_EQ(constant_part("req_0VbcrjTSrrLWqcoCWnTSrL", {}), "?");
  EXPECT_EQ(constant_part("OAuth2AccessTokenExpired", {}), "OAuth2AccessTokenExpired");
  EXPECT_EQ(constant_part("InvalidClientTokenId", {}), "InvalidClientTokenId");
}

}  // namespace
}  // namespace locksmith::probe

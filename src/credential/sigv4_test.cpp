// AWS signatures in the Authorization header and in presigned URLs.
#include "credential/sigv4.hpp"

#include <gtest/gtest.h>

namespace locksmith::credential {
namespace {

const std::string scope = "AKIDSAMPLE/20260727/us-east-1/s3/aws4_request";
const std::string signature(64, 'f');

std::optional<SigV4> header(std::string value, http::Headers more = {}) {
  http::Request request{.url = "https://bucket.s3.amazonaws.com/x", .headers = std::move(more)};
  request.headers.add("Authorization", std::move(value));
  return read_sigv4(request);
}
std::optional<SigV4> query(const std::string& query) {
  return read_sigv4({.url = "https://bucket.s3.amazonaws.com/x?" + query});
}

void expect_scope(const SigV4& sig) {
  EXPECT_EQ(sig.algorithm, "AWS4-HMAC-SHA256");
  EXPECT_EQ(sig.access_key_id, "AKIDSAMPLE");
  EXPECT_EQ(sig.scope_date, "20260727");
  EXPECT_EQ(sig.region, "us-east-1");
  EXPECT_EQ(sig.service, "s3");
  EXPECT_EQ(sig.terminator, "aws4_request");
  EXPECT_EQ(sig.signature, signature);
}

TEST(SigV4, Header) {
  const auto sig = header("AWS4-HMAC-SHA256 Credential=" + scope +
                              ", SignedHeaders=host;x-amz-date, Signature=" + signature,
                          {{"X-Amz-Date", "20260727T100000Z"}, {"x-amz-security-token", "t"}});
  ASSERT_TRUE(sig);
  expect_scope(*sig);
  EXPECT_FALSE(sig->presigned);
  EXPECT_TRUE(sig->has_session_token);
  EXPECT_EQ(sig->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(sig->date, base::parse_rfc3339("2026-07-27T10:00:00Z"));
  EXPECT_FALSE(sig->valid_for);
}

TEST(SigV4, FieldsInAnyOrderWithoutBlanks) {
  const auto sig = header("AWS4-HMAC-SHA256 Signature=" + signature +
                          ",SignedHeaders=Host;X-Amz-Date,Credential=" + scope);
  ASSERT_TRUE(sig);
  expect_scope(*sig);
  EXPECT_EQ(sig->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_FALSE(sig->has_session_token);
  EXPECT_FALSE(sig->date);
}

TEST(SigV4, DateHeaderStandsInForXAmzDate) {
  const auto sig =
      header("AWS4-HMAC-SHA256 Credential=" + scope, {{"Date", "Mon, 27 Jul 2026 10:00:00 GMT"}});
  ASSERT_TRUE(sig);
  EXPECT_EQ(sig->date, base::parse_rfc3339("2026-07-27T10:00:00Z"));
}

TEST(SigV4, BrokenHeaders) {
  EXPECT_EQ(header("AWS4-HMAC-SHA256")->access_key_id, "");
  EXPECT_EQ(header("AWS4-HMAC-SHA256 Credential=AKIDSAMPLE/2026")->region, "");
  EXPECT_EQ(header("AWS4-HMAC-SHA256 Credential")->access_key_id, "");
  EXPECT_EQ(header("AWS4-HMAC-SHA256 ,,=,Credential=" + scope + "/more/parts")->service, "s3");
  EXPECT_EQ(header("AWS4-ECDSA-P256-SHA256 Credential=a")->algorithm, "AWS4-ECDSA-P256-SHA256");
  EXPECT_FALSE(header("Bearer x"));
  EXPECT_FALSE(header("AWS AKIDSAMPLE:signature"));  // version 2
}

TEST(SigV4, Presigned) {
  const auto sig = query("X-Amz-Signature=" + signature +
                         "&X-Amz-Expires=900&X-Amz-SignedHeaders=host%3Bx-amz-date"
                         "&X-Amz-Date=20260727T100000Z&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                         "&X-Amz-Credential=AKIDSAMPLE%2F20260727%2Fus-east-1%2Fs3%2Faws4_request");
  ASSERT_TRUE(sig);
  expect_scope(*sig);
  EXPECT_TRUE(sig->presigned);
  EXPECT_EQ(sig->valid_for, std::chrono::seconds(900));
  EXPECT_EQ(sig->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_FALSE(sig->has_session_token);
}

TEST(SigV4, PresignedInLowerCaseWithToken) {
  const auto sig = query("x-amz-algorithm=AWS4-HMAC-SHA256&x-amz-security-token=t");
  ASSERT_TRUE(sig);
  EXPECT_TRUE(sig->has_session_token);
  EXPECT_FALSE(sig->date);
}

TEST(SigV4, ExpiryThatIsNoneIsLeftOut) {
  for (const char* text :
       {"-9223372036854775808", "-1", "99999999999999999999", "soon", "", "9223372036854775807"}) {
    const auto sig = query("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=" + std::string(text));
    ASSERT_TRUE(sig);
    EXPECT_FALSE(sig->valid_for) << text;
  }
}

TEST(SigV4, OtherRequestsAreNotSigned) {
  EXPECT_FALSE(query("X-Amz-Credential=x"));
  EXPECT_FALSE(read_sigv4({.url = ""}));
}

}  // namespace
}  // namespace locksmith::credential

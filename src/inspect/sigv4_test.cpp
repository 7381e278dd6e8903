// AWS signatures as findings: time window, session token, region.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;

struct Signed {
  std::string key_id = "AKIA" + std::string(16, 'Q');
  std::string region = "eu-west-1";
  std::string signed_headers = "host;x-amz-date";
  std::string url = "https://s3.eu-west-1.amazonaws.com/bucket/x";
  std::string date = "20260727T100000Z";
};

Failure failure(const Signed& s) {
  Failure out(s.url);
  out.send("Authorization", "AWS4-HMAC-SHA256 Credential=" + s.key_id + "/20260727/" + s.region +
                                "/s3/aws4_request, SignedHeaders=" + s.signed_headers +
                                ", Signature=" + std::string(64, 'f'));
  out.send("X-Amz-Date", s.date).with("Date", "Mon, 27 Jul 2026 10:05:00 GMT");
  return out;
}
Found judge(const Failure& failure) { return failure.found_by(inspect_sigv4); }

TEST(InspectSigV4, WithinTheWindow) {
  const Found found = judge(failure({}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(found.weight("sigv4.within-window", "clock-skew"), 0);
}

TEST(InspectSigV4, OutsideTheWindow) {
  const Found behind = judge(failure({.date = "20260727T090000Z"}));
  EXPECT_GE(behind.weight("sigv4.outside-window", "clock-skew"), clear);
  EXPECT_TRUE(behind["sigv4.outside-window"].text.contains("1 hour behind"));
  const Found ahead = judge(failure({.date = "20260727T120500Z"}));
  EXPECT_TRUE(ahead["sigv4.outside-window"].text.contains("2 hours ahead of"));
  // Fifteen minutes to the second are allowed.
  EXPECT_TRUE(judge(failure({.date = "20260727T095000Z"})).has("sigv4.within-window"));
  EXPECT_TRUE(judge(failure({.date = "20260727T094959Z"})).has("sigv4.outside-window"));
}

TEST(InspectSigV4, SessionTokenMissingOrLeftOver) {
  const std::string temporary = "ASIA" + std::string(16, 'Q');
  EXPECT_GE(judge(failure({.key_id = temporary}))
                .weight("sigv4.no-session-token", "incomplete-credential"),
            clear);
  EXPECT_FALSE(judge(failure({.key_id = temporary}).send("X-Amz-Security-Token", any_key()))
                   .has("sigv4.no-session-token"));
  const Found left = judge(failure({}).send("X-Amz-Security-Token", any_key()));
  EXPECT_GE(left.weight("sigv4.foreign-session-token", "conflicting-credentials"), clear);
  EXPECT_EQ(left["sigv4.foreign-session-token"].fix,
            std::vector<std::string>{"unset AWS_SESSION_TOKEN"});
}

TEST(InspectSigV4, Region) {
  const Found found = judge(failure({.region = "us-east-1"}));
  EXPECT_GE(found.weight("sigv4.region", "wrong-environment"), clear);
  EXPECT_TRUE(found["sigv4.region"].text.contains("eu-west-1"));
  for (const char* url :
       {"https://bucket.s3.amazonaws.com/x", "https://s3.acme.test/x",
        "https://bucket.s3-eu-west-1.amazonaws.com/x", "https://sts.eu-west-1.amazonaws.com/"}) {
    EXPECT_FALSE(judge(failure({.url = url})).has("sigv4.region")) << url;
  }
}

TEST(InspectSigV4, HostMustBeSigned) {
  EXPECT_TRUE(judge(failure({.signed_headers = "x-amz-date"})).has("sigv4.host-not-signed"));
  EXPECT_FALSE(judge(failure({.signed_headers = "Host;X-Amz-Date"})).has("sigv4.host-not-signed"));
}

TEST(InspectSigV4, Presigned) {
  const auto presigned = [](const char* expires) {
    return judge(Failure("https://b.s3.amazonaws.com/x?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                         "&X-Amz-Date=20260727T100000Z&X-Amz-Expires=" +
                         std::string(expires))
                     .with("Date", "Mon, 27 Jul 2026 10:05:00 GMT"));
  };
  const Found found = presigned("60");
  EXPECT_GE(found.weight("sigv4.presigned-expired", "expired"), clear);
  EXPECT_EQ(found["sigv4.presigned-expired"].text,
            "The presigned URL was valid for 1 minute; it expired 4 minutes before the request.");
  EXPECT_TRUE(presigned("3600").empty());
  EXPECT_TRUE(presigned("-9223372036854775808").empty());
}

TEST(InspectSigV4, OtherRequestsSayNothing) {
  EXPECT_TRUE(judge(Failure().bearer(any_key())).empty());
}

}  // namespace
}  // namespace locksmith::inspect

// Clock skew and expiry are judged from these: a date that is misread is a wrong diagnosis.
#include "base/time.hpp"

#include <gtest/gtest.h>

namespace locksmith::base {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr Time example = sys_days(1994y / 11 / 6) + 8h + 49min + 37s;  // of RFC 9110 section 5.6.7

TEST(HttpDate, ReadsTheThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), example);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), example);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), example);
}

TEST(HttpDate, RefusesTheRest) {
  for (const std::string_view bad :
       {"", "yesterday", "Sun, 06 Nov 1994", "1994-11-06T08:49:37Z", "infinite-future",
        "infinite-past", "Sun, 06 Nov 1994 08:49:37 GMT and more"}) {
    EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
  }
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parse_rfc3339("1994-11-06T08:49:37Z"), example);
  EXPECT_EQ(parse_rfc3339("1994-11-06t08:49:37z"), example);
  EXPECT_EQ(parse_rfc3339("1994-11-06T08:49:37.999Z"), example);
  EXPECT_EQ(parse_rfc3339("1994-11-06T09:49:37+01:00"), example);
  EXPECT_EQ(parse_rfc3339("1994-11-06T00:49:37.5-08:00"), example);
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.5Z"), Time(-1s));  // cut off, not rounded
}

TEST(Rfc3339, RefusesTheRest) {
  for (const std::string_view bad :
       {"", "1994-11-06", "1994-11-06T08:49Z", "1994-13-06T08:49:37Z", "1994-11-06T08:49:37",
        "infinite-future", "infinite-past", "now"}) {
    EXPECT_EQ(parse_rfc3339(bad), std::nullopt) << bad;
  }
}

TEST(Rfc3339, WritesWhatItReads) {
  EXPECT_EQ(format_rfc3339(example), "1994-11-06T08:49:37Z");
  EXPECT_EQ(parse_rfc3339(format_rfc3339(Time(0s))), Time(0s));
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html: YYYYMMDD'T'HHMMSS'Z'
TEST(BasicIso8601, ReadsAmazonsDates) {
  EXPECT_EQ(parse_basic_iso8601("19941106T084937Z"), example);
  EXPECT_EQ(parse_basic_iso8601("20150830T123600Z"), sys_days(2015y / 8 / 30) + 12h + 36min);
  for (const std::string_view bad :
       {"", "19941106", "1994-11-06T08:49:37Z", "19941106T084937", "19941306T084937Z"}) {
    EXPECT_EQ(parse_basic_iso8601(bad), std::nullopt) << bad;
  }
}

TEST(Duration, LargestUnitThatFits) {
  EXPECT_EQ(format_duration(0s), "0 seconds");
  EXPECT_EQ(format_duration(1s), "1 second");
  EXPECT_EQ(format_duration(59s), "59 seconds");
  EXPECT_EQ(format_duration(60s), "1 minute");
  EXPECT_EQ(format_duration(7199s), "1 hour");
  EXPECT_EQ(format_duration(24h), "1 day");
  EXPECT_EQ(format_duration(-72h), "3 days");
  EXPECT_EQ(format_duration(24h * 730), "2 years");
}

}  // namespace
}  // namespace locksmith::base

#include "report/sarif.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace locksmith::report {
namespace {

namespace json = boost::json;

TEST(Sarif, UrisKeepEveryByte) {
  EXPECT_EQ(uri_of("src/a b.js"), "src/a%20b.js");
  EXPECT_EQ(uri_of("caf\xe9/\xc3\xa9"), "caf%E9/%C3%A9");
  EXPECT_EQ(uri_of("/var/log/x"), "file:///var/log/x");
  EXPECT_EQ(uri_of("a:b"), "a%3Ab");  // no scheme
}

// What the standard calls required, and what code scanning needs beyond it
// (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
TEST(Sarif, RequiredPropertiesAreThere) {
  Sarif sarif{.version = "1.2.3"};
  sarif.rules = {{"github/classic-token", "A GitHub token", "Rotate it."}};
  sarif.results = {{0, "error", "a copy", "src/a.js", "", 7, "f00"},
                   {0, "warning", "a copy in it", "/tmp/i.tar", "layer!etc/x", 3, "f01"}};
  sarif.notifications = {{"fifo", "2 FIFOs"}};
  const json::value all = json::parse(as_json(sarif));
  EXPECT_EQ(all.at("version").as_string(), "2.1.0");
  const json::value& run = all.at("runs").at(0);
  EXPECT_EQ(run.at_pointer("/tool/driver/name").as_string(), "locksmith");
  EXPECT_EQ(run.at_pointer("/tool/driver/rules/0/id").as_string(), "github/classic-token");
  EXPECT_TRUE(run.at_pointer("/invocations/0/executionSuccessful").as_bool());
  EXPECT_EQ(run.at_pointer("/invocations/0/toolExecutionNotifications/0/message/text").as_string(),
            "2 FIFOs");
  const json::value& first = run.at_pointer("/results/0");
  EXPECT_EQ(first.at("ruleId").as_string(), "github/classic-token");
  EXPECT_EQ(first.at_pointer("/message/text").as_string(), "a copy");
  EXPECT_EQ(first.at_pointer("/locations/0/physicalLocation/artifactLocation/uri").as_string(),
            "src/a.js");
  const std::string base(
      first.at_pointer("/locations/0/physicalLocation/artifactLocation/uriBaseId").as_string());
  EXPECT_TRUE(run.at("originalUriBaseIds").as_object().contains(base));
  EXPECT_EQ(first.at_pointer("/locations/0/physicalLocation/region/startLine").as_int64(), 7);
  EXPECT_EQ(first.at_pointer("/partialFingerprints/locksmithCopy~1v1").as_string(), "f00");
  const json::value& second = run.at_pointer("/results/1");
  EXPECT_EQ(second.at("level").as_string(), "warning");
  const json::value& place = second.at_pointer("/locations/0/physicalLocation");
  EXPECT_FALSE(place.at("artifactLocation").as_object().contains("uriBaseId"));
  EXPECT_FALSE(place.as_object().contains("region"));
  EXPECT_EQ(second.at_pointer("/locations/0/logicalLocations/0/fullyQualifiedName").as_string(),
            "layer!etc/x");
}

}  // namespace
}  // namespace locksmith::report

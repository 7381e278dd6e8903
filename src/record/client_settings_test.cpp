#include "record/client_settings.hpp"

#include <gtest/gtest.h>

#include <set>

namespace locksmith::record {
namespace {

const SettingFiles files{"/t/bundle.pem", "/t/authority.pem", "/t/proxy.cjs", "/t/a.jks"};

TEST(ClientSettings, EachVariableStandsOnceAndNamesItsSource) {
  std::set<std::string_view> seen;
  for (const ClientSetting& setting : client_settings()) {
    EXPECT_TRUE(seen.insert(setting.variable).second) << setting.variable;
    EXPECT_TRUE(setting.source.starts_with("https://")) << setting.variable;
  }
}

TEST(ClientSettings, TheUsersOwnAreReplacedOrKept) {
  const Variables changed = with_settings({{"HOME", "/h"},
                                           {"https_proxy", "http://old"},
                                           {"NO_PROXY", "*"},
                                           {"NODE_OPTIONS", "--no-warnings"}},
                                          files, 4711, false);
  EXPECT_EQ(changed.at("HOME"), "/h");
  EXPECT_EQ(changed.at("https_proxy"), "http://127.0.0.1:4711");
  EXPECT_EQ(changed.at("SSL_CERT_FILE"), "/t/bundle.pem");
  EXPECT_EQ(changed.at("NODE_EXTRA_CA_CERTS"), "/t/authority.pem");
  EXPECT_EQ(changed.at("NODE_OPTIONS"), "--no-warnings --require /t/proxy.cjs");
  EXPECT_FALSE(changed.contains("NO_PROXY"));
  EXPECT_TRUE(changed.at("JAVA_TOOL_OPTIONS").contains("-Dhttps.proxyPort=4711"));
}

TEST(ClientSettings, ExceptionsStayWhenTheyAreWanted) {
  const Variables changed = with_settings(
      {{"no_proxy", "internal"}, {"NODE_EXTRA_CA_CERTS", "/own.pem"}}, files, 1, true);
  EXPECT_EQ(changed.at("no_proxy"), "internal");
  EXPECT_EQ(changed.at("NODE_EXTRA_CA_CERTS"), "/t/bundle.pem");  // it holds the user's too
}

TEST(ClientSettings, APathThatOptionsCannotHoldIsLeftOut) {
  SettingFiles spaced = files;
  spaced.node_module = "/with space/proxy.cjs";
  EXPECT_FALSE(with_settings({}, spaced, 1, false).contains("NODE_OPTIONS"));
}

}  // namespace
}  // namespace locksmith::record

// Variables, files and processes around the request.
#include <gtest/gtest.h>

#include "diagnosis/diagnose.hpp"
#include "inspect/case_test_support.hpp"

namespace locksmith::inspect {
namespace {

using diagnosis::clear;
using diagnosis::moderate;

const std::string key = make_key("github", "classic-token");
const std::string other = make_key("github", "classic-token", 2);

Found judge(const Failure& failure) { return failure.found_by(inspect_environment); }
// GitHub, refused with `key`.
Failure sent() { return Failure().bearer(key); }

TEST(InspectEnvironment, TheVariableThatWasSentSaysNothing) {
  EXPECT_TRUE(judge(sent().variable("GITHUB_TOKEN", key)).empty());
  EXPECT_TRUE(
      judge(sent().variable("GITHUB_TOKEN", key).file(".env", "GITHUB_TOKEN=" + key)).empty());
  EXPECT_TRUE(judge(sent().variable("SLACK_TOKEN", other)).empty());  // of another API
  EXPECT_TRUE(judge(Failure()).empty());
}

TEST(InspectEnvironment, AVariableShadowsTheFile) {
  const Found found = judge(
      sent().variable("GITHUB_TOKEN", key).file("app/.env", "A=1\nGITHUB_TOKEN=" + other + "\n"));
  EXPECT_GE(found.weight("environment.shadowed", "conflicting-credentials"), clear);
  EXPECT_EQ(found["environment.shadowed"].place, "app/.env, line 2");
  EXPECT_TRUE(found["environment.shadowed"].fix.at(0).starts_with("unset GITHUB_TOKEN"));
}

TEST(InspectEnvironment, NginxClearsTheHeader) {
  const auto with = [](const std::string& line) {
    return judge(sent().file("/etc/nginx/conf.d/a.conf", "server {\n" + line + "\n}\n"));
  };
  const Found found = with("    proxy_set_header   Authorization \"\";");
  EXPECT_GE(found.weight("environment.header-cleared", "proxy-stripped"), clear);
  EXPECT_EQ(found["environment.header-cleared"].place, "/etc/nginx/conf.d/a.conf, line 2");
  for (const char* line : {"# proxy_set_header Authorization \"\";",
                           "proxy_set_header Authorization $http_authorization;",
                           "proxy_set_header Cookie \"\";", "proxy_set_header"})
    EXPECT_FALSE(with(line).has("environment.header-cleared")) << line;
}

TEST(InspectEnvironment, ACopyHoldsAnotherKey) {
  const Found found = judge(sent().file(".env", "GH_TOKEN=" + other));
  EXPECT_GE(found.weight("environment.other-key", "stale-environment"), clear);
}

TEST(InspectEnvironment, QuotesThatWereKept) {
  const Found found =
      judge(Failure().bearer("'" + key + "'").file("prod.env", "GITHUB_TOKEN='" + key + "'"));
  EXPECT_GE(found.weight("environment.quotes-kept", "quoted"), moderate);
  EXPECT_TRUE(found["environment.quotes-kept"].fix.at(0).ends_with(" prod.env"));
  EXPECT_TRUE(judge(sent().file(".env", "GITHUB_TOKEN='" + key + "'")).empty());
}

// What was sent is exactly what one reader makes of the line: no doubt where it came from.
TEST(InspectEnvironment, TheReaderThatMisreadTheLineIsNamed) {
  const Found quotes =
      judge(Failure().bearer("'" + key + "'").file(".env", "A=1\nGITHUB_TOKEN='" + key + "'\n"));
  EXPECT_GE(quotes.weight("environment.quotes-kept", "quoted"), clear);
  EXPECT_TRUE(quotes["environment.quotes-kept"].text.contains("docker --env-file reads"));
  EXPECT_EQ(quotes["environment.quotes-kept"].place, ".env, line 2");
  const Found shell =
      judge(Failure().bearer(key + "\r").file(".env", "export GITHUB_TOKEN=" + key + "\r\n"));
  EXPECT_TRUE(shell["environment.crlf"].text.contains("a shell reads"));
  const Found blank =
      judge(Failure().bearer(key + " ").file(".env", "GITHUB_TOKEN=" + key + " \n"));
  EXPECT_GE(blank.weight("environment.blank-kept", "whitespace"), clear);
  EXPECT_TRUE(judge(sent().file(".env", "GITHUB_TOKEN=" + key + " \n")).empty());
}

TEST(InspectEnvironment, AFileThatWasNotLoaded) {
  const auto judged = [](const std::string& name, const std::string& variable) {
    return judge(Failure().variable("GITHUB_TOKEN", variable).file(".env", name + "=" + key));
  };
  const Found found = judged("GITHUB_TOKEN", "");
  EXPECT_GE(found.weight("environment.not-loaded", "env-unset"), moderate);
  EXPECT_EQ(found["environment.not-loaded"].place, ".env, line 1");
  EXPECT_TRUE(found["environment.not-loaded"].fix.at(0).starts_with("set -a; . ./.env"));
  EXPECT_FALSE(judged("GITHUB_TOKEN", key).has("environment.not-loaded"));
  EXPECT_FALSE(judged("SLACK_TOKEN", "").has("environment.not-loaded"));
  EXPECT_FALSE(judge(sent().file(".env", "GITHUB_TOKEN=" + key)).has("environment.not-loaded"));
}

// A file of another folder need not be meant for this program.
TEST(InspectEnvironment, AFileElsewhereSaysLess) {
  const auto weight = [](const std::string& path) {
    return judge(sent().variable("GITHUB_TOKEN", key).file(path, "GITHUB_TOKEN=" + other))
        .weight("environment.shadowed", "stale-environment");
  };
  EXPECT_LT(weight("/home/me/.env"), weight(".env") / 2);
}

// In a shell's file only what a shell makes of it counts.
TEST(InspectEnvironment, AStartUpFileIsReadAsAShellReadsIt) {
  EXPECT_TRUE(
      judge(sent().file("/home/me/.bashrc", "GITHUB_TOKEN=" + other + " command\n")).empty());
  EXPECT_FALSE(
      judge(sent().file("/home/me/.bashrc", "export GITHUB_TOKEN=" + other + "\n")).empty());
}

TEST(InspectEnvironment, WindowsLineEnds) {
  const Found found =
      judge(Failure().bearer(key + "\r").file(".env", "GITHUB_TOKEN=" + key + "\r\n"));
  EXPECT_GE(found.weight("environment.crlf", "whitespace"), moderate);
  EXPECT_TRUE(judge(sent().file(".env", "GITHUB_TOKEN=" + key + "\r\n")).empty());
}

TEST(InspectEnvironment, ACommentThatWasSent) {
  const Found found =
      judge(Failure().bearer(key + " # mine").file(".env", "GITHUB_TOKEN=" + key + " # mine\n"));
  EXPECT_GE(found.weight("environment.comment-kept", "malformed"), moderate);
}

TEST(InspectEnvironment, EmptyMarkedAndDoubledLines) {
  EXPECT_GE(
      judge(Failure().file(".env", "GITHUB_TOKEN=\n")).weight("environment.empty", "env-unset"),
      moderate);
  EXPECT_GE(judge(Failure().file(".env", "\xef\xbb\xbfGITHUB_TOKEN=" + key))
                .weight("environment.byte-order-mark", "env-unset"),
            moderate);
  EXPECT_GT(judge(sent().file(".env", "GITHUB_TOKEN=" + key + "\nGITHUB_TOKEN=" + other + "\n"))
                .weight("environment.duplicate", "conflicting-credentials"),
            0);
}

TEST(InspectEnvironment, ABaseUrlThatIsNotRead) {
  const auto openai = [](const char* value) {
    return judge(Failure("https://api.openai.com/v1/models").variable("OPENAI_BASE_URL", value));
  };
  const Found found = openai("https://llm.acme.test/v1");
  EXPECT_GE(found.weight("environment.base-url", "wrong-provider"), clear);
  EXPECT_TRUE(found["environment.base-url"].text.contains("llm.acme.test"));
  EXPECT_TRUE(openai("https://api.openai.com/v1").empty());
  EXPECT_TRUE(openai("").empty());
}

TEST(InspectEnvironment, AnotherSiteOfTheSameProvider) {
  const Found found =
      judge(Failure("https://api.datadoghq.com/api/v1").variable("DD_SITE", "datadoghq.eu"));
  EXPECT_GE(found.weight("environment.base-url", "wrong-environment"), clear);
  EXPECT_TRUE(judge(Failure("https://api.datadoghq.eu/api/v1").variable("DD_SITE", "datadoghq.eu"))
                  .empty());
}

TEST(InspectEnvironment, Netrc) {
  const std::string file = "machine api.github.com login ann password " + key;
  EXPECT_GE(judge(Failure().basic("ann:" + key).file("app/.netrc", file))
                .weight("environment.netrc", "conflicting-credentials"),
            clear);
  EXPECT_LT(
      judge(sent().file(".netrc", file)).weight("environment.netrc", "conflicting-credentials"),
      moderate);
  EXPECT_TRUE(judge(sent().file(".netrc", "machine a.test login b password c")).empty());
}

TEST(InspectEnvironment, AReferenceToAVariableWithoutAValue) {
  const auto references = [](const std::string& content) {
    return judge(Failure().file("config.yaml", content).variable("SET_TOKEN", key));
  };
  const Found found = references("token: ${GITHUB_TOKEN}\n");
  EXPECT_GE(found.weight("environment.unset-reference", "env-unset"), clear);
  EXPECT_EQ(found["environment.unset-reference"].fix,
            std::vector<std::string>{"export GITHUB_TOKEN=…"});
  EXPECT_TRUE(references("token: ${GITHUB_TOKEN:-x}").has("environment.unset-reference"));
  EXPECT_TRUE(references("token: ${SET_TOKEN}, home: ${HOME}, ${{ secrets.TOKEN }}, ${").empty());
  EXPECT_TRUE(references("token: $${{ secrets.TOKEN }}").has("environment.literal-dollar"));
}

TEST(InspectEnvironment, ALineFeedInAManifest) {
  const auto manifest = [](const std::string& value) {
    return judge(sent().file("secret.yaml", "apiVersion: v1\nkind: Secret\ndata:\n  token: " +
                                                base::base64_encode(value) + "\n"));
  };
  const Found found = manifest(key + "\n");
  EXPECT_GE(found.weight("environment.manifest-line-feed", "whitespace"), moderate);
  EXPECT_EQ(found["environment.manifest-line-feed"].place, "secret.yaml, line 4");
  EXPECT_TRUE(manifest(key).empty());
}

TEST(InspectEnvironment, AProcessThatHoldsAnOlderValue) {
  Failure failure = sent();
  failure.file(".env", "GITHUB_TOKEN=" + key);
  http::EnvironmentProcess process{.pid = 42, .command = "/usr/bin/worker --token " + other};
  process.variables["GITHUB_TOKEN"] = other;
  failure.bundle.environment.processes = {process};
  const Found found = judge(failure);
  EXPECT_GE(found.weight("environment.stale-process", "stale-environment"), clear);
  EXPECT_TRUE(found["environment.stale-process"].text.starts_with("42 (worker) still holds"));
  EXPECT_TRUE(found["environment.stale-process"].fix.at(0).starts_with("kill -TERM 42"));

  failure.bundle.environment.processes[0].started = base::parse_rfc3339("2026-07-01T00:00:00Z");
  failure.bundle.environment.files[0].modified = base::parse_rfc3339("2026-07-02T00:00:00Z");
  EXPECT_GT(judge(failure).weight("environment.stale-process", "stale-environment"),
            found.weight("environment.stale-process", "stale-environment"));
  failure.bundle.environment.processes[0].variables["GITHUB_TOKEN"] = key;
  EXPECT_TRUE(judge(failure).empty());
}

}  // namespace
}  // namespace locksmith::inspect

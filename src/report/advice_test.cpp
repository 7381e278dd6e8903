#include "report/advice.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/sample_report.hpp"

namespace locksmith::report {
namespace {

std::vector<std::string> fixes_for_white_space(Sample& sample) {
  sample.add("whitespace", 40, "A line feed.");
  const Report& report = sample.diagnosed();
  return fixes(report, report.diagnosis.leader());
}

TEST(advice, fills_in_what_is_known) {
  Sample sample;
  const auto lines = fixes_for_white_space(sample);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0],
            "printf 'Authorization: Bearer %s\\n' \"$ACME_KEY\" | curl -sS -D - -o /dev/null -H @- "
            "'https://api.acme.test/v1/me'   # again");
}

TEST(advice, writes_a_bare_key_without_a_scheme) {
  Sample sample;
  sample.report.header = "X-Api-Key";
  sample.report.scheme = "";
  EXPECT_TRUE(fixes_for_white_space(sample)[0].starts_with("printf 'X-Api-Key: %s\\n' "));
}

TEST(advice, sends_no_key_by_a_header_when_it_sits_elsewhere) {
  Sample sample;
  sample.report.header = "";
  const auto lines = fixes_for_white_space(sample);
  EXPECT_EQ(lines.size(), 2u);
  EXPECT_TRUE(std::ranges::none_of(lines, [](auto& line) { return line.contains("-H @-"); }));
}

// What a request brought in must not become a command of the shell that the fix is pasted into.
TEST(advice, lets_nothing_of_the_request_out_of_its_quotes) {
  Sample sample;
  sample.report.url = "https://api.acme.test/'$(id)`id`\"\\\n;x/[1-9]{a}!";
  const auto lines = fixes_for_white_space(sample);
  EXPECT_TRUE(lines[0].contains(
      "'https://api.acme.test/%27%24(id)%60id%60%22%5C%0A;x/%5B1-9%5D%7Ba%7D%21'"))
      << lines[0];
}

TEST(advice, leaves_out_a_header_that_is_no_plain_word) {
  for (const char* name : {"X-'Key", "X-%s", "X\\n", "$(id)"}) {
    Sample sample;
    sample.report.header = name;
    EXPECT_EQ(fixes_for_white_space(sample).size(), 2u) << name;
  }
}

TEST(advice, offers_no_url_of_which_a_part_is_hidden) {
  Sample sample;
  sample.report.url = "https://api.acme.test/bot<key>/me";
  EXPECT_EQ(fixes_for_white_space(sample).size(), 2u);
  Sample with_query;
  with_query.report.url = "https://api.acme.test/me?…";
  EXPECT_TRUE(fixes_for_white_space(with_query)[0].contains("'https://api.acme.test/me'"));
}

TEST(advice, speaks_of_pages_that_are_not_known_in_words) {
  Sample sample;
  sample.add("unknown-key", 40, "It says so.");
  const Report& report = sample.diagnosed();
  EXPECT_EQ(fixes(report, report.diagnosis.leader())[0],
            "Make a new key at the API's key page and try it with the same request.");
}

// It would be the place that was refused.
TEST(advice, names_no_header_that_is_itself_in_question) {
  Sample sample;
  sample.causes[2].slug = "wrong-header";
  sample.causes[2].look_next = "Send the key in the {header} header.";
  sample.add("wrong-header", 2, "Perhaps.");
  EXPECT_EQ(look_next(sample.diagnosed()), "Send the key in the right header.");
  sample.report.header_documented = true;
  EXPECT_EQ(look_next(sample.report), "Send the key in the Authorization header.");
}

TEST(advice, puts_the_fix_of_a_finding_first_and_no_command_twice) {
  Sample sample;
  sample.add("whitespace", 40, "A line feed.").fix = {
      "export ACME_KEY=\"$(printf %s \"$ACME_KEY\" | tr -d '[:space:]')\""};
  const Report& report = sample.diagnosed();
  const auto lines = fixes(report, report.diagnosis.leader());
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(lines[0].starts_with("export"));
}

TEST(advice, tells_commands_from_sentences) {
  EXPECT_TRUE(is_command("date -u   # the present time"));
  EXPECT_FALSE(is_command("Copy the key again."));
  EXPECT_EQ(split_command("date -u   # the present time").text, "date -u");
  EXPECT_EQ(split_command("date -u   # the present time").remark, "the present time");
  EXPECT_EQ(split_command("sed 's/ # //'").remark, "");
}

TEST(advice, says_when_to_come_back) {
  Sample sample;
  sample.add("rate-limited", 40, "It says so.");
  sample.report.retry_after = std::chrono::seconds(20);
  EXPECT_EQ(retry_advice(sample.diagnosed()), "Retry in 20 seconds, not before.");
  sample.report.retry_after.reset();
  EXPECT_TRUE(retry_advice(sample.report).starts_with("Retry later"));
  sample.report.outcome = Outcome::not_refused;
  EXPECT_EQ(retry_advice(sample.report), "");
}

TEST(advice, names_the_next_look_only_while_it_is_needed) {
  Sample sample;
  sample.add("whitespace", 3, "Perhaps.");
  const Report& report = sample.diagnosed();
  ASSERT_EQ(report.outcome, Outcome::undetermined);
  EXPECT_EQ(look_next(report), "Count the bytes of ACME_KEY.");
  sample.report.outcome = Outcome::cause;
  EXPECT_EQ(look_next(sample.report), "");
}

}  // namespace
}  // namespace locksmith::report

// The reports that are read elsewhere: JSON and Markdown. tests/cli holds the JSON against its
// schema.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "report/sample_report.hpp"

namespace locksmith::report {
namespace {

namespace json = boost::json;

TEST(json, names_the_cause_with_its_evidence) {
  Sample sample;
  sample.add("whitespace", 40, "A line feed.").source = "https://www.rfc-editor.org/rfc/rfc9110";
  const json::value out = json::parse(as_json(sample.diagnosed()));
  EXPECT_EQ(out.at("outcome"), "cause");
  EXPECT_EQ(out.at("requests_sent"), 0);
  EXPECT_EQ(out.at("response").at("status"), 401);
  const json::value& first = out.at("causes").at(0);
  EXPECT_EQ(first.at("cause"), "whitespace");
  EXPECT_EQ(first.at("findings").at(0).at("decibans").to_number<double>(), 40);
  EXPECT_EQ(first.at("findings").at(0).at("source"), "https://www.rfc-editor.org/rfc/rfc9110");
  EXPECT_EQ(out.at("causes").as_array().size(), 3u);
  EXPECT_TRUE(out.at("look_next").is_null());
}

TEST(json, says_what_would_settle_it) {
  Sample sample;
  sample.add("whitespace", 2, "Perhaps.");
  const json::value out = json::parse(as_json(sample.diagnosed()));
  EXPECT_EQ(out.at("outcome"), "undetermined");
  EXPECT_EQ(out.at("look_next"), "Count the bytes of ACME_KEY.");
}

TEST(json, has_no_cause_where_nothing_was_refused) {
  Sample sample;
  sample.add("whitespace", 40, "A line feed.");
  sample.diagnosed().outcome = Outcome::not_refused;
  const json::value out = json::parse(as_json(sample.report));
  EXPECT_EQ(out.at("outcome"), "not-refused");
  EXPECT_TRUE(out.at("causes").as_array().empty());
}

TEST(json, is_valid_when_nothing_could_be_read) {
  Report report;
  report.outcome = Outcome::unreachable;
  report.error = Error{ErrorCode::unreadable, "cut off", "look"};
  const json::value out = json::parse(as_json(report));
  EXPECT_TRUE(out.at("request").is_null());
  EXPECT_TRUE(out.at("response").is_null());
  EXPECT_EQ(out.at("error").at("message"), "cut off");
}

TEST(json, holds_bytes_that_are_no_text) {
  Sample sample;
  sample.add("whitespace", 40, std::string("It says \xff\xfe\0 and \x1b[2J.", 22));
  sample.report.url = "https://api.acme.test/\xc3(";
  const std::string text = as_json(sample.diagnosed());
  EXPECT_NO_THROW(json::parse(text));
  EXPECT_TRUE(text.contains("\\\\xff"));
}

TEST(markdown, names_the_cause_in_the_heading) {
  Sample sample;
  sample.add("whitespace", 40, "A line feed.");
  const std::string text = as_markdown(sample.diagnosed());
  EXPECT_TRUE(text.starts_with("### `whitespace` (99 %)\n\nWhite space was sent")) << text;
  EXPECT_TRUE(text.contains("| +40 | A line feed. | Authorization header, byte 40 |\n"));
  EXPECT_TRUE(text.contains("- Store the key again"));
  EXPECT_TRUE(text.ends_with("<sub>No request sent by `locksmith why`</sub>\n"));
}

TEST(markdown, lets_no_server_write_markup) {
  Sample sample;
  sample.add("whitespace", 40, "<img src=x> [a](http://x) `b` | c\n\n# d *e* &lt;");
  const std::string text = as_markdown(sample.diagnosed());
  EXPECT_TRUE(
      text.contains("\\<img src=x\\> \\[a\\](http://x) \\`b\\` \\| c\\\\n\\\\n\\# d \\*e\\* "
                    "\\&lt;"))
      << text;
}

TEST(markdown, fences_a_command_that_holds_backticks) {
  Sample sample;
  sample.add("whitespace", 40, "A line feed.").fix = {"echo ``x``"};
  EXPECT_TRUE(as_markdown(sample.diagnosed()).contains("- ``` echo ``x`` ```\n"));
}

TEST(markdown, says_what_it_does_not_know) {
  Sample sample;
  sample.add("whitespace", 2, "Perhaps.");
  const std::string text = as_markdown(sample.diagnosed());
  EXPECT_TRUE(text.starts_with("### Refused, cause not determined\n"));
  EXPECT_TRUE(text.contains("- `whitespace` (44 %): White space"));
  EXPECT_TRUE(text.contains("**Look next:** Count the bytes of ACME\\_KEY."));
}

TEST(markdown, tells_why_nothing_answered) {
  Report report;
  report.outcome = Outcome::unreachable;
  report.error = Error{ErrorCode::unreachable, "nobody answered", "is it plugged in?"};
  EXPECT_EQ(as_markdown(report),
            "### Not reached\n\nnobody answered.\n\nHint: is it plugged in?\n\n<sub>No request "
            "sent by `locksmith why`</sub>\n");
}

}  // namespace
}  // namespace locksmith::report

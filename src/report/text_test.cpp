#include <gtest/gtest.h>

#include <algorithm>
#include <ranges>

#include "report/pen.hpp"
#include "report/report.hpp"
#include "report/sample_report.hpp"

namespace locksmith::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto line : std::views::split(text, '\n'))
    lines.emplace_back(line.begin(), line.end());
  return lines;
}

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Report& with_cause(Sample& sample) {
  sample.add("whitespace", 40,
             "A line feed stands at the end of the key, which is what echo adds to whatever it "
             "writes into a file or a pipe.");
  sample.add("unknown-key", -12, "The server does not say that it does not know the key.");
  return sample.diagnosed();
}

TEST(text, names_the_cause_in_the_first_line) {
  Sample sample;
  const std::string text = as_text(with_cause(sample), {});
  EXPECT_TRUE(text.starts_with("✗ whitespace  99 %\n  White space was sent as part of the key.\n"))
      << text;
  EXPECT_TRUE(text.contains("  GET https://api.acme.test/v1/me → 401\n"));
  EXPECT_TRUE(text.contains("  +40 dB  A line feed stands"));
  EXPECT_TRUE(text.contains("Retrying does not help.\nMore: locksmith explain whitespace\n"));
  EXPECT_TRUE(text.contains("No request was sent (offline)."));
}

TEST(text, fits_into_the_width_but_for_words_that_cannot_be_broken) {
  Sample sample;
  for (const std::size_t width : {40u, 60u, 80u}) {
    for (const std::string& line : lines_of(as_text(with_cause(sample), {.width = width}))) {
      const bool one_word = line.find_last_of(' ') < 10 || line.contains("$ ") ||
                            line.contains("curl") || line.contains("| ");
      EXPECT_TRUE(columns(line) <= width || one_word) << width << ": " << line;
    }
  }
}

TEST(text, colours_only_when_asked_to) {
  Sample sample;
  EXPECT_FALSE(as_text(with_cause(sample), {}).contains('\x1b'));
  const std::string colored = as_text(sample.report, {.color = true});
  EXPECT_TRUE(colored.contains("\x1b[1;31mwhitespace  99 %\x1b[0m"));
  std::string plain = colored;  // and differs in nothing else
  for (std::size_t at; (at = plain.find('\x1b')) != std::string::npos;) {
    plain.erase(at, plain.find('m', at) + 1 - at);
  }
  EXPECT_EQ(plain, as_text(sample.report, {}));
}

TEST(text, says_what_it_does_not_know) {
  Sample sample;
  sample.add("whitespace", 2, "Perhaps.");
  const std::string text = as_text(sample.diagnosed(), {});
  EXPECT_TRUE(text.starts_with("? Refused, but the evidence does not tell why yet.\n")) << text;
  EXPECT_TRUE(text.contains("Likeliest\n  44 %  whitespace\n")) << text;
  EXPECT_TRUE(text.contains("Look next\n  Count the bytes of ACME_KEY.\n"));
  EXPECT_FALSE(text.contains("\nFix\n"));
  EXPECT_FALSE(text.contains("Retrying"));
}

TEST(text, tells_a_success) {
  Sample sample;
  sample.report.outcome = Outcome::not_refused;
  sample.report.status = 200;
  sample.report.offline = false;
  sample.report.requests.push_back(
      {"as-is", "The request as it is.", "GET", sample.report.url, 200});
  const std::string text = as_text(sample.report, {});
  EXPECT_TRUE(text.starts_with("✓ The request is not refused.\n"));
  EXPECT_TRUE(text.contains("Sent 1 request\n  GET → 200  The request as it is.\n")) << text;
}

TEST(text, tells_why_nothing_answered) {
  Sample sample;
  sample.report.outcome = Outcome::unreachable;
  sample.report.status = 0;
  sample.report.error = Error{ErrorCode::unreachable, "nobody answered", "is it plugged in?"};
  const std::string text = as_text(sample.report, {});
  EXPECT_TRUE(text.starts_with("✗ Not reached\n  nobody answered.\n  hint: is it plugged in?\n"));
  EXPECT_FALSE(text.contains("→"));
}

TEST(text, shows_everything_when_asked_to) {
  Sample sample;
  const std::string text = as_text(with_cause(sample), {.verbose = true});
  EXPECT_TRUE(text.contains("All causes\n"));
  EXPECT_TRUE(text.contains("rate-limited"));
  EXPECT_FALSE(as_text(sample.report, {}).contains("rate-limited"));
}

TEST(text, says_what_is_not_the_cause_and_why) {
  Sample sample;
  EXPECT_TRUE(as_text(with_cause(sample), {}).contains("Not the cause\n  unknown-key\n      The"));
}

TEST(text, lets_no_server_write_to_the_terminal) {
  Sample sample;
  sample.add("whitespace", 40, "It says \x1b]0;owned\x07 and \x1b[2J\n✗ expired.");
  sample.report.context = "\x1b[31mred";
  const std::string text = as_text(sample.diagnosed(), {});
  EXPECT_FALSE(text.contains('\x1b'));
  EXPECT_FALSE(text.contains("\n✗ expired"));
}

TEST(pen, breaks_a_pipeline_where_the_shell_reads_on) {
  Pen pen(false, 40);
  pen.command("printf '%s | %s' \"$A | $B\" | tr -d x | grep -c yyyyyyyyyyyyyyyyyy");
  EXPECT_EQ(pen.take(),
            "  $ printf '%s | %s' \"$A | $B\" |\n"
            "      tr -d x |\n"
            "      grep -c yyyyyyyyyyyyyyyyyy\n");
}

TEST(pen, indents_what_it_wraps_and_breaks_no_word) {
  Pen pen(false, 24);
  pen.paragraph("note: ", "one two three four https://api.acme.test/long/path five");
  EXPECT_EQ(pen.take(),
            "note: one two three four\n      https://api.acme.test/long/path\n      five\n");
}

}  // namespace
}  // namespace locksmith::report

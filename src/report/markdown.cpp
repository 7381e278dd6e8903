// A report to paste into an issue: GitHub Flavored Markdown, https://github.github.com/gfm/
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/advice.hpp"
#include "report/chain.hpp"
#include "report/percent.hpp"
#include "report/report.hpp"

namespace locksmith::report {
namespace {

// What a server wrote must not become markup of the issue (section 6.1, backslash escapes), nor an
// entity (6.2).
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text)) {
    if (std::string_view("\\`*_[]<>|~#&").contains(c)) out += '\\';
    out += c;
  }
  return out;
}

// A code span, its fence longer than any run of backticks inside (section 6.3).
std::string code(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`'), pad(longest ? 1 : 0, ' ');
  return fmt::format("{0}{1}{2}{1}{0}", fence, pad, base::printable(text));
}

std::string request_line(const Report& report) {
  const std::string request = code(fmt::format("{} {}", report.method, report.url));
  std::string line =
      report.status ? fmt::format("{} → {}\n", request, report.status) : request + "\n";
  if (const std::string chain = chain_line(report); !chain.empty())
    line += fmt::format("\n{}\n", escaped(chain));
  return line;
}

void write_evidence(std::string& out, const diagnosis::Candidate& leader) {
  if (leader.evidence_for.empty() && leader.against.empty()) return;
  out += "\n| decibans | evidence | seen in |\n| ---: | --- | --- |\n";
  for (const auto* side : {&leader.evidence_for, &leader.against}) {
    for (const diagnosis::Finding* finding : *side) {
      out += fmt::format("| {:+.0f} | {} | {} |\n",
                         diagnosis::weight_for(*finding, leader.cause->slug),
                         escaped(finding->text), escaped(finding->place));
    }
  }
}

void write_fixes(std::string& out, const Report& report, const diagnosis::Candidate& leader) {
  const auto lines = fixes(report, leader);
  if (!lines.empty()) out += "\n**Fix**\n\n";
  for (const std::string& line : lines) {
    out += fmt::format("- {}\n", is_command(line) ? code(line) : escaped(line));
  }
}

void write_cause(std::string& out, const Report& report) {
  const diagnosis::Candidate& leader = report.diagnosis.leader();
  out += fmt::format("### `{}` ({})\n\n{}\n\n{}", leader.cause->slug, percent(leader.probability),
                     escaped(leader.cause->sentence), request_line(report));
  write_evidence(out, leader);
  write_fixes(out, report, leader);
}

void write_undetermined(std::string& out, const Report& report) {
  out +=
      fmt::format("### Refused, cause not determined\n\n{}\nLikeliest:\n\n", request_line(report));
  for (const diagnosis::Candidate& candidate : likeliest(report.diagnosis)) {
    out += fmt::format("- `{}` ({}): {}\n", candidate.cause->slug, percent(candidate.probability),
                       escaped(candidate.cause->sentence));
  }
  if (const std::string next = look_next(report); !next.empty()) {
    out += fmt::format("\n**Look next:** {}\n", escaped(next));
  }
  write_evidence(out, report.diagnosis.leader());
}

void write_unreachable(std::string& out, const Report& report) {
  out += "### Not reached\n";
  if (!report.url.empty()) out += "\n" + request_line(report);
  if (!report.error) return;
  out += fmt::format("\n{}.\n", escaped(report.error->message));
  if (!report.error->hint.empty()) out += fmt::format("\nHint: {}\n", escaped(report.error->hint));
}

}  // namespace

std::string as_markdown(const Report& report) {
  std::string out;
  switch (report.outcome) {
    case Outcome::cause:
      write_cause(out, report);
      break;
    case Outcome::undetermined:
      write_undetermined(out, report);
      break;
    case Outcome::not_refused:
      out += "### Not refused\n\n" + request_line(report);
      break;
    case Outcome::unreachable:
      write_unreachable(out, report);
      break;
  }
  for (const std::string& note : report.notes) out += fmt::format("\nNote: {}\n", escaped(note));
  if (const std::string advice = retry_advice(report); !advice.empty()) out += "\n" + advice + "\n";
  const std::size_t sent = report.requests.size();
  out += fmt::format("\n<sub>{} sent by `locksmith why`</sub>\n",
                     sent ? base::count_of(sent, "request") : "No request");
  return out;
}

}  // namespace locksmith::report

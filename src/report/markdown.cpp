// A report to paste into an issue.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/report.hpp"

namespace locksmith::report {
namespace {

// A code span whose fence is longer than any run of backticks inside (CommonMark section 6.1).
std::string code(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return longest ? fmt::format("{0} {1} {0}", fence, text) : fmt::format("{0}{1}{0}", fence, text);
}

std::string row_text(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void write_leader(std::string& out, const Report& report) {
  const diagnosis::Candidate& leader = report.diagnosis.leader();
  out += "\n| decibans | evidence | seen in |\n| ---: | --- | --- |\n";
  for (const auto* side : {&leader.evidence_for, &leader.against}) {
    for (const diagnosis::Finding* finding : *side) {
      out += fmt::format("| {:+.0f} | {} | {} |\n",
                         diagnosis::weight_for(*finding, leader.cause->slug),
                         row_text(finding->text), row_text(finding->place));
    }
  }
  const auto lines = fixes(report, leader);
  if (lines.empty()) return;
  out += "\n**Fix**\n\n";
  for (const std::string& line : lines)
    out += fmt::format("- {}\n", is_command(line) ? code(line) : line);
}

}  // namespace

std::string as_markdown(const Report& report) {
  std::string out;
  const std::string request = fmt::format("{} {}", report.method, base::printable(report.url));
  switch (report.outcome) {
    case Outcome::cause: {
      const auto& leader = report.diagnosis.leader();
      out += fmt::format("### `{}` ({:.0f} %)\n\n{}\n\n{} → {}\n", leader.cause->slug,
                         leader.probability * 100, leader.cause->sentence, code(request),
                         report.status);
      write_leader(out, report);
      break;
    }
    case Outcome::undetermined:
      out += fmt::format("### Refused, cause not determined\n\n{} → {}\n\nLikeliest:\n\n",
                         code(request), report.status);
      for (std::size_t i = 0; i < report.diagnosis.causes.size() && i < 4; ++i) {
        const auto& candidate = report.diagnosis.causes[i];
        out += fmt::format("- `{}` ({:.0f} %): {}\n", candidate.cause->slug,
                           candidate.probability * 100, candidate.cause->sentence);
      }
      if (!report.diagnosis.look_next.empty())
        out += fmt::format("\n**Look next:** {}\n", report.diagnosis.look_next);
      write_leader(out, report);
      break;
    case Outcome::not_refused:
      out += fmt::format("### Not refused\n\n{} → {}\n", code(request), report.status);
      break;
    case Outcome::unreachable:
      out += fmt::format("### Not reached\n\n{}\n\n{}\n", code(request),
                         report.error ? report.error->message : "");
      break;
  }
  for (const std::string& note : report.notes) out += fmt::format("\nNote: {}\n", note);
  if (const std::string advice = retry_advice(report); !advice.empty())
    out += fmt::format("\n{}\n", advice);
  out += fmt::format("\n<sub>{} by `locksmith why`</sub>\n",
                     report.requests.empty()
                         ? "No request sent"
                         : base::count_of(report.requests.size(), "request") + " sent");
  return out;
}

}  // namespace locksmith::report

// A report for a terminal: the cause first, then why, then what to do.
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "report/advice.hpp"
#include "report/chain.hpp"
#include "report/pen.hpp"
#include "report/percent.hpp"
#include "report/report.hpp"

namespace locksmith::report {
namespace {

using diagnosis::Candidate;
using diagnosis::Finding;

constexpr Pen::Style dim{.code = paint::dim};

// How much is shown when nobody asked for more.
constexpr std::size_t most_evidence = 4, most_excluded = 3;
constexpr double least_for = 1, least_against = 4;  // decibans

void write_request(Pen& pen, const Report& report) {
  if (report.url.empty()) return;
  const std::string answer = report.status ? fmt::format(" → {}", report.status) : "";
  pen.paragraph("  ", fmt::format("{} {}{}", report.method, report.url, answer), dim);
  std::vector<std::string> parts;
  if (report.provider) parts.emplace_back(report.provider->name);
  if (!report.answered_by.empty()) {
    parts.push_back(fmt::format("answered through {}", fmt::join(report.answered_by, ", ")));
  }
  if (!report.credential.empty()) parts.push_back(report.credential);
  if (!parts.empty()) pen.paragraph("  ", fmt::format("{}", fmt::join(parts, "; ")), dim);
  if (const std::string chain = chain_line(report); !chain.empty()) pen.paragraph("  ", chain);
}

// Each hop with what is known of it, for those who want to see why it is taken for one.
void write_hops(Pen& pen, const Report& report) {
  if (report.hops.empty()) return;
  pen.heading("Way");
  for (const Hop& hop : report.hops) {
    pen.paragraph(hop.refused ? "  ✗ " : "    ",
                  hop.reached ? hop.name : hop.name + " (not reached)");
    if (const std::string more = about(hop); !more.empty()) pen.paragraph("      ", more, dim);
  }
}

void write_finding(Pen& pen, const Finding& finding, double decibans) {
  const std::string_view color = decibans > 0 ? paint::green : paint::red;
  pen.paragraph(fmt::format("{:>+5.0f} dB  ", decibans), finding.text, {.mark_code = color});
  const std::string source = finding.source.empty() ? "" : " · " + finding.source;
  pen.paragraph(std::string(10, ' '), finding.place + source, dim);
}

void write_evidence(Pen& pen, const Candidate& candidate, bool verbose) {
  pen.heading("Evidence");
  std::size_t shown = 0;
  for (const Finding* finding : candidate.evidence_for) {
    const double decibans = diagnosis::weight_for(*finding, candidate.cause->slug);
    if (!verbose && (shown == most_evidence || decibans < least_for)) break;
    write_finding(pen, *finding, decibans);
    ++shown;
  }
  for (const Finding* finding : candidate.against) {
    const double decibans = diagnosis::weight_for(*finding, candidate.cause->slug);
    if (!verbose && decibans > -least_against) continue;
    write_finding(pen, *finding, decibans);
    ++shown;
  }
  if (shown > 0) return;
  pen.paragraph("  ",
                "None for it in particular: it is the most frequent cause of such an answer.");
}

void write_fix(Pen& pen, const Report& report, const Candidate& candidate) {
  const auto lines = fixes(report, candidate);
  if (!lines.empty()) pen.heading("Fix");
  for (const std::string& line : lines) {
    if (!is_command(line)) {
      pen.paragraph("  • ", line);
      continue;
    }
    const Command command = split_command(line);
    pen.command(command.text);
    if (!command.remark.empty()) pen.paragraph("    ", command.remark, dim);
  }
}

// One reason may rule out many causes; they stand together.
struct Excluded {
  const Finding* reason;
  std::vector<std::string_view> causes;
};

std::vector<Excluded> excluded_causes(const Report& report) {
  std::vector<const Candidate*> excluded;
  for (const Candidate& candidate : report.diagnosis.causes) {
    if (candidate.excluded) excluded.push_back(&candidate);
  }
  std::ranges::stable_sort(excluded, std::greater(), [&](const Candidate* candidate) {
    return candidate->cause->prior(report.status);
  });
  std::vector<Excluded> rows;
  for (const Candidate* candidate : excluded) {
    const Finding* reason = candidate->against.front();
    auto row = std::ranges::find(rows, reason, &Excluded::reason);
    if (row == rows.end()) row = rows.insert(row, {reason, {}});
    row->causes.push_back(candidate->cause->slug);
  }
  return rows;
}

// Causes that somebody would think of, and that the evidence rules out.
void write_excluded(Pen& pen, const Report& report, bool verbose) {
  auto rows = excluded_causes(report);
  if (!verbose && rows.size() > most_excluded) rows.resize(most_excluded);
  const bool named = report.outcome == Outcome::cause;  // else that would be too much to say
  if (!rows.empty()) pen.heading(named ? "Not the cause" : "Unlikely");
  for (auto& [reason, causes] : rows) {
    if (!verbose && causes.size() > most_excluded) {
      causes.resize(most_excluded);
      causes.push_back("…");
    }
    pen.paragraph("  ", fmt::format("{}", fmt::join(causes, ", ")));
    pen.paragraph("      ", reason->text, dim);
  }
}

void write_requests(Pen& pen, const Report& report) {
  if (report.requests.empty()) {
    pen.blank();
    pen.paragraph("", report.offline ? "No request was sent (offline)." : "No request was sent.",
                  dim);
    return;
  }
  pen.heading(fmt::format("Sent {}", base::count_of(report.requests.size(), "request")));
  for (const SentRequest& sent : report.requests) {
    const std::string status = sent.status ? std::to_string(sent.status) : "no answer";
    const std::string url = sent.url == report.url ? "" : " " + sent.url;
    pen.paragraph("  ", fmt::format("{}{} → {}  {}", sent.method, url, status, sent.reason), dim);
  }
}

void write_rivals(Pen& pen, const Report& report) {
  std::vector<std::string> rivals;
  for (const Candidate& candidate : report.diagnosis.causes) {
    if (&candidate == &report.diagnosis.leader() || candidate.probability < 0.01) continue;
    if (rivals.size() == 3) break;
    rivals.push_back(fmt::format("{} {}", candidate.cause->slug, percent(candidate.probability)));
  }
  if (rivals.empty()) return;
  pen.paragraph("  ", fmt::format("Otherwise: {}", fmt::join(rivals, ", ")), dim);
}

void write_cause(Pen& pen, const Report& report, bool verbose) {
  const Candidate& leader = report.diagnosis.leader();
  pen.paragraph("✗ ", fmt::format("{}  {}", leader.cause->slug, percent(leader.probability)),
                {.mark_code = paint::red, .code = paint::bold_red});
  pen.paragraph("  ", leader.cause->sentence);
  write_rivals(pen, report);
  pen.blank();
  write_request(pen, report);
  write_evidence(pen, leader, verbose);
  write_fix(pen, report, leader);
}

void write_undetermined(Pen& pen, const Report& report, bool verbose) {
  pen.paragraph("? ", "Refused, but the evidence does not tell why yet.",
                {.mark_code = paint::yellow, .code = paint::bold});
  pen.blank();
  write_request(pen, report);
  pen.heading("Likeliest");
  for (const Candidate& candidate : likeliest(report.diagnosis)) {
    pen.paragraph(fmt::format("{:>6}  ", percent(candidate.probability)), candidate.cause->slug,
                  {.code = paint::bold});
    pen.paragraph("        ", candidate.cause->sentence);
  }
  if (const std::string next = look_next(report); !next.empty()) {
    pen.heading("Look next");
    pen.paragraph("  ", next);
  }
  write_evidence(pen, report.diagnosis.leader(), verbose);
}

void write_not_refused(Pen& pen, const Report& report) {
  pen.paragraph("✓ ", "The request is not refused.",
                {.mark_code = paint::green, .code = paint::bold});
  pen.blank();
  write_request(pen, report);
}

void write_unreachable(Pen& pen, const Report& report) {
  pen.paragraph("✗ ", "Not reached", {.mark_code = paint::red, .code = paint::bold});
  if (report.error) {
    pen.paragraph("  ", report.error->message + ".");
    if (!report.error->hint.empty()) pen.paragraph("  hint: ", report.error->hint);
  }
  pen.blank();
  write_request(pen, report);
}

void write_all(Pen& pen, const Report& report) {
  pen.heading("All causes");
  for (const Candidate& candidate : report.diagnosis.causes) {
    pen.paragraph(
        fmt::format("{:>6}  {:>+4.0f} dB  ", percent(candidate.probability), candidate.decibans),
        candidate.cause->slug);
  }
}

}  // namespace

std::string as_text(const Report& report, const TextStyle& style) {
  Pen pen(style.color, style.width);
  switch (report.outcome) {
    case Outcome::cause:
      write_cause(pen, report, style.verbose);
      break;
    case Outcome::undetermined:
      write_undetermined(pen, report, style.verbose);
      break;
    case Outcome::not_refused:
      write_not_refused(pen, report);
      break;
    case Outcome::unreachable:
      write_unreachable(pen, report);
      break;
  }
  if (report.diagnosed()) {
    write_excluded(pen, report, style.verbose);
    if (style.verbose) write_all(pen, report);
  }
  if (style.verbose) write_hops(pen, report);
  write_requests(pen, report);
  for (const std::string& note : report.notes) pen.paragraph("note: ", note);
  if (!report.context.empty()) pen.paragraph("context: ", report.context, dim);
  if (const std::string advice = retry_advice(report); !advice.empty()) {
    pen.paragraph("", advice);
  }
  if (report.outcome == Outcome::cause) {
    const std::string_view slug = report.diagnosis.leader().cause->slug;
    pen.paragraph("", fmt::format("More: locksmith explain {}", slug), dim);
  }
  return pen.take();
}

}  // namespace locksmith::report

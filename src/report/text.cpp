// A report for a terminal: the cause first, then why, then what to do.
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/report.hpp"

namespace locksmith::report {
namespace {

using diagnosis::Candidate;
using diagnosis::Finding;

struct Pen {
  const TextStyle& style;
  std::string out;

  std::string paint(std::string_view code, std::string_view text) const {
    return style.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }

  void line(std::string_view text = {}) { out.append(text).append("\n"); }
  void heading(std::string_view text) {
    line();
    line(bold(text));
  }
  // Breaks `text` at blanks so that it fits; what has no blank is not broken. `code` colours it.
  void paragraph(std::string_view text, std::size_t indent, std::string first = {},
                 std::size_t first_width = 0, std::string_view code = {}) {
    std::string row = first.empty() ? std::string(indent, ' ') : std::move(first);
    std::size_t used = first_width ? first_width : indent;
    bool empty = true;
    std::string words;
    const auto flush = [&] { line(row + (code.empty() ? words : paint(code, words))); };
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find(' ', start), text.size());
      const std::string_view word = text.substr(start, end - start);
      if (!empty && used + 1 + columns(word) > style.width) {
        flush();
        row = std::string(indent, ' ');
        words.clear();
        used = indent;
        empty = true;
      }
      if (!empty) words += ' ';
      used += (empty ? 0 : 1) + columns(word);
      words += word;
      empty = false;
      start = end + 1;
    }
    flush();
  }
  static std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  }
};

std::string percent(double probability) {
  const double value = probability * 100;
  if (value > 99 && value < 100) return "99 %";
  return value < 1 ? "<1 %" : fmt::format("{:.0f} %", value);
}

void write_request(Pen& pen, const Report& report) {
  const std::string what = report.status
                               ? fmt::format("{} {} → {}", report.method, report.url, report.status)
                               : fmt::format("{} {}", report.method, report.url);
  pen.paragraph(base::printable(what), 2, "  ", 2, "2");
  std::string who;
  if (report.provider) who = std::string(report.provider->name);
  if (!report.answered_by.empty())
    who += fmt::format("{}answered through {}", who.empty() ? "" : "; ",
                       fmt::join(report.answered_by, ", "));
  if (!report.credential.empty())
    who += fmt::format("{}{}", who.empty() ? "" : "; ", report.credential);
  if (!who.empty()) pen.paragraph(who, 2, "  ", 2, "2");
}

void write_finding(Pen& pen, const Finding& finding, double decibans) {
  const std::string figure = fmt::format("{:>+5.0f} dB  ", decibans);
  pen.paragraph(finding.text, 10, pen.paint(decibans > 0 ? "32" : "31", figure), 10);
  pen.paragraph(finding.source.empty() ? finding.place : finding.place + " · " + finding.source, 10,
                {}, 0, "2");
}

void write_evidence(Pen& pen, const Candidate& candidate, bool verbose) {
  pen.heading("Evidence");
  std::size_t shown = 0;
  for (const Finding* finding : candidate.evidence_for) {
    if (!verbose && shown == 4) break;
    write_finding(pen, *finding, diagnosis::weight_for(*finding, candidate.cause->slug));
    ++shown;
  }
  for (const Finding* finding : candidate.against) {
    const double decibans = diagnosis::weight_for(*finding, candidate.cause->slug);
    if (!verbose && decibans > -4) continue;
    write_finding(pen, *finding, decibans);
    ++shown;
  }
  if (shown == 0)
    pen.paragraph(
        "None that speaks for it in particular: it is simply the most frequent cause of such an "
        "answer.",
        2);
}

void write_fix(Pen& pen, const Report& report, const Candidate& candidate) {
  const auto lines = fixes(report, candidate);
  if (lines.empty()) return;
  pen.heading("Fix");
  for (const std::string& line : lines) {
    if (is_command(line)) {
      // Commands stay on one line, so that they can be pasted.
      pen.line("  " + pen.dim("$") + " " + line);
    } else {
      pen.paragraph(line, 4, "  • ", 4);
    }
  }
}

// Causes that somebody would think of, and that the evidence rules out.
void write_excluded(Pen& pen, const Report& report, std::size_t most) {
  std::vector<const Candidate*> excluded;
  for (const Candidate& candidate : report.diagnosis.causes) {
    if (candidate.excluded) excluded.push_back(&candidate);
  }
  std::ranges::stable_sort(excluded, std::greater(),
                           [&](const Candidate* c) { return c->cause->prior(report.status); });
  // One reason may rule out many; they share a row.
  std::vector<std::pair<const Finding*, std::string>> rows;
  for (const Candidate* candidate : excluded) {
    const Finding* reason = candidate->against.front();
    const auto row =
        std::ranges::find(rows, reason, &std::pair<const Finding*, std::string>::first);
    if (row == rows.end()) {
      rows.emplace_back(reason, candidate->cause->slug);
    } else {
      row->second += ", " + std::string(candidate->cause->slug);
    }
  }
  if (rows.empty()) return;
  pen.heading("Not the cause");
  for (std::size_t i = 0; i < rows.size() && i < most; ++i) {
    pen.paragraph(rows[i].second, 2);
    pen.paragraph(rows[i].first->text, 6, {}, 0, "2");
  }
}

void write_requests(Pen& pen, const Report& report) {
  pen.line();
  if (report.requests.empty()) {
    pen.line(pen.dim(report.offline ? "No request was sent (offline)." : "No request was sent."));
    return;
  }
  pen.line(pen.bold(fmt::format("Sent {}", base::count_of(report.requests.size(), "request"))));
  for (const SentRequest& sent : report.requests) {
    const std::string status = sent.status ? std::to_string(sent.status) : "no answer";
    pen.paragraph(
        fmt::format("{} {} → {}: {}", sent.method, base::printable(sent.url), status, sent.reason),
        4, "  ", 2, "2");
  }
}

void write_rivals(Pen& pen, const Report& report) {
  std::vector<std::string> rivals;
  for (std::size_t i = 1; i < report.diagnosis.causes.size() && rivals.size() < 3; ++i) {
    const Candidate& candidate = report.diagnosis.causes[i];
    if (candidate.probability >= 0.01)
      rivals.push_back(fmt::format("{} {}", candidate.cause->slug, percent(candidate.probability)));
  }
  if (!rivals.empty())
    pen.paragraph(fmt::format("Otherwise: {}", fmt::join(rivals, ", ")), 2, {}, 0, "2");
}

void write_cause(Pen& pen, const Report& report) {
  const Candidate& leader = report.diagnosis.leader();
  pen.line(fmt::format("{} {}  {}", pen.paint("31", "✗"), pen.paint("1;31", leader.cause->slug),
                       pen.bold(percent(leader.probability))));
  pen.paragraph(leader.cause->sentence, 2);
  write_rivals(pen, report);
  pen.line();
  write_request(pen, report);
  write_evidence(pen, leader, pen.style.verbose);
  write_fix(pen, report, leader);
}

void write_undetermined(Pen& pen, const Report& report) {
  pen.line(fmt::format("{} {}", pen.paint("33", "?"),
                       pen.bold("Refused, but the evidence does not tell why yet.")));
  pen.line();
  write_request(pen, report);
  pen.heading("Likeliest");
  for (std::size_t i = 0; i < report.diagnosis.causes.size() && i < 4; ++i) {
    const Candidate& candidate = report.diagnosis.causes[i];
    if (i > 1 && candidate.probability < 0.03) break;
    pen.paragraph(candidate.cause->sentence, 8,
                  fmt::format("{:>6}  {}\n        ", percent(candidate.probability),
                              pen.bold(candidate.cause->slug)),
                  8);
  }
  if (!report.diagnosis.look_next.empty()) {
    pen.heading("Look next");
    pen.paragraph(report.diagnosis.look_next, 2);
  }
  write_evidence(pen, report.diagnosis.leader(), pen.style.verbose);
}

void write_error(Pen& pen, const Report& report) {
  pen.line(fmt::format("{} {}", pen.paint("31", "✗"), pen.bold("Not reached")));
  if (report.error) {
    pen.paragraph(report.error->message + ".", 2);
    if (!report.error->hint.empty()) pen.paragraph("hint: " + report.error->hint, 2);
  }
  pen.line();
  write_request(pen, report);
}

void write_all(Pen& pen, const Report& report) {
  pen.heading("All causes");
  for (const Candidate& candidate : report.diagnosis.causes) {
    pen.line(fmt::format("{:>6}  {:>+4.0f} dB  {}", percent(candidate.probability),
                         candidate.decibans, candidate.cause->slug));
  }
}

}  // namespace

std::string as_text(const Report& report, const TextStyle& style) {
  Pen pen{style, {}};
  switch (report.outcome) {
    case Outcome::cause:
      write_cause(pen, report);
      break;
    case Outcome::undetermined:
      write_undetermined(pen, report);
      break;
    case Outcome::not_refused:
      pen.line(fmt::format("{} {}", pen.paint("32", "✓"), pen.bold("The request is not refused.")));
      pen.line();
      write_request(pen, report);
      break;
    case Outcome::unreachable:
      write_error(pen, report);
      break;
  }
  const bool diagnosed =
      report.outcome == Outcome::cause || report.outcome == Outcome::undetermined;
  if (diagnosed) write_excluded(pen, report, style.verbose ? 100 : 4);
  if (diagnosed && style.verbose) write_all(pen, report);
  write_requests(pen, report);
  for (const std::string& note : report.notes) pen.paragraph(note, 6, "note: ", 6, {});
  if (!report.context.empty())
    pen.paragraph(base::printable(report.context), 9, "context: ", 9, "2");
  if (const std::string advice = retry_advice(report); !advice.empty()) pen.line(advice);
  if (report.outcome == Outcome::cause)
    pen.line(
        pen.dim(fmt::format("More: locksmith explain {}", report.diagnosis.leader().cause->slug)));
  return pen.out;
}

}  // namespace locksmith::report

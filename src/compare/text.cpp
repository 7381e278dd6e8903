// The comparison for a terminal: the difference first, then how it was found, then what to do.
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compare/compare.hpp"
#include "report/pen.hpp"
#include "report/percent.hpp"

namespace locksmith::compare {
namespace {

using report::Pen;
namespace paint = report::paint;

std::string headline(const Report& report) {
  const std::string slugs = named_slugs(report);
  switch (report.outcome) {
    case Outcome::proved:
      return fmt::format("This makes BAD fail: {}", slugs);
    case Outcome::only:
      return fmt::format("The one difference: {}", slugs);
    case Outcome::probable:
      return fmt::format("Probably: {}", slugs);
    case Outcome::undetermined:
      return "Which difference it is has not been determined.";
    case Outcome::same:
      return "The requests are the same: it is something else.";
    case Outcome::contradicted:
      return "Nothing to compare: one must work and the other be refused.";
    case Outcome::unreachable:
      return "Not reached";
  }
  return {};
}

void write_side(Pen& pen, std::string_view name, const Summary& side) {
  std::string what = fmt::format("{}: {} {}", side.label, side.method, side.url);
  if (side.status) what += fmt::format(" → {}", side.status);
  pen.paragraph(fmt::format("  {:<6}", name), what);
  pen.paragraph("        ", side.key.empty() ? "no key" : side.key, {.code = paint::dim});
}

// What was proved needs no probability.
std::string mark_of(const Report& report, std::size_t i) {
  const bool named = std::ranges::find(report.named, i) != report.named.end();
  std::string share;
  if (report.outcome == Outcome::proved) {
    share = named ? "  →" : "";
  } else if (report.differences.size() > 1) {
    share = report::percent(report.differences[i].probability);
  }
  return fmt::format("{:>6}  ", share);
}

void write_differences(Pen& pen, const Report& report) {
  if (report.differences.empty()) return;
  pen.heading(report.differences.size() > 1 ? "Differences, likeliest first" : "Difference");
  for (std::size_t i = 0; i < report.differences.size(); ++i) {
    const Difference& d = report.differences[i];
    pen.paragraph(mark_of(report, i), info(d.kind).slug, {.code = paint::bold});
    pen.paragraph("        ", d.text);
    const auto most = static_cast<std::ptrdiff_t>(std::min<std::size_t>(d.causes.size(), 4));
    const std::vector<std::string_view> causes(d.causes.begin(), d.causes.begin() + most);
    const std::string where = fmt::format("{} · speaks for {}", d.place, fmt::join(causes, ", "));
    pen.paragraph("        ", where, {.code = paint::dim});
  }
}

void write_answer(Pen& pen, const Report& report) {
  if (report.suspects.empty()) return;
  pen.heading("What BAD's answer says");
  for (std::size_t i = 0; i < report.suspects.size() && i < 3; ++i) {
    const Suspect& suspect = report.suspects[i];
    if (i > 0 && suspect.probability < 0.03) break;
    pen.paragraph(fmt::format("{:>6}  ", report::percent(suspect.probability)),
                  fmt::format("{}: {}", suspect.cause, suspect.sentence));
  }
}

void write_left_out(Pen& pen, const Report& report, bool verbose) {
  if (report.left_out.empty()) return;
  pen.heading("Left out");
  std::vector<std::string_view> names;
  for (const LeftOut& left_out : report.left_out) {
    names.push_back(left_out.name);
    if (verbose) pen.paragraph("  • ", fmt::format("{}: {}", left_out.name, left_out.reason));
  }
  if (!verbose)
    pen.paragraph("  ", fmt::format("{}", fmt::join(names, ", ")), {.code = paint::dim});
}

void write_list(Pen& pen, std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return;
  pen.heading(heading);
  for (const std::string& item : items) pen.paragraph("  • ", item);
}

void write_requests(Pen& pen, const Report& report) {
  if (report.requests.empty()) {
    pen.blank();
    pen.paragraph("", report.offline ? "No request was sent (offline)." : "No request was sent.",
                  {.code = paint::dim});
    return;
  }
  pen.heading(fmt::format("Sent {}", base::count_of(report.requests.size(), "request")));
  for (const Trial& trial : report.requests) {
    const std::string status = trial.status ? std::to_string(trial.status) : "no answer";
    pen.paragraph("  ", fmt::format("{} {} → {}: {}", trial.method, trial.url, status, trial.what));
  }
}

}  // namespace

std::string named_slugs(const Report& report) {
  std::vector<std::string_view> slugs;
  for (const std::size_t i : report.named) slugs.push_back(info(report.differences[i].kind).slug);
  return fmt::format("{}", fmt::join(slugs, ", "));
}

std::string as_text(const Report& report, const report::TextStyle& style) {
  Pen pen(style.color, style.width);
  const bool named = is_named(report.outcome);
  pen.paragraph(named ? "✓ " : "? ", headline(report),
                {.mark_code = named ? paint::green : paint::yellow, .code = paint::bold});
  for (const std::size_t i : report.named) pen.paragraph("  ", report.differences[i].text);
  for (const std::string& conclusion : report.conclusions) pen.paragraph("  ", conclusion);
  if (report.error) {
    pen.paragraph("  ", report.error->message + ".");
    if (!report.error->hint.empty()) pen.paragraph("  hint: ", report.error->hint);
  }
  if (!report.good.label.empty()) {
    pen.blank();
    write_side(pen, "GOOD", report.good);
    write_side(pen, "BAD", report.bad);
  }
  const bool told_already = report.differences.size() == 1 && named && !style.verbose;
  if (!told_already) write_differences(pen, report);
  write_answer(pen, report);
  write_list(pen, "Besides", report.circumstances);
  write_left_out(pen, report, style.verbose);
  write_list(pen, "Look next", report.look_next);
  write_requests(pen, report);
  for (const std::string& note : report.notes) pen.paragraph("note: ", note);
  if (named) {
    const auto cause = report.differences[report.named.front()].causes.front();
    pen.paragraph("", fmt::format("More: locksmith explain {}", cause), {.code = paint::dim});
  }
  return pen.take();
}

}  // namespace locksmith::compare

// The comparison for a terminal: the difference first, then how it was found, then what to do.
#include <fmt/format.h>

#include <algorithm>

#include "compare/compare.hpp"

namespace locksmith::compare {
namespace {

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

class Page {
 public:
  explicit Page(const report::TextStyle& style) : style_(style) {}

  std::string paint(std::string_view code, std::string_view text) const {
    return style_.color && !code.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  void line(std::string_view text = {}) { out_.append(text).append("\n"); }
  void heading(std::string_view text) {
    line();
    line(paint("1", text));
  }
  // `first` stands before the first line, `indent` blanks before the others.
  void paragraph(std::string_view text, std::size_t indent, std::string first = {}, std::string_view code = {}) {
    std::string row = first.empty() ? std::string(indent, ' ') : std::move(first);
    std::size_t used = indent;
    std::string words;
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find(' ', start), text.size());
      const std::string_view word = text.substr(start, end - start);
      if (!words.empty() && used + 1 + columns(word) > style_.width) {
        line(row + paint(code, words));
        row.assign(indent, ' ');
        words.clear();
        used = indent;
      }
      if (!words.empty()) words += ' ', ++used;
      words += word;
      used += columns(word);
      start = end + 1;
    }
    line(row + paint(code, words));
  }
  std::string text() && { return std::move(out_); }

 private:
  const report::TextStyle& style_;
  std::string out_;
};

std::string headline(const Report& report) {
  const auto kind = [&](std::size_t i) { return info(report.differences[i].kind).slug; };
  switch (report.outcome) {
    case Outcome::proved: {
      std::vector<std::string_view> slugs;
      for (const std::size_t i : report.named) slugs.push_back(kind(i));
      return fmt::format("This makes BAD fail: {}", fmt::join(slugs, ", "));
    }
    case Outcome::only: return fmt::format("The one difference: {}", kind(report.named.front()));
    case Outcome::probable: return fmt::format("Probably: {}", kind(report.named.front()));
    case Outcome::undetermined: return "Which difference it is has not been determined.";
    case Outcome::same: return "The requests are the same: it is something else.";
    case Outcome::contradicted: return "There is nothing to compare: the one must work and the other be refused.";
    case Outcome::unreachable: return "Not reached";
  }
  return {};
}

void write_side(Page& page, std::string_view name, const Summary& side) {
  std::string what = fmt::format("{}: {} {}", side.label, side.method, side.url);
  if (side.status) what += fmt::format(" → {}", side.status);
  page.paragraph(what, 8, fmt::format("  {:<6}", name));
  page.paragraph(side.key.empty() ? "no key" : side.key, 8, {}, "2");
}

std::string share_of(const Difference& d) {
  return d.probability < 0.01 ? "<1 %" : fmt::format("{:.0f} %", std::min(d.probability * 100, 99.0));
}

void write_differences(Page& page, const Report& report) {
  if (report.differences.empty()) return;
  const bool several = report.differences.size() > 1;
  page.heading(several ? "Differences, likeliest first" : "Difference");
  for (std::size_t i = 0; i < report.differences.size(); ++i) {
    const Difference& d = report.differences[i];
    const bool named = std::ranges::find(report.named, i) != report.named.end();
    // What was proved needs no probability.
    const std::string share = report.outcome == Outcome::proved ? named ? "→" : "" : several ? share_of(d) : "";
    const std::size_t used = columns(share);
    page.line(fmt::format("{}{}  {}", std::string(used < 6 ? 6 - used : 0, ' '), share, page.paint("1", info(d.kind).slug)));
    page.paragraph(d.text, 8);
    std::vector<std::string_view> causes(d.causes.begin(), d.causes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(d.causes.size(), 4)));
    page.paragraph(fmt::format("{} · speaks for {}", d.place, fmt::join(causes, ", ")), 8, {}, "2");
  }
}

void write_answer(Page& page, const Report& report) {
  if (report.suspects.empty()) return;
  page.heading("What BAD's answer says");
  for (std::size_t i = 0; i < report.suspects.size() && i < 3; ++i) {
    const Suspect& suspect = report.suspects[i];
    if (i > 0 && suspect.probability < 0.03) break;
    page.paragraph(fmt::format("{}: {}", suspect.cause, suspect.sentence), 8, fmt::format("{:>4.0f} %  ", std::min(suspect.probability * 100, 99.0)));
  }
}

void write_left_out(Page& page, const Report& report, bool verbose) {
  if (report.left_out.empty()) return;
  page.heading("Left out");
  if (verbose) {
    for (const LeftOut& left_out : report.left_out) page.paragraph(fmt::format("{}: {}", left_out.name, left_out.reason), 4, "  ");
    return;
  }
  std::vector<std::string_view> names;
  for (const LeftOut& left_out : report.left_out) names.push_back(left_out.name);
  page.paragraph(fmt::format("{}", fmt::join(names, ", ")), 2, {}, "2");
}

void write_list(Page& page, std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return;
  page.heading(heading);
  for (const std::string& item : items) page.paragraph(item, 4, "  • ");
}

void write_requests(Page& page, const Report& report) {
  page.line();
  if (report.requests.empty()) {
    page.line(page.paint("2", report.offline ? "No request was sent (offline)." : "No request was sent."));
    return;
  }
  page.line(page.paint("1", fmt::format("Sent {} request{}", report.requests.size(), report.requests.size() == 1 ? "" : "s")));
  for (const Trial& trial : report.requests) {
    const std::string status = trial.status ? std::to_string(trial.status) : "no answer";
    page.paragraph(fmt::format("{} {} → {}: {}", trial.method, trial.url, status, trial.what), 6, "    ");
  }
}

}  // namespace

std::string as_text(const Report& report, const report::TextStyle& style) {
  Page page(style);
  const bool named = is_named(report.outcome);
  const std::string_view code = named ? "32" : "33";
  page.line(fmt::format("{} {}", page.paint(code, named ? "✓" : "?"), page.paint("1", headline(report))));
  for (const std::size_t i : report.named) page.paragraph(report.differences[i].text, 2);
  for (const std::string& conclusion : report.conclusions) page.paragraph(conclusion, 2);
  if (report.error) {
    page.paragraph(report.error->message + ".", 2);
    if (!report.error->hint.empty()) page.paragraph("hint: " + report.error->hint, 2);
  }
  page.line();
  write_side(page, "GOOD", report.good);
  write_side(page, "BAD", report.bad);
  const bool told_already = report.differences.size() == 1 && named && !style.verbose;
  if (!told_already) write_differences(page, report);
  write_answer(page, report);
  write_list(page, "Besides", report.circumstances);
  write_left_out(page, report, style.verbose);
  write_list(page, "Look next", report.look_next);
  write_requests(page, report);
  for (const std::string& note : report.notes) page.paragraph(note, 6, "note: ");
  if (named && !report.differences[report.named.front()].causes.empty()) {
    page.line(page.paint("2", fmt::format("More: locksmith explain {}", report.differences[report.named.front()].causes.front())));
  }
  return std::move(page).text();
}

}  // namespace locksmith::compare

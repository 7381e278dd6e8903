// What was found, for people: one key in full, several as a table.
#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "check/check.hpp"
#include "report/pen.hpp"

namespace locksmith::check {
namespace {

using report::Pen;
namespace paint = report::paint;

std::string words(std::string_view kind) {
  std::string out(kind);
  std::ranges::replace(out, '-', ' ');
  return out;
}

std::string title(const Checked& c) {
  if (c.provider && c.kind) return fmt::format("{}, {}", c.provider->name, words(c.kind->kind));
  if (c.kind)
    return fmt::format("{}, of one of {} providers", words(c.kind->kind), c.candidates.size());
  const std::string kind = c.jwt ? "a JSON Web Token" : "";
  if (c.provider) return fmt::format("{}{}{}", c.provider->name, c.jwt ? ", " : "", kind);
  return c.jwt ? kind : "not known whose";
}

std::string expiry(const Checked& c, base::Time now) {
  if (!c.told.expires) return c.told.never_expires ? "never" : "";
  const base::Time at = *c.told.expires;
  return fmt::format("{}, {}", base::format_rfc3339(at),
                     at > now ? "in " + base::format_duration(at - now)
                              : base::format_duration(now - at) + " ago");
}

std::string left(const Limit& limit, base::Time now) {
  std::string text = limit.total
                         ? fmt::format("{} of {} requests left", limit.remaining, *limit.total)
                         : fmt::format("{} requests left", limit.remaining);
  if (limit.resets && *limit.resets > now)
    text += fmt::format(", anew in {}", base::format_duration(*limit.resets - now));
  return text;
}

void write_facts(Pen& pen, const Checked& c, base::Time now) {
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) pen.paragraph(fmt::format("  {:<12} ", name), text);
  };
  line("environment", c.environment);
  line("owner", fmt::format("{}", fmt::join(c.told.owner, ", ")));
  line("name", c.told.name);
  if (c.told.scopes)
    line("scopes",
         c.told.scopes->empty() ? "none" : fmt::format("{}", fmt::join(*c.told.scopes, ", ")));
  std::string until = expiry(c, now);
  if (!until.empty() && !c.expires_says.empty() && c.told.expires)
    until += fmt::format(" (says {})", c.expires_says);
  line("expires", until);
  if (c.told.limit) line("limit", left(*c.told.limit, now));
}

void write_remarks(Pen& pen, const Checked& c) {
  for (const Remark& remark : c.remarks) {
    const bool bad = remark.tone == Remark::Tone::bad, good = remark.tone == Remark::Tone::good;
    pen.paragraph(bad    ? "  ! "
                  : good ? "  + "
                         : "  - ",
                  remark.text,
                  {.mark_code = bad    ? paint::bold_red
                                : good ? paint::green
                                       : paint::dim});
  }
}

std::string offline_words(const Checked& c) {
  const std::string who = c.provider ? std::string(c.provider->name) : "its provider";
  const std::string only = fmt::format("whether it is still accepted only {} can say", who);
  switch (c.whole) {
    case Whole::yes:
      return c.has_fault() ? "Not usable as it is." : fmt::format("Whole; {}.", only);
    case Whole::no:
      return "Not usable as it is.";
    case Whole::unknown:
      return c.has_fault() ? "Not usable as it is." : "Cannot tell whether it is whole.";
  }
  return {};
}

std::string conclusion(const Checked& c) {
  const std::string who = c.provider ? std::string(c.provider->name) : "the provider";
  switch (c.live) {
    case Live::accepted:
      return c.has_fault() ? fmt::format("{} accepts it, without what is wrong above.", who)
                           : fmt::format("{} accepts it.", who);
    case Live::limited:
      return fmt::format("{} knows it and refuses this request alone (status {}): {}", who,
                         c.status, c.diagnosis);
    case Live::refused:
      return fmt::format("{} refuses it (status {}): {}", who, c.status, c.diagnosis);
    case Live::unclear:
      return fmt::format("{} says nothing of the key (status {}): {}", who, c.status, c.diagnosis);
    case Live::unreachable:
      return fmt::format("Nothing answered: {}.", c.diagnosis);
    case Live::not_asked:
      break;
  }
  return offline_words(c);
}

std::string_view color_of(const Checked& c) {
  const int code = exit_code(c);
  return code == 0 ? paint::green : code == 1 ? paint::bold_red : paint::yellow;
}

}  // namespace

std::string verdict(const Checked& c) {
  const std::string stuck = c.has_fault() && c.live == Live::accepted ? ", once mended" : "";
  switch (c.live) {
    case Live::accepted:
      return "accepted" + stuck;
    case Live::limited:
      return "accepted, limited";
    case Live::refused:
      return c.cause.empty() ? fmt::format("refused ({})", c.status)
                             : fmt::format("refused: {}", c.cause);
    case Live::unclear:
      return fmt::format("unclear ({})", c.status);
    case Live::unreachable:
      return "unreachable";
    case Live::not_asked:
      break;
  }
  if (c.has_fault()) return "broken";
  return c.whole == Whole::yes ? "whole" : "cannot tell";
}

int exit_code(const Checked& c) {
  constexpr int fine = 0, wrong = 1, cannot_tell = 3, unreachable = 4;
  if (c.has_fault() || c.whole == Whole::no || c.live == Live::refused) return wrong;
  if (c.live == Live::unreachable) return unreachable;
  if (c.live == Live::unclear) return cannot_tell;
  if (c.live == Live::accepted || c.live == Live::limited) return fine;
  return c.whole == Whole::yes ? fine : cannot_tell;
}

int exit_code(const std::vector<Checked>& all) {
  constexpr int by_weight[] = {1, 4, 3, 0};
  for (const int code : by_weight) {
    if (std::ranges::any_of(all, [&](const Checked& c) { return exit_code(c) == code; }))
      return code;
  }
  return 0;
}

std::string as_text(const Checked& c, const TextStyle& style, base::Time now) {
  Pen pen(style.color, style.width);
  pen.paragraph("", fmt::format("{}, {}", c.fingerprint, c.where), {.code = paint::bold});
  pen.paragraph("  ", title(c));
  pen.blank();
  write_remarks(pen, c);
  write_facts(pen, c, now);
  if (!c.remarks.empty()) pen.blank();
  pen.paragraph("", conclusion(c), {.code = color_of(c)});
  if (!c.asked.empty())
    pen.paragraph("  ", fmt::format("asked: {}", c.asked), {.code = paint::dim});
  if (!c.not_asked_because.empty())
    pen.paragraph("  ", fmt::format("not asked: {}", c.not_asked_because), {.code = paint::dim});
  if (!c.hint.empty()) pen.paragraph("  ", c.hint, {.code = paint::dim});
  if ((c.live == Live::refused || c.live == Live::limited) && c.provider &&
      !c.provider->whoami.note.empty())
    pen.paragraph("  ", fmt::format("about this request: {}", c.provider->whoami.note),
                  {.code = paint::dim});
  return pen.take();
}

std::string as_table(const std::vector<Checked>& all, const TextStyle& style, base::Time now) {
  Pen pen(style.color, style.width);
  std::vector<std::vector<std::string>> rows{
      {"KEY", "WHERE", "WHAT", "ENVIRONMENT", "EXPIRES", "VERDICT"}};
  for (const Checked& c : all) {
    rows.push_back({c.fingerprint, c.where, title(c), c.environment.empty() ? "-" : c.environment,
                    expiry(c, now).empty() ? "-" : expiry(c, now), verdict(c)});
  }
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], report::columns(row[i]));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const bool last = i + 1 == rows[r].size();
      const std::string_view code = r == 0 ? paint::bold
                                    : last ? color_of(all[r - 1])
                                           : paint::none;
      out += pen.painted(code, rows[r][i]);
      if (!last) out.append(widths[i] - report::columns(rows[r][i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace locksmith::check

// All that the catalogue knows of one provider or intermediary, for a terminal.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/known.hpp"
#include "report/pen.hpp"

namespace locksmith::report {
namespace {

using catalogue::Condition;
using catalogue::KeyKind;
using catalogue::Provider;
using catalogue::Refusal;

std::string joined(catalogue::Strings texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

// At column 2, with `text` behind it from column `at` on.
void row(Pen& pen, std::string_view label, std::size_t at, std::string_view text,
         std::string_view code = paint::none) {
  std::string mark = "  " + base::printable(label);
  if (const std::size_t used = columns(mark); used < at) mark.append(at - used, ' ');
  pen.paragraph(mark, text, {.mark_code = code, .code = code});
}

void text_at(Pen& pen, std::size_t indent, std::string_view text,
             std::string_view code = paint::none) {
  pen.paragraph(std::string(indent, ' '), text, {.code = code});
}

void write_title(Pen& pen, std::string_view name, std::string_view slug) {
  pen.paragraph("", fmt::format("{} ({})", name, slug), {.code = paint::bold});
}

void write_hosts(Pen& pen, const Provider& provider) {
  text_at(pen, 2, provider.hosts.empty() ? "self-hosted" : joined(provider.hosts));
  for (const catalogue::HostEnvironment& environment : provider.environments) {
    row(pen, fmt::format("{}: ", environment.name), 2,
        environment.hosts.empty() ? "any of these hosts" : joined(environment.hosts));
  }
}

void write_placements(Pen& pen, const Provider& provider) {
  if (provider.placements.empty()) return;
  pen.heading("How it takes keys");
  for (const catalogue::Placement& placement : provider.placements) {
    std::string text = where(placement);
    if (!placement.kinds.empty()) text += fmt::format(" ({})", joined(placement.kinds));
    row(pen, "• ", 4, text);
    pen.command(key_command(provider, placement));
    if (!placement.note.empty()) text_at(pen, 4, placement.note, paint::dim);
  }
}

void write_companions(Pen& pen, const Provider& provider) {
  if (provider.companions.empty()) return;
  pen.heading("What must go with it");
  for (const catalogue::Companion& companion : provider.companions) {
    std::string text = fmt::format("{} {}", credential::to_string(companion.place), companion.name);
    if (!companion.example.empty()) text += fmt::format(": {}", companion.example);
    if (!companion.when.empty()) text += fmt::format(", below {}", companion.when);
    text_at(pen, 2, fmt::format("{}; without it: {}", text, companion.cause));
    text_at(pen, 4, companion.source, paint::dim);
  }
}

void write_key(Pen& pen, const KeyKind& key) {
  std::string facts(key.role);
  if (!key.environment.empty()) facts += fmt::format(", {}", key.environment);
  if (key.checksum != credential::Checksum::none) facts += ", with a checksum";
  if (!key.distinctive) facts += ", other vendors' keys look the same";
  row(pen, fmt::format("{}  ", key.kind), 24, facts);
  text_at(pen, 4, key.shape);
  if (!key.accepted) {
    text_at(pen, 4,
            key.instead.empty() ? "not accepted"
                                : fmt::format("not accepted; instead: {}", key.instead));
  }
  text_at(pen, 4, key.source, paint::dim);
}

void write_keys(Pen& pen, const Provider& provider, bool accepted, std::string_view heading) {
  const auto belongs = [&](const KeyKind& key) { return key.accepted == accepted; };
  if (!std::ranges::any_of(provider.keys, belongs)) return;
  pen.heading(heading);
  for (const KeyKind& key : provider.keys) {
    if (belongs(key)) write_key(pen, key);
  }
}

void write_whoami(Pen& pen, const catalogue::Whoami& whoami) {
  if (whoami.url.empty()) return;
  pen.heading("The request that a good key answers");
  text_at(pen, 2, fmt::format("{} {}", whoami.method, whoami.url));
  if (!whoami.note.empty()) text_at(pen, 4, whoami.note);
  text_at(pen, 4, whoami.source, paint::dim);
}

std::string statuses(const Refusal& refusal) {
  return refusal.statuses.empty() ? "any" : fmt::format("{}", fmt::join(refusal.statuses, ", "));
}

std::string matched(const Refusal& refusal) {
  std::vector<std::string> conditions;
  for (const Condition& condition : refusal.when) conditions.push_back(condition_text(condition));
  return conditions.empty() ? "whatever it holds"
                            : fmt::format("{}", fmt::join(conditions, " and "));
}

std::string meaning(const Refusal& refusal, const catalogue::Catalogue& catalogue) {
  std::string out;
  if (!refusal.answer.empty()) {
    out = refusal.answer;
    if (const catalogue::Answer* answer = catalogue.answer(refusal.answer)) {
      out += fmt::format(" (“{}”)", answer->says);
    }
  }
  std::vector<catalogue::Weight> weights(refusal.weights.begin(), refusal.weights.end());
  std::ranges::stable_sort(weights, std::greater(), &catalogue::Weight::decibans);
  for (const catalogue::Weight& weight : weights) {
    out += fmt::format("{}{} {:+g} dB", out.empty() ? "" : ", ", weight.cause,
                       std::round(weight.decibans * 10) / 10);
  }
  return out;
}

void write_refusals(Pen& pen, std::span<const Refusal> refusals,
                    const catalogue::Catalogue& catalogue) {
  if (refusals.empty()) return;
  pen.heading("What its refusals mean (the first that fits counts)");
  std::size_t widest = columns("status");
  for (const Refusal& refusal : refusals) widest = std::max(widest, columns(statuses(refusal)));
  const std::size_t at = 2 + std::min<std::size_t>(widest, 13) + 2;
  row(pen, "status", at, "what is matched → what it means; source", paint::dim);
  for (const Refusal& refusal : refusals) {
    row(pen, statuses(refusal), at, matched(refusal));
    pen.paragraph(std::string(at, ' ') + "→ ", meaning(refusal, catalogue));
    if (!refusal.note.empty()) text_at(pen, at + 2, refusal.note);
    if (!refusal.look_next.empty())
      text_at(pen, at + 2, "Look next: " + std::string(refusal.look_next));
    std::string source(refusal.source);
    if (!refusal.checked.empty()) source += fmt::format(" ({})", refusal.checked);
    text_at(pen, at + 2, source, paint::dim);
  }
}

void write_list(Pen& pen, std::string_view heading, catalogue::Strings items) {
  if (items.empty()) return;
  pen.heading(heading);
  for (const std::string_view item : items) row(pen, "• ", 4, item);
}

void write_recognise(Pen& pen, std::span<const Condition> conditions) {
  if (conditions.empty()) return;
  pen.heading("Recognised by any of these");
  for (const Condition& condition : conditions) row(pen, "• ", 4, condition_text(condition));
}

void write_variables(Pen& pen, const Provider& provider) {
  if (provider.variables.empty() && provider.base_url_variables.empty()) return;
  pen.heading("Variables that its clients read");
  if (!provider.variables.empty()) row(pen, "key", 12, joined(provider.variables));
  if (!provider.base_url_variables.empty()) {
    row(pen, "base URL", 12, joined(provider.base_url_variables));
  }
}

void write_pages(Pen& pen, const catalogue::Pages& pages) {
  if (pages.keys.empty() && pages.docs.empty() && pages.status.empty()) return;
  pen.heading("Pages");
  if (!pages.keys.empty()) row(pen, "keys", 10, pages.keys);
  if (!pages.docs.empty()) row(pen, "docs", 10, pages.docs);
  if (!pages.status.empty()) row(pen, "status", 10, pages.status);
}

}  // namespace

std::string condition_text(const Condition& condition) {
  const auto [what, name, text] = condition;
  switch (what) {
    case Condition::What::body:
      return fmt::format("body holds \"{}\"", text);
    case Condition::What::host:
      return fmt::format("host is {}", text);
    case Condition::What::path:
      return fmt::format("path starts with {}", text);
    case Condition::What::pointer:
      return text.empty() ? fmt::format("{} is there", name)
                          : fmt::format("{} = \"{}\"", name, text);
    case Condition::What::header:
      return text.empty() ? fmt::format("header {} is there", name)
                          : fmt::format("header {} holds \"{}\"", name, text);
    case Condition::What::request_header:
      return text.empty() ? fmt::format("request header {} was sent", name)
                          : fmt::format("request header {} holds \"{}\"", name, text);
  }
  return {};
}

std::string as_text(const Provider& provider, const catalogue::Catalogue& catalogue,
                    const TextStyle& style) {
  Pen pen(style.color, style.width);
  write_title(pen, provider.name, provider.slug);
  write_hosts(pen, provider);
  write_recognise(pen, provider.recognise);
  write_placements(pen, provider);
  write_companions(pen, provider);
  write_keys(pen, provider, true, "Keys");
  write_keys(pen, provider, false, "Look-alikes that it does not accept");
  write_whoami(pen, provider.whoami);
  write_refusals(pen, provider.refusals, catalogue);
  write_list(pen, "Worth knowing", provider.quirks);
  write_variables(pen, provider);
  write_pages(pen, provider.pages);
  return pen.take();
}

std::string as_text(const catalogue::Intermediary& intermediary,
                    const catalogue::Catalogue& catalogue, const TextStyle& style) {
  Pen pen(style.color, style.width);
  write_title(pen, intermediary.name, intermediary.slug);
  text_at(pen, 2, fmt::format("an intermediary: {}", intermediary.kind));
  write_recognise(pen, intermediary.recognise);
  write_refusals(pen, intermediary.refusals, catalogue);
  write_list(pen, "Worth knowing", intermediary.quirks);
  return pen.take();
}

}  // namespace locksmith::report

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/pen.hpp"
#include "report/whereabouts.hpp"
#include "whereabouts/environment.hpp"

namespace locksmith::report {
namespace {

using whereabouts::Holds;
using whereabouts::Outcome;
using whereabouts::Place;
using whereabouts::Tick;

std::string joined(const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : notes) out += (out.empty() ? "" : "; ") + note;
  return out;
}

// What stands in the first column, eight wide.
std::string value_of(const Place& place) {
  switch (place.holds) {
    case Holds::value:
      return whereabouts::mark_of(place.value);
    case Holds::nothing:
      return "empty";
    case Holds::reference:
      return "→";
    case Holds::unknown:
      return "?";
  }
  return "";
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t taken = columns(text);
  return taken < width ? text + std::string(width - taken, ' ') : text;
}

std::string short_age(const Place& place, base::Time now) {
  return place.since ? base::format_duration(std::max(now - *place.since, base::Time::duration(0)))
                     : "";
}

class Writer {
 public:
  Writer(const Survey& survey, const SurveyStyle& style)
      : survey_(survey), style_(style), pen_(style.color, style.width) {}

  std::string text() {
    for (const Variable& variable : survey_.variables) {
      pen_.heading(base::printable(variable.name));
      write_verdict(variable);
      if (!variable.places.empty()) pen_.blank();
      write_places(variable);
      if (!style_.checklist) write_legend(variable);
      pen_.blank();
    }
    write_left_out();
    return pen_.take();
  }

 private:
  void write_verdict(const Variable& variable) {
    const Outcome outcome = variable.verdict.outcome;
    const bool agree = outcome == Outcome::agree;
    const auto code = agree                           ? paint::green
                      : outcome == Outcome::not_found ? paint::yellow
                                                      : paint::bold_red;
    const char* mark = agree ? "✓ " : outcome == Outcome::not_found ? "? " : "✗ ";
    if (style_.checklist && survey_.replacement) return write_progress(variable);
    pen_.paragraph(mark, variable.verdict.text, {code, paint::none});
  }

  void write_progress(const Variable& variable) {
    std::size_t done = 0, all = 0;
    for (const Place& place : variable.places) {
      const Tick tick = whereabouts::tick(place, *survey_.replacement);
      done += tick == Tick::done;
      all += tick != Tick::elsewhere;
    }
    const bool ready = done == all && all > 0;
    pen_.paragraph(ready ? "✓ " : "· ",
                   fmt::format("{} of {} have the new value, {}", done,
                               base::count_of(all, "place"), survey_.replacement->fingerprint()),
                   {ready ? paint::green : paint::yellow, paint::none});
  }

  std::string box_of(const Place& place) const {
    if (!survey_.replacement) return place.holds == Holds::reference ? "[ ] see " : "[ ] ";
    switch (whereabouts::tick(place, *survey_.replacement)) {
      case Tick::done:
        return "[x] ";
      case Tick::open:
        return "[ ] ";
      case Tick::elsewhere:
        return "[?] ";
    }
    return "";
  }

  void write_places(const Variable& variable) {
    std::optional<whereabouts::Consumer> consumer;
    const auto values = variable.values();
    const auto here = std::ranges::find_if(variable.places, [](const Place& place) {
      return place.holds == Holds::value && place.environment.empty();
    });
    const base::Secret usual = here != variable.places.end() ? here->value
                               : values.empty()              ? base::Secret()
                                                             : values.front();
    for (const Place& place : variable.places) {
      // A placeholder is not replaced; a key in an example is noted, and is.
      if (style_.checklist && place.environment == whereabouts::example && place.notes.empty())
        continue;
      if (consumer != place.consumer)
        pen_.paragraph("  ", whereabouts::title_of(place.consumer), {paint::none, paint::bold});
      consumer = place.consumer;
      style_.checklist ? write_task(place) : write_place(place, usual);
    }
  }

  void write_place(const Place& place, const base::Secret& usual) {
    constexpr std::size_t value_width = 10, age_width = 12;
    const bool first = place.holds == Holds::value && place.value == usual;
    const bool apart = place.holds != Holds::value || !place.environment.empty();
    const auto code = first ? paint::green : apart ? paint::dim : paint::red;
    pen_.paragraph("    " + padded(value_of(place), value_width) +
                       padded(short_age(place, survey_.now), age_width),
                   place.where(), {code, paint::none});
    const std::string margin(4 + value_width + age_width, ' ');
    for (const std::string& note : place.notes)
      pen_.paragraph(margin, base::printable(note), {paint::none, paint::dim});
  }

  void write_task(const Place& place) {
    const std::string notes = place.holds == Holds::value || place.notes.empty()
                                  ? ""
                                  : ": " + base::printable(joined(place.notes));
    const std::string what =
        place.consumer == whereabouts::Consumer::process ? "restart " + place.where()
        : place.consumer == whereabouts::Consumer::shell ? "set it anew in this shell"
                                                         : place.where() + notes;
    pen_.paragraph("    " + box_of(place), what);
  }

  void write_legend(const Variable& variable) {
    const auto values = variable.values();
    if (values.empty()) return;
    pen_.blank();
    for (const base::Secret& value : values)
      pen_.paragraph("    ", whereabouts::mark_of(value) + " = " + value.fingerprint(),
                     {paint::none, paint::dim});
  }

  void write_left_out() {
    std::string told;
    if (survey_.closed_processes > 0)
      told = fmt::format("processes of others, into which one may not look: {} of {}",
                         survey_.closed_processes, survey_.processes);
    if (!survey_.skipped.empty())
      told +=
          fmt::format("{}{} could not be read{}", told.empty() ? "" : "; ",
                      base::count_of(survey_.skipped.size(), "file or folder", "files or folders"),
                      style_.verbose ? ":" : " (--verbose lists them)");
    if (told.empty()) return;
    pen_.paragraph("", told, {paint::none, paint::dim});
    if (!style_.verbose) return;
    for (const whereabouts::Skipped& skipped : survey_.skipped)
      pen_.paragraph("  ", fmt::format("{}: {}", base::printable(skipped.path), skipped.reason));
  }

  const Survey& survey_;
  const SurveyStyle& style_;
  Pen pen_;
};

}  // namespace

std::vector<base::Secret> Variable::values() const {
  std::vector<base::Secret> values;
  for (const Place& place : places) {
    const bool compared = place.holds == Holds::value && place.environment != whereabouts::example;
    if (compared && std::ranges::find(values, place.value) == values.end())
      values.push_back(place.value);
  }
  return values;
}

Survey survey(whereabouts::Whereabouts found, const std::vector<std::string>& names,
              base::Time now) {
  Survey survey{.variables = {},
                .skipped = std::move(found.skipped),
                .processes = found.processes,
                .closed_processes = found.closed_processes,
                .replacement = {},
                .now = now};
  for (const std::string& name : names) {
    Variable variable{.name = name, .places = {}, .verdict = {}};
    for (Place& place : found.places) {
      if (place.name == name) variable.places.push_back(std::move(place));
    }
    variable.verdict = whereabouts::verdict(variable.places, now);
    survey.variables.push_back(std::move(variable));
  }
  return survey;
}

std::string to_text(const Survey& survey, const SurveyStyle& style) {
  return Writer(survey, style).text();
}

}  // namespace locksmith::report

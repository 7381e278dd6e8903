// The comparison to paste into an issue.
#include <fmt/format.h>

#include <algorithm>

#include "compare/compare.hpp"

namespace locksmith::compare {
namespace {

// Names and paths come from servers and files: nothing of them may start markup or end a cell.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>|#").contains(c)) out += '\\';
    out += c;
  }
  return out;
}

std::string headline(const Report& report) {
  const std::string names = fmt::format("`{}`", named_slugs(report));
  switch (report.outcome) {
    case Outcome::proved:
      return names + " makes BAD fail";
    case Outcome::only:
      return names + " is the one difference";
    case Outcome::probable:
      return "Probably " + names;
    case Outcome::undetermined:
      return "Which difference it is has not been determined";
    case Outcome::same:
      return "The requests are the same";
    case Outcome::contradicted:
      return "Nothing to compare";
    case Outcome::unreachable:
      return "Not reached";
  }
  return names;
}

}  // namespace

std::string as_markdown(const Report& report) {
  std::string out = fmt::format("### {}\n\n", headline(report));
  for (const std::string& conclusion : report.conclusions) out += plain(conclusion) + "\n";
  if (report.error)
    out += fmt::format("{}. {}\n", plain(report.error->message), plain(report.error->hint));
  out += "\n| | request | answer | key |\n| --- | --- | --- | --- |\n";
  for (const auto& [name, side] :
       {std::pair{"GOOD", &report.good}, std::pair{"BAD", &report.bad}}) {
    out += fmt::format("| {} | {} {} | {} | {} |\n", name, plain(side->method), plain(side->url),
                       side->status ? std::to_string(side->status) : "not known",
                       side->key.empty() ? "none" : plain(side->key));
  }
  if (!report.differences.empty()) out += "\n| difference | what | in |\n| --- | --- | --- |\n";
  for (std::size_t i = 0; i < report.differences.size(); ++i) {
    const Difference& d = report.differences[i];
    const bool named = std::ranges::find(report.named, i) != report.named.end();
    out += fmt::format("| {0}`{1}`{0} | {2} | {3} |\n", named ? "**" : "", info(d.kind).slug,
                       plain(d.text), plain(d.place));
  }
  if (!report.suspects.empty())
    out += fmt::format("\nBAD's answer speaks for `{}` ({:.0f} %).\n", report.suspects[0].cause,
                       report.suspects[0].probability * 100);
  for (const std::string& item : report.circumstances) out += fmt::format("\n- {}", plain(item));
  if (!report.circumstances.empty()) out += "\n";
  if (!report.look_next.empty()) out += "\n**Look next**\n\n";
  for (const std::string& item : report.look_next) out += fmt::format("- {}\n", plain(item));
  if (!report.requests.empty()) out += "\n| sent | answer |\n| --- | --- |\n";
  for (const Trial& trial : report.requests)
    out += fmt::format("| {} | {} |\n", plain(trial.what),
                       trial.status ? std::to_string(trial.status) : "none");
  for (const std::string& note : report.notes) out += fmt::format("\nNote: {}\n", plain(note));
  out += fmt::format("\n<sub>{} request{} sent by `locksmith compare`</sub>\n",
                     report.requests.size(), report.requests.size() == 1 ? "" : "s");
  return out;
}

}  // namespace locksmith::compare

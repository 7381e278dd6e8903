#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/time.hpp"

namespace locksmith::report {
namespace {

// Replaces {name} of a fix line; nullopt when it needs something that is not known here.
std::optional<std::string> fill_in(const Report& report, std::string line) {
  const catalogue::Pages pages = report.provider ? report.provider->pages : catalogue::Pages{};
  const std::array<std::pair<std::string_view, std::string>, 8> values{
      {{"{variable}", report.variable.empty() ? "API_KEY" : report.variable},
       {"{host}", report.host},
       {"{header}", report.header.empty() ? "Authorization" : report.header},
       {"{scheme}", "Bearer"},
       {"{url}", report.url},
       {"{keys_page}", std::string(pages.keys)},
       {"{docs_page}", std::string(pages.docs)},
       {"{status_page}", std::string(pages.status)}}};
  for (const auto& [name, value] : values) {
    for (std::size_t at = line.find(name); at != std::string::npos;
         at = line.find(name, at + value.size())) {
      if (value.empty()) return {};
      line.replace(at, name.size(), value);
    }
  }
  return line;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::cause:
      return "cause";
    case Outcome::undetermined:
      return "undetermined";
    case Outcome::not_refused:
      return "not-refused";
    case Outcome::unreachable:
      return "unreachable";
  }
  return "";
}

std::vector<std::string> fixes(const Report& report, const diagnosis::Candidate& candidate) {
  std::vector<std::string> lines;
  const auto add = [&](std::string line) {
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
  };
  for (const diagnosis::Finding* finding : candidate.evidence_for) {
    if (diagnosis::weight_for(*finding, candidate.cause->slug) < diagnosis::moderate) continue;
    for (const std::string& line : finding->fix) add(line);
  }
  for (const std::string_view line : candidate.cause->fix) {
    if (auto filled = fill_in(report, std::string(line))) add(std::move(*filled));
  }
  return lines;
}

bool is_command(std::string_view fix) {
  // A sentence starts with a capital and ends with a full stop; a shell command does not do both.
  return !(!fix.empty() && fix.front() >= 'A' && fix.front() <= 'Z' && fix.ends_with('.'));
}

std::string retry_advice(const Report& report) {
  if (report.outcome != Outcome::cause && report.outcome != Outcome::undetermined) return {};
  const std::string_view leader = report.diagnosis.leader().cause->slug;
  if (leader == "rate-limited" || leader == "abuse-blocked") {
    return report.retry_after
               ? fmt::format("Retry in {}, not before.", base::format_duration(*report.retry_after))
               : "Retry later, with growing pauses; the server did not say when.";
  }
  if (leader == "provider-outage") return "Retry later: the provider has to mend it.";
  if (leader == "not-yet-active")
    return "Retry in a few minutes: the key needs time to become active.";
  return report.outcome == Outcome::cause ? "Retrying does not help." : "";
}

}  // namespace locksmith::report

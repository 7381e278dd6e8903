// From an outcome to a finding: the table's weights, and what depends on the case.
#include "probe/interpret.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "credential/characters.hpp"
#include "probe/rules.hpp"

namespace locksmith::probe {
namespace {

using diagnosis::clear;
using diagnosis::decisive;
using diagnosis::moderate;
using diagnosis::strong;

void put(std::vector<catalogue::Weight>& weights, std::string_view cause, double decibans) {
  const auto hit = std::ranges::find(weights, cause, &catalogue::Weight::cause);
  if (hit != weights.end()) weights.erase(hit);
  if (decibans != 0) weights.push_back({cause, decibans});
}

std::vector<catalogue::Weight> expand(std::span<const Shift> shifts) {
  std::vector<catalogue::Weight> weights;
  for (const Shift& shift : shifts) {
    for (const std::string_view cause : shift.family) put(weights, cause, shift.decibans);
    if (shift.family.empty()) put(weights, shift.cause, shift.decibans);
  }
  return weights;
}

std::string_view cause_of(credential::Defect defect) {
  using enum credential::Defect;
  switch (defect) {
    case white_space:
      return "whitespace";
    case invisible:
      return "invisible-character";
    case quote:
      return "quoted";
    case unexpanded:
    case null_word:
    case printed_object:
      return "env-unset";
    case placeholder:
      return "placeholder";
    case masked:
    case not_a_key:
      return "malformed";
    case doubled_scheme:
      return "wrong-scheme";
    case url_encoded:
    case non_ascii:
      return "encoding";
  }
  return "malformed";
}

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// An experiment that mends one thing: it worked, it changed nothing, or it uncovered the next
// refusal.
double mended(Outcome outcome) {
  return outcome == Outcome::accepted ? decisive : outcome == Outcome::same ? -moderate : moderate;
}

// What clean() took away, and what a header cannot hold, which the transport leaves out.
void weigh_defects(diagnosis::Finding& finding, Outcome outcome, const inspect::Case& failure) {
  std::string what;
  for (const credential::CharacterFinding& defect :
       credential::find_defects(failure.main->secret())) {
    if (defect.cleaned.empty()) continue;
    what += (what.empty() ? "" : ", ") + defect.what;
    put(finding.weights, cause_of(defect.defect), mended(outcome));
  }
  if (!what.empty())
    finding.text = fmt::format("The key was sent without {}. {}", what, finding.text);
}

bool ends_in_line_break(const inspect::Case& failure) {
  if (!failure.main || failure.main->place != credential::Place::header) return false;
  const std::string& value = failure.main->value.reveal();
  return value.ends_with('\n') || value.ends_with('\r') || value.starts_with('\n') ||
         value.starts_with('\r');
}

void weigh_placement(diagnosis::Finding& finding, Outcome outcome, const http::Request& sent,
                     const inspect::Case& failure) {
  // The same header with another scheme in it is a matter of the scheme.
  const std::string* there = sent.headers.find(failure.main->name);
  const bool same_header = failure.main->place == credential::Place::header && there;
  put(finding.weights, same_header ? "wrong-scheme" : "wrong-header", mended(outcome));
}

// Whether the proxy spoke for itself, or kept the key from an API that then missed it.
void weigh_proxy(diagnosis::Finding& finding, Outcome outcome, const inspect::Case& failure) {
  if (outcome != Outcome::accepted) return;
  const int status = failure.response.status;
  const bool page = failure.response.body.starts_with('<') ||
                    failure.response.headers.get("Content-Type").contains("html");
  if (status == 407) {
    finding.weights = {{"gateway-auth", decisive}};
  } else if (page) {
    finding.weights = {{"gateway-auth", decisive}, {"proxy-stripped", moderate}};
    if (status == 403) put(finding.weights, "waf-blocked", strong);
  } else if (status == 403) {
    put(finding.weights, "ip-blocked", strong);  // the proxy's address instead of one's own
  }
}

// A missing page that is there with the other ending, though refused; or the page that a redirect
// led to.
void weigh_path(diagnosis::Finding& finding, Outcome outcome, const inspect::Case& failure) {
  if (outcome == Outcome::differs && failure.response.status == 404)
    put(finding.weights, "wrong-endpoint", clear);
  if (outcome == Outcome::accepted && failure.response.status / 100 == 3)
    finding.weights = {{"redirect-dropped", decisive}, {"wrong-endpoint", clear}};
}

// Which host it was is what the user needs to know.
void name_host(diagnosis::Finding& finding, const http::Request& sent) {
  finding.text = fmt::format("{} ({})", finding.text, http::parse_url(sent.url).host);
}

// What depends on the case and not only on the outcome.
void adjust(diagnosis::Finding& finding, std::string_view probe, Outcome outcome,
            const http::Request& sent, const inspect::Case& failure) {
  if (outcome == Outcome::inconclusive) return;
  if (kind_of(probe) == "neighbour-host") name_host(finding, sent);
  if (probe == "no-proxy") weigh_proxy(finding, outcome, failure);
  if (probe == "trailing-slash") weigh_path(finding, outcome, failure);
  if (!failure.main) return;
  if (probe == "cleaned") weigh_defects(finding, outcome, failure);
  if (probe == "where-expected") weigh_placement(finding, outcome, sent, failure);
  // Who gets in and then finds no page has a good key, and perhaps a wrong path.
  if (probe == "random-key" && outcome == Outcome::differs && failure.response.status == 404)
    put(finding.weights, "wrong-endpoint", moderate);
  if (probe != "as-is" || outcome != Outcome::accepted) return;
  if (!is_safe(failure.request.method) && is_safe(sent.method)) {
    finding.text = "A GET of the same URL is accepted: the key may read";
    finding.weights = {
        {"method-not-permitted", clear}, {"missing-scope", moderate}, {"csrf", moderate}};
  } else if (ends_in_line_break(failure)) {
    finding.text = "The same request is accepted when the line break around the key is not sent";
    finding.weights = {{"whitespace", decisive}};
  }
}

}  // namespace

diagnosis::Finding reading_of(const Probe& probe, Outcome outcome, const http::Request& sent,
                              const inspect::Case& failure) {
  diagnosis::Finding finding;
  finding.id = fmt::format("probe.{}", probe.name);
  finding.text = "The answer tells nothing about the key";
  const auto rule = std::ranges::find_if(rules(), [&](const Rule& r) {
    return r.probe == kind_of(probe.name) && r.outcome == outcome;
  });
  if (rule != rules().end()) {
    finding.text = rule->text;
    finding.weights = expand(rule->shifts);
  }
  adjust(finding, probe.name, outcome, sent, failure);
  finding.text += '.';
  return finding;
}

diagnosis::Findings interpret(const Probe& probe, const http::Exchange& original,
                              const http::Exchange& outcome, const inspect::Case& failure) {
  const Outcome result = outcome_of(probe, original, outcome, failure);
  diagnosis::Finding finding = reading_of(probe, result, outcome.request, failure);
  finding.place = fmt::format("live request '{}', status {}", probe.name, outcome.response.status);
  return {std::move(finding)};
}

}  // namespace locksmith::probe

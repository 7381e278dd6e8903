// The order of the work: read both, compare, rank by what BAD's answer says, try, conclude.
#include "compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/text.hpp"
#include "base/time.hpp"
#include "compare/experiment.hpp"
#include "credential/redact.hpp"
#include "doctor/doctor.hpp"
#include "http/url.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::compare {
namespace {

using Extent = Licence::Extent;

const http::Response& response_of(const Input& input) {
  return input.question.bundle.failure().response;
}

Side side_of(const Input& input) {
  return {input.question.bundle, input.question.options, !input.question.answered};
}

Summary summary_of(const Input& input, const Draft& draft) {
  return {.label = input.label,
          .method = draft.method,
          .url = shown_url(draft),
          .status = response_of(input).status,
          .key = shown_key(draft)};
}

// Known by the host of either, else by BAD's answer.
const catalogue::Provider* provider_of(const Input& good, const Input& bad,
                                       const catalogue::Catalogue& catalogue) {
  for (const Input* input : {&good, &bad}) {
    const http::Url url = http::parse_url(input->question.bundle.failure().request.url);
    if (const auto* provider = catalogue.provider_of_host(url.host)) return provider;
  }
  const inspect::Case opened(bad.question.bundle, catalogue);
  return opened.provider;
}

void add_circumstances(Report& report, const Input& good, const Input& bad) {
  const http::Exchange &g = good.question.bundle.failure(), &b = bad.question.bundle.failure();
  if (g.time && b.time && *g.time != *b.time) {
    const auto apart = *b.time - *g.time;
    report.circumstances.push_back(fmt::format("BAD was sent {} {} GOOD.",
                                               base::format_duration(std::chrono::abs(apart)),
                                               apart.count() > 0 ? "after" : "before"));
  }
  if (!g.remote_address.empty() && !b.remote_address.empty() &&
      g.remote_address != b.remote_address) {
    report.circumstances.push_back(fmt::format("Two addresses answered: GOOD {}, BAD {}.",
                                               g.remote_address, b.remote_address));
  }
  const http::Environment &ge = good.question.bundle.environment,
                          &be = bad.question.bundle.environment;
  if (ge.client != be.client && !ge.client.empty() && !be.client.empty()) {
    report.circumstances.push_back(
        fmt::format("Two clients sent them: GOOD {}, BAD {}.", ge.client, be.client));
  }
  for (const char* name : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY",
                           "all_proxy", "NO_PROXY", "no_proxy"}) {
    const auto in = [&](const http::Environment& e) {
      return e.variables.contains(name) ? e.variables.at(name) : std::string();
    };
    if (in(ge) != in(be))
      report.circumstances.push_back(fmt::format("{} differs between the environments.", name));
  }
}

// What BAD's answer says, as the doctor reads it without a network.
void add_suspects(Report& report, doctor::Question question,
                  const catalogue::Catalogue& catalogue) {
  if (!question.answered || !doctor::is_refused(question.bundle.failure(), catalogue)) return;
  const auto examined = doctor::examine(question, catalogue, {}, nullptr);
  for (const diagnosis::Candidate& candidate : examined.diagnosis.causes) {
    if (candidate.probability >= 0.001)
      report.suspects.push_back(
          {candidate.cause->slug, candidate.cause->sentence, candidate.probability});
  }
}

double lead_of(const std::vector<Difference>& differences) {
  return differences.size() > 1 ? differences[0].decibans - differences[1].decibans
                                : naming_lead_decibans;
}

void conclude_offline(Report& report) {
  if (report.differences.empty()) {
    report.outcome = Outcome::same;
    report.conclusions.push_back(
        "The requests are the same in all that matters for authentication: look at time, address "
        "and environment.");
    report.look_next = beyond_the_request();
    return;
  }
  const bool one = report.differences.size() == 1;
  const bool clear = lead_of(report.differences) >= naming_lead_decibans;
  const auto& first = report.differences.front();
  // An answer that plainly speaks of something else is not explained by a trifle.
  const bool fits = report.suspects.empty() ||
                    report.suspects[0].probability < diagnosis::naming_probability ||
                    first.decibans > 0;
  if (!fits || (!one && !clear)) {
    report.outcome = Outcome::undetermined;
    report.conclusions.push_back(
        fits ? fmt::format("{} differ, and none leads clearly.",
                           base::count_of(report.differences.size(), "thing"))
             : fmt::format("What differs does not explain an answer that speaks of {}.",
                           report.suspects[0].cause));
    report.look_next.push_back(
        fits ? fmt::format("Make BAD like GOOD in this alone, and send it again: {}.",
                           info(first.kind).slug)
             : beyond_the_request().front());
    return;
  }
  report.outcome = one ? Outcome::only : Outcome::probable;
  report.named = {0};
  report.conclusions.push_back(
      one ? "Nothing else differs that matters for authentication."
          : "It is the likeliest by far of what differs; no experiment was made.");
}

// The recorded answers say that GOOD was refused, or that BAD was not.
bool contradicts(Report& report, const Input& good, const Input& bad,
                 const catalogue::Catalogue& catalogue) {
  const auto status = [](const Input& input) { return response_of(input).status; };
  const auto refused = [&](const Input& input) {
    return doctor::is_refused(input.question.bundle.failure(), catalogue);
  };
  const bool good_fails = status(good) != 0 && refused(good),
             bad_works = status(bad) != 0 && !refused(bad);
  if (!good_fails && !bad_works) return false;
  report.outcome = Outcome::contradicted;
  if (good_fails)
    report.conclusions.push_back(
        fmt::format("GOOD did not work: it was answered {}.", status(good)));
  if (bad_works)
    report.conclusions.push_back(
        fmt::format("BAD was not refused: it was answered {}.", status(bad)));
  report.look_next.push_back(good_fails && bad_works
                                 ? "Were the two swapped? The one that works comes first."
                                 : "Name one that works and one that is refused; --entry-good and "
                                   "--entry-bad pick an entry of a HAR.");
  return true;
}

// Every text that leaves goes through here once more; and no control character of a server or a
// file reaches a terminal.
void scrub(Report& report, const Input& good, const Input& bad) {
  credential::Redactor redactor(1);
  redactor.learn(good.question.bundle);
  redactor.learn(bad.question.bundle);
  const auto clean = [&](std::string& text) { text = base::printable(redactor.redact(text)); };
  const auto clean_all = [&](std::vector<std::string>& texts) {
    std::ranges::for_each(texts, clean);
  };
  for (Summary* side : {&report.good, &report.bad}) {
    for (std::string* text : {&side->label, &side->method, &side->url, &side->key}) clean(*text);
  }
  for (Difference& d : report.differences) clean(d.place), clean(d.text);
  for (LeftOut& left_out : report.left_out) clean(left_out.name);
  for (Trial& trial : report.requests) clean(trial.method), clean(trial.url);
  for (auto* texts : {&report.circumstances, &report.conclusions, &report.look_next, &report.notes})
    clean_all(*texts);
  if (report.error) clean(report.error->message), clean(report.error->hint);
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::proved:
      return "proved";
    case Outcome::only:
      return "only";
    case Outcome::probable:
      return "probable";
    case Outcome::undetermined:
      return "undetermined";
    case Outcome::same:
      return "same";
    case Outcome::contradicted:
      return "contradicted";
    case Outcome::unreachable:
      return "unreachable";
  }
  return "";
}

bool is_named(Outcome outcome) {
  return outcome == Outcome::proved || outcome == Outcome::only || outcome == Outcome::probable;
}

void rank(std::vector<Difference>& differences, const std::vector<Suspect>& suspects) {
  // A diagnosis may be wrong: what it gives no chance keeps this much of one.
  constexpr double doubt = 0.02;
  for (Difference& d : differences) {
    d.decibans = info(d.kind).decibans;
    if (suspects.empty()) continue;
    double share = doubt;
    for (const Suspect& suspect : suspects) {
      if (std::ranges::find(d.causes, suspect.cause) != d.causes.end())
        share += suspect.probability;
    }
    d.decibans += 10 * std::log10(std::min(share, 1.0));
  }
  std::ranges::stable_sort(differences, std::greater(), &Difference::decibans);
  double sum = 0;
  for (Difference& d : differences)
    sum += d.probability = std::pow(10, (d.decibans - differences.front().decibans) / 10);
  for (Difference& d : differences) d.probability /= sum;
}

Report examine(const Input& good, const Input& bad, const catalogue::Catalogue& catalogue,
               const Options& options, probe::Transport* transport) {
  Report report;
  report.offline = transport == nullptr;
  report.provider = provider_of(good, bad, catalogue);
  for (const Input* input : {&good, &bad}) {
    for (const std::string& option : input->question.skipped)
      report.notes.push_back(
          fmt::format("The curl option {} is not known here and was skipped.", option));
  }
  const Draft g = take_apart(side_of(good), catalogue);
  const Draft b = take_apart(side_of(bad), catalogue, g.key ? &*g.key : nullptr);
  report.good = summary_of(good, g);
  report.bad = summary_of(bad, b);
  Differences found = find_differences(g, b, catalogue, report.provider);
  report.left_out = found.left_out;
  add_circumstances(report, good, bad);
  add_suspects(report, bad.question, catalogue);
  rank(found.all, report.suspects);
  report.differences = found.all;

  Licence allowed = licence(g, b, options.replay, report.provider);
  if (transport && !allowed.reason.empty()) report.notes.push_back(allowed.reason);
  if (transport && allowed.extent != Extent::nothing) {
    const Extent extent = allowed.extent;
    auto units = units_of(g, b, found);
    Trials trials({g, b, units, catalogue, std::move(allowed), options.replay, options.budget,
                   options.progress},
                  *transport);
    Experiment experiment(report, units, trials);
    http::Exchange refused;
    if (experiment.confirm(refused)) {
      // BAD as it is refused now tells more than an answer that was recorded at some time.
      doctor::Question question = bad.question;
      question.bundle.exchanges = {std::move(refused)};
      question.bundle.failing = 0;
      question.answered = true;
      report.suspects.clear();
      add_suspects(report, std::move(question), catalogue);
      rank(found.all, report.suspects);
      report.differences = found.all;
      units = units_of(g, b, found);
      const bool may_mix = extent == Extent::mixtures && !trials.rate_limited();
      if (may_mix || units.size() <= 1) {
        experiment.bisect(options.budget);
      } else {
        if (trials.rate_limited())
          report.notes.push_back("Nothing was mixed: the server limits the rate (429).");
        conclude_offline(report);
      }
    }
    for (const Unit& unit : units) report.units.emplace_back(unit.slug);
    report.requests = trials.sent();
  } else if (!contradicts(report, good, bad, catalogue)) {
    conclude_offline(report);
  }
  scrub(report, good, bad);
  return report;
}

}  // namespace locksmith::compare

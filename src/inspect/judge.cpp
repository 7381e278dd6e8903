#include "inspect/judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "catalogue/example.hpp"
#include "catalogue/find.hpp"
#include "diagnosis/diagnose.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::inspect {
namespace {

constexpr std::size_t shown = 3;

bool holds(catalogue::Strings names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string leaders(const Judgement& judgement) {
  std::vector<std::string> out;
  for (const auto& [cause, probability] : judgement.ranked) {
    if (out.size() == shown) break;
    out.push_back(fmt::format("{} {:.0f} %", cause, 100 * probability));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

// An intermediary may be known by what it says alone: a rule that fits is enough.
bool recognised(const catalogue::Intermediary& own, const http::Exchange& exchange) {
  const catalogue::ResponseView view(exchange.response);
  return catalogue::any_holds(own.recognise, exchange.request, view) ||
         catalogue::first_match(own.refusals, exchange.request, view);
}

std::string recognition_fault(const catalogue::Example& example, const http::Exchange& exchange,
                              const Judgement& judgement, const catalogue::Catalogue& catalogue) {
  if (example.intermediary) {
    const auto* own = catalogue::intermediary(catalogue, example.owner);
    return own && !recognised(*own, exchange) ? "nothing shows that it gave this answer" : "";
  }
  if (!judgement.provider) return "its request and its answer lead to no provider";
  if (judgement.provider->slug == example.owner) return {};
  return fmt::format("it is taken for {}", judgement.provider->name);
}

}  // namespace

Judgement judge(const http::Bundle& bundle, const catalogue::Catalogue& catalogue) {
  const Case c(bundle, catalogue);
  const diagnosis::Findings findings = inspect(c);
  const auto diagnosis = diagnosis::diagnose(findings, catalogue, c.response.status);
  Judgement judgement{.determined = diagnosis.determined, .provider = c.provider};
  for (const diagnosis::Candidate& candidate : diagnosis.causes) {
    judgement.ranked.emplace_back(candidate.cause->slug, candidate.probability);
  }
  return judgement;
}

catalogue::Problems faults(const catalogue::Example& example,
                           const catalogue::Catalogue& catalogue) {
  catalogue::Problems out;
  const auto say = [&](const std::string& fact, std::string hint) {
    out.push_back({std::string(example.file), example.line,
                   fmt::format("example \"{}\": {}", example.name, fact), std::move(hint)});
  };
  const auto exchange = catalogue::read_example(example, catalogue);
  if (!exchange) {
    say(exchange.error().message, exchange.error().hint);
    return out;
  }
  const Judgement judgement = judge({.exchanges = {*exchange}}, catalogue);
  const std::string stranger = recognition_fault(example, *exchange, judgement, catalogue);
  if (!stranger.empty()) {  // what the diagnosis is follows from that
    say(stranger, example.intermediary
                      ? "add a [[recognise]] or a [[refusal]] that fits it"
                      : "add its host to `hosts`, or a [[recognise]] that fits it");
    return out;
  }
  if (judgement.ranked.empty()) return out;
  const std::string_view first = judgement.ranked.front().first;
  if (!example.expect.empty() && !holds(example.expect, first)) {
    say(fmt::format("the diagnosis is {}, not {}", leaders(judgement),
                    fmt::join(example.expect, " or ")),
        "is there a [[refusal]] for this answer, and does an earlier one take it?");
  }
  if (holds(example.expect_not, first)) {
    say(fmt::format("the diagnosis is {}", leaders(judgement)),
        fmt::format("`expect_not` rules out {}", first));
  }
  return out;
}

}  // namespace locksmith::inspect

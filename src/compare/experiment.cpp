// What an experiment concludes claims no more than what was asked: proved, narrowed down, or
// neither.
#include "compare/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::compare {
namespace {

using Meaning = Reply::Meaning;

std::string list_of(const std::vector<Unit>& units, const Subset& subset) {
  std::vector<std::string_view> slugs;
  for (const std::size_t unit : subset) slugs.push_back(units[unit].slug);
  return fmt::format("{}", fmt::join(slugs, " and "));
}

}  // namespace

std::vector<std::string> beyond_the_request() {
  return {
      "Time: has the key expired, been revoked or replaced between the two? Send GOOD again now.",
      "Address: were they sent from the same machine, network and proxy? Allow lists look at the "
      "source address.",
      "Environment: run `locksmith why` where BAD is sent; variables, .netrc and a client's own "
      "login change a request after it was written.",
      "Number: was BAD one of many? A limit refuses by count, whatever the request says."};
}

bool Experiment::confirm(http::Exchange& refused) {
  const auto good = trials_.send_good();
  if (!good) return unreachable(good.error());
  const auto bad = trials_.send_bad();
  if (!bad) return unreachable(bad.error());
  report_.good.status = good->response.status;
  report_.bad.status = bad->response.status;
  refused = *bad;
  const bool works = trials_.meaning(*good) == Meaning::works,
             fails = trials_.meaning(*bad) != Meaning::works;
  if (works && fails) return true;
  if (good->response.status / 100 == 3)
    report_.notes.push_back(
        "Redirects are not followed here: compare what their last step is asked.");
  report_.outcome = Outcome::contradicted;
  if (!works)
    report_.conclusions.push_back(fmt::format(
        "GOOD does not work either at present: it was answered {}.", good->response.status));
  if (!fails)
    report_.conclusions.push_back(
        fmt::format("BAD is not refused at present: it was answered {}.", bad->response.status));
  report_.look_next = beyond_the_request();
  if (!works && fails && good->response.status != bad->response.status)
    report_.look_next.insert(report_.look_next.begin(),
                             "Find a request that works: `locksmith why` tells why GOOD does not.");
  return false;
}

void Experiment::bisect(std::size_t budget) {
  if (units_.empty()) return same_but_refused();
  std::vector<double> weights;
  for (const Unit& unit : units_) weights.push_back(unit.weight);
  const auto found = compare::bisect(weights, report_.bad.status,
                                     [&](const Subset& subset) { return trials_.ask(subset); });
  conclude(found, budget);
}

bool Experiment::unreachable(const Error& error) {
  report_.outcome = Outcome::unreachable;
  report_.error = error;
  return false;
}

void Experiment::same_but_refused() {
  report_.outcome = Outcome::same;
  report_.conclusions.push_back(
      fmt::format("The same request was answered {} once and {} once: it is not the request.",
                  report_.good.status, report_.bad.status));
  report_.look_next = beyond_the_request();
}

void Experiment::name(const Subset& units) {
  for (const std::size_t unit : units) {
    for (std::size_t i = 0; i < report_.differences.size(); ++i) {
      const auto& facets = report_.differences[i].facets;
      const bool covered = std::ranges::all_of(facets, [&](const Facet& f) {
        return std::ranges::find(units_[unit].facets, f) != units_[unit].facets.end();
      });
      if (covered && std::ranges::find(report_.named, i) == report_.named.end())
        report_.named.push_back(i);
    }
  }
}

void Experiment::conclude(const Bisection& found, std::size_t budget) {
  const Guilt& first = found.guilty.front();
  if (!first.minimal) return conclude_narrowed(first, budget);
  Subset all;
  for (const Guilt& guilt : found.guilty) {
    if (!guilt.minimal) continue;
    name(guilt.differences);
    all.insert(all.end(), guilt.differences.begin(), guilt.differences.end());
    report_.conclusions.push_back(fmt::format(
        "GOOD with {} of BAD is refused{} ({}).", list_of(units_, guilt.differences),
        guilt.differences.size() > 1 ? ", and with fewer of them it is not" : "", guilt.status));
  }
  report_.outcome = report_.named.empty() ? Outcome::undetermined : Outcome::proved;
  if (report_.named.empty())
    report_.conclusions.push_back(
        fmt::format("It lies in what was left out as noise: {}.", left_out_names()));
  if (found.proved && all.size() < units_.size()) {
    report_.conclusions.push_back(
        fmt::format("BAD without {} works.", all.size() > 1 ? "them" : "it"));
  } else if (found.proved) {
    report_.conclusions.push_back("Nothing else differs, and GOOD works.");
  } else {
    report_.conclusions.push_back(
        "Whether BAD works without it was not found out: something else may be wrong with it, "
        "too.");
  }
}

void Experiment::conclude_narrowed(const Guilt& guilt, std::size_t budget) {
  report_.outcome = Outcome::undetermined;
  report_.conclusions.push_back(
      fmt::format("It is among these: {}.", list_of(units_, guilt.differences)));
  if (trials_.rate_limited()) {
    report_.conclusions.push_back("The server limits the rate (429), so no more was asked.");
    report_.look_next.push_back("Run it again later.");
  } else if (trials_.budget_spent()) {
    report_.conclusions.push_back(fmt::format("{} were allowed, and did not suffice to tell which.",
                                              base::count_of(budget, "request")));
    report_.look_next.push_back(fmt::format("Run it again with --budget {}.", budget * 2));
  } else {
    report_.conclusions.push_back(
        "Parts of them were answered in yet another way, which does not tell.");
    report_.look_next.push_back(
        "Mend these one after the other, and watch how the answer changes.");
  }
}

std::string Experiment::left_out_names() const {
  std::vector<std::string_view> names;
  for (const LeftOut& left_out : report_.left_out) names.push_back(left_out.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace locksmith::compare

// Sorts an answer into what it can mean, before any cause is thought of.
#include <algorithm>
#include <array>
#include <vector>

#include "inspect/page.hpp"
#include "probe/answer.hpp"
#include "probe/interpret.hpp"

namespace locksmith::probe {
namespace {

// "No such method", or no such page for the GET that stands in for a POST: many servers say so
// before they look at any key.
bool answered_by_routing(const http::Exchange& original, const inspect::Case& failure) {
  const int status = original.response.status;
  return status == 405 || (status == 404 && original.request.method != failure.request.method);
}

// GraphQL and others answer 200 and refuse in the body. Where the failing request got such an
// answer, a 200 alone is no acceptance. https://spec.graphql.org/October2021/#sec-Errors
// So does a login page or a captive portal in the API's place.
bool refuses_in_body(const http::Response& response) {
  const catalogue::ResponseView view(response);
  const inspect::Page page = inspect::page_of(view);
  return page == inspect::Page::login || page == inspect::Page::portal ||
         view.pointer("/errors/0") || view.pointer_equals("/ok", "false") ||
         view.pointer_equals("/success", "false");
}

// Those that mend one thing: an error after the key's own check is acceptance of the key.
bool mends(std::string_view probe) {
  constexpr std::array<std::string_view, 11> probes = {
      "cleaned",     "where-expected", "no-proxy",  "one-credential",     "plain-user-agent",
      "ipv4",        "ipv6",           "no-origin", "other-http-version", "other-header",
      "other-scheme"};
  return std::ranges::find(probes, probe) != probes.end();
}

std::vector<credential::Placement> known_placements(const inspect::Case& failure) {
  if (!failure.provider) return {};
  return {failure.provider->placements.begin(), failure.provider->placements.end()};
}

}  // namespace

Outcome outcome_of(const Probe& probe, const http::Exchange& original,
                   const http::Exchange& outcome, const inspect::Case& failure) {
  const int status = outcome.response.status, before = original.response.status;
  if (status >= 200 && status < 300) {
    const bool still = refuses_in_body(original.response) && refuses_in_body(outcome.response);
    if (!still) return Outcome::accepted;
    const bool same = same_answer(original, outcome, known_placements(failure));
    return same ? Outcome::same : Outcome::differs;
  }
  if (status == 0 || status >= 500 || (status == 429 && before != 429))
    return Outcome::inconclusive;
  const std::string_view kind = kind_of(probe.name);
  if (kind == "whoami" || kind == "simple-endpoint" || kind == "neighbour-host") {
    // another URL: only the status compares
    return status == 401 ? Outcome::same : status == 403 ? Outcome::differs : Outcome::inconclusive;
  }
  if (probe.name != "as-is" && answered_by_routing(original, failure)) return Outcome::inconclusive;
  if (same_answer(original, outcome, known_placements(failure))) return Outcome::same;
  // Let in, and then something else was wrong. A 404 or 405 can as well come before the check.
  const bool later_error = status == 400 || status == 409 || status == 415 || status == 422;
  if (mends(probe.name) && later_error && (before == 401 || before == 403))
    return Outcome::accepted;
  const bool refused = status == 400 || status == 401 || status == 402 || status == 403 ||
                       status == 407 || status == 429;
  const bool to_login = status >= 300 && status < 400;
  return refused || to_login || status == 404 ? Outcome::differs : Outcome::inconclusive;
}

}  // namespace locksmith::probe

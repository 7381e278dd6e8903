// What several inspectors need of a failure, worked out once.
#include <algorithm>

#include "base/text.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::inspect {
namespace {

using credential::Credential;
using credential::Place;

const catalogue::Provider* recognised_by_answer(const catalogue::Catalogue& catalogue,
                                                const http::Request& request,
                                                const catalogue::ResponseView& view) {
  for (const catalogue::Provider& provider : catalogue.providers) {
    if (catalogue::any_holds(provider.recognise, request, view)) return &provider;
  }
  return nullptr;
}

bool at_placement(const Credential& credential, const catalogue::Placement& placement) {
  return credential.place == placement.place &&
         base::equals_ignoring_case(credential.name, placement.name);
}

// The credential that was meant for this API: one at a place where the provider looks, else
// Authorization, else the first. Proxies have a credential of their own; halves of a pair (an
// e-mail, an id) come last.
const Credential* choose_main(const std::vector<Credential>& credentials,
                              const catalogue::Provider* provider) {
  const Credential* best = nullptr;
  int best_rank = 0;
  for (const Credential& credential : credentials) {
    if (base::equals_ignoring_case(credential.name, "proxy-authorization")) continue;
    int rank = 1;
    if (credential.place == Place::header &&
        base::equals_ignoring_case(credential.name, "authorization"))
      rank = 3;
    if (base::contains_ignoring_case(credential.name, "signature") ||
        base::equals_ignoring_case(credential.name, "sig"))
      rank = 0;
    if (base::contains_ignoring_case(credential.name, "email")) rank = 0;
    if (provider) {
      const auto placed = std::ranges::find_if(
          provider->placements, [&](const auto& p) { return at_placement(credential, p); });
      if (placed != provider->placements.end()) rank = 5;
    }
    // What only goes with the key ("Client-Id") is not the key.
    const auto is_companion = [&](const catalogue::Companion& k) {
      return k.place == credential.place && base::equals_ignoring_case(k.name, credential.name);
    };
    const bool usual = provider && !provider->placements.empty() &&
                       at_placement(credential, provider->placements.front());
    if (provider && !usual && std::ranges::any_of(provider->companions, is_companion)) continue;
    if (credential.place == Place::body) rank = 0;
    if (credential.value.empty()) --rank;
    if (!best || rank > best_rank) {
      best = &credential;
      best_rank = rank;
    }
  }
  return best;
}

// Of several intermediaries that take the answer for their own, one that also recognises it by a
// sign of its own counts, and then the one with the most conditions: a generic login page has the
// fewest.
void find_answering_intermediary(Case& c) {
  std::pair<bool, std::size_t> best;
  for (const catalogue::Intermediary& intermediary : c.catalogue.intermediaries) {
    const auto* rule = catalogue::first_match(intermediary.refusals, c.request, c.view);
    if (!rule) continue;
    const std::pair rank(catalogue::any_holds(intermediary.recognise, c.request, c.view),
                         rule->when.size());
    if (c.rule && rank <= best) continue;
    c.rule = rule;
    c.intermediary = &intermediary;
    best = rank;
  }
}

}  // namespace

Case::Case(const http::Bundle& a_bundle, const catalogue::Catalogue& a_catalogue)
    : bundle(a_bundle),
      catalogue(a_catalogue),
      request(a_bundle.failure().request),
      response(a_bundle.failure().response),
      url(http::parse_url(request.url)),
      view(response),
      provider(a_catalogue.provider_of_host(url.host)),
      provider_by_host(provider != nullptr) {
  if (!provider) provider = recognised_by_answer(catalogue, request, view);
  if (provider) rule = catalogue::first_match(provider->refusals, request, view);
  if (!rule) find_answering_intermediary(*this);
  std::vector<credential::Placement> known;
  if (provider) known.assign(provider->placements.begin(), provider->placements.end());
  credentials = credential::find_credentials(request, known);
  main = choose_main(credentials, provider);
  server_time = base::parse_http_date(response.headers.get("date"));
  now = server_time ? server_time : bundle.failure().time;
}

diagnosis::Findings inspect(const Case& c) {
  diagnosis::Findings findings;
  for (auto* inspector : {inspect_characters, inspect_placement, inspect_kind, inspect_basic,
                          inspect_jwt, inspect_sigv4, inspect_request, inspect_answer,
                          inspect_challenge, inspect_hops, inspect_environment}) {
    inspector(c, findings);
  }
  diagnosis::count_once(findings);
  // Names, paths and descriptions come from servers and files, and must not drive the terminal that
  // shows them.
  for (diagnosis::Finding& finding : findings) {
    finding.place = base::printable(finding.place);
    finding.text = base::printable(finding.text);
  }
  return findings;
}

}  // namespace locksmith::inspect

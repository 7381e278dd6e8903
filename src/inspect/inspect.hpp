// The inspectors: each reads one kind of evidence and yields findings. They do no ranking and know
// nothing of each other; what they share is the case, which is worked out once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/match.hpp"
#include "credential/credential.hpp"
#include "diagnosis/finding.hpp"
#include "http/bundle.hpp"
#include "http/url.hpp"

namespace locksmith::inspect {

// One failure, with what several inspectors need of it.
struct Case {
  // Both must outlive the case.
  Case(const http::Bundle& bundle, const catalogue::Catalogue& catalogue);
  Case(const Case&) = delete;

  const http::Bundle& bundle;
  const catalogue::Catalogue& catalogue;
  const http::Request& request;  // the refused one
  const http::Response& response;
  http::Url url;
  catalogue::ResponseView view;  // the answer, as the rules of the catalogue look at it
  const catalogue::Provider* provider = nullptr;  // by host, or recognised by its answer
  bool provider_by_host = false;
  // The rule of the catalogue that fits the answer, and the intermediary whose it is, which then
  // gave the answer itself. A rule without an intermediary is the provider's own.
  const catalogue::Refusal* rule = nullptr;
  const catalogue::Intermediary* intermediary = nullptr;
  std::vector<credential::Credential> credentials;
  const credential::Credential* main = nullptr;  // the one meant for this API; null: none
  std::optional<base::Time> server_time;         // the response's Date
  std::optional<base::Time> now;                 // Date, else when the request was sent
};

void inspect_characters(const Case&, diagnosis::Findings&);  // what sticks to the key
void inspect_placement(const Case&,
                       diagnosis::Findings&);           // where it sits, scheme, two at once, none
void inspect_kind(const Case&, diagnosis::Findings&);   // whose key, which kind, is it whole
void inspect_basic(const Case&, diagnosis::Findings&);  // Basic decoded and judged
void inspect_jwt(const Case&, diagnosis::Findings&);
void inspect_sigv4(const Case&, diagnosis::Findings&);
void inspect_request(const Case&, diagnosis::Findings&);  // preflight, companions, URL, User-Agent
void inspect_answer(const Case&, diagnosis::Findings&);   // what the refusal says
void inspect_challenge(const Case&,
                       diagnosis::Findings&);  // WWW-Authenticate, Retry-After, limits, clock
void inspect_hops(const Case&, diagnosis::Findings&);         // who answered; redirects; proxies
void inspect_environment(const Case&, diagnosis::Findings&);  // variables, files, processes

// The intermediaries that took part in the answer.
std::vector<const catalogue::Intermediary*> answered_by(const Case&);

// All of them, in that order.
diagnosis::Findings inspect(const Case&);

}  // namespace locksmith::inspect

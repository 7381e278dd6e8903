// A decision in HTTP's words: status, header fields and problem body of a refusal (RFC 9457), the
// fields that an allowed answer carries, and the trace that `locksmith explain REQUEST_ID` shows.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authority/decide.hpp"

namespace locksmith::authority {

struct Refusal {
  int status = 401;
  // WWW-Authenticate (401), Retry-After (429), RateLimit and RateLimit-Policy, Cache-Control,
  // Content-Type; a reverse proxy has to pass on exactly these.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;    // application/problem+json
  std::string detail;  // one sentence; what the body's "detail" says
};
// `disclosure` is the policy's; nothing that the store knows is told to who is not `proven`.
Refusal refusal(const Snapshot& snapshot, const Request& request, const Decision& decision,
                std::string_view request_id, Instant now);

// For an allowed request: RateLimit fields, Deprecation and Sunset (RFC 9745, RFC 8594).
std::vector<std::pair<std::string, std::string>> allowed_headers(const Snapshot& snapshot,
                                                                 const Decision& decision,
                                                                 Instant now);

std::string_view name_of_check(Check check);  // "validity"

// Every check with what it saw: "expiry: failed, 2026-05-03T00:00:00Z is 202 days ago".
struct Step {
  Check check;
  bool made = false;
  bool passed = true;
  std::string saw;
};
std::vector<Step> trace(const Snapshot& snapshot, const Request& request, const Decision& decision,
                        Instant now);
// The one change that would let the request pass ("add scope orders:write to key_…"); empty when
// it takes more than one.
std::string single_change(const Snapshot& snapshot, const Request& request,
                          const Decision& decision, Instant now);

}  // namespace locksmith::authority

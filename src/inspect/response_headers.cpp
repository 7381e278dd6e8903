// What the response's headers say: WWW-Authenticate, Retry-After and rate limits, the clock.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "credential/jwt.hpp"
#include "inspect/challenge.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using base::equals_ignoring_case;

constexpr std::string_view rfc6750 = "https://www.rfc-editor.org/rfc/rfc6750#section-3.1";
constexpr std::string_view rfc9110 = "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1";

std::string sentence(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return base::printable(text);
}

// RFC 6750 section 3.1: the error codes of a Bearer challenge.
void judge_bearer_error(const Case& c, const Challenge& challenge, diagnosis::Findings& findings) {
  const std::string error = base::lower(challenge.parameter("error"));
  const std::string said = challenge.parameter("error_description");
  const std::string description = base::lower(said);
  const std::string place = "WWW-Authenticate, error";
  if (error == "insufficient_scope") {
    const std::string scope = challenge.parameter("scope");
    say(findings, "challenge.insufficient-scope", place,
        scope.empty() ? "The server knows the token; it lacks a scope."
                      : fmt::format("The server knows the token; it lacks the scope: {}.",
                                    base::printable(scope)),
        {{"missing-scope", 34}}, rfc6750);
    findings.back().fact = "not-permitted";
  } else if (error == "invalid_token" || error == "invalid_request") {
    const bool expired = description.contains("expired");
    const bool audience = description.contains("audience") || description.contains("issuer");
    const bool signature = description.contains("signature") && !expired;
    const std::string_view kind = expired                    ? "expired"
                                  : audience                 ? "audience"
                                  : signature                ? "signature"
                                  : error == "invalid_token" ? "bad-credential"
                                                             : "bad-format";
    const catalogue::Answer* answer = c.catalogue.answer(kind);
    if (!answer) return;  // a catalogue of somebody's own
    say(findings, "challenge.error", place,
        fmt::format("The challenge says {}{}. {}", error,
                    expired || audience || signature ? ": " + sentence(said) : "", answer->says),
        {answer->weights.begin(), answer->weights.end()}, rfc6750);
    findings.back().fact = answer->kind;
  }
}

// RFC 6750 section 3: a challenge without an error code is what a request without credentials gets.
void judge_silent_bearer(const Case& c, const Challenge& challenge, diagnosis::Findings& findings) {
  if (!challenge.parameter("error").empty() || !c.main || c.main->value.empty()) return;
  // Who asks for Bearer reads it where RFC 6750 section 2.1 puts it: if it was sent there, the
  // place is right.
  const bool placed = equals_ignoring_case(c.main->name, "authorization") &&
                      equals_ignoring_case(c.main->scheme, "bearer");
  const double place = placed ? -6 : 4;
  say(findings, "challenge.no-error", "WWW-Authenticate",
      "The challenge has no error code, as for a request without any credential.",
      {{"proxy-stripped", 6}, {"wrong-header", place}, {"wrong-scheme", place}, {"missing", 4}},
      "https://www.rfc-editor.org/rfc/rfc6750#section-3");
}

bool provider_takes(const catalogue::Provider& provider, std::string_view scheme) {
  return std::ranges::any_of(provider.placements,
                             [&](const auto& p) { return equals_ignoring_case(p.scheme, scheme); });
}

// The server asks for another scheme than the one that was sent.
void judge_scheme(const Case& c, const std::vector<Challenge>& challenges,
                  diagnosis::Findings& findings) {
  if (!c.main || c.main->value.empty() || c.main->place != credential::Place::header ||
      challenges.empty())
    return;
  const std::string_view sent = c.main->scheme;
  const bool asked = std::ranges::any_of(
      challenges, [&](const Challenge& ch) { return equals_ignoring_case(ch.scheme, sent); });
  if (asked) return;
  const Challenge& wanted = challenges.front();
  const bool basic = equals_ignoring_case(wanted.scheme, "basic");
  const std::string realm = wanted.parameter("realm");
  if (basic && c.provider && !provider_takes(*c.provider, "Basic")) {
    say(findings, "challenge.foreign-basic", "WWW-Authenticate",
        fmt::format("The refusal asks for a Basic login (realm \"{}\"), which {} does not use: "
                    "somebody in front of it asks.",
                    base::printable(realm), c.provider->name),
        {{"gateway-auth", 26}, {"proxy-stripped", 6}}, rfc9110);
  } else {
    say(findings, "challenge.other-scheme", "WWW-Authenticate",
        fmt::format("The server asks for the scheme {}, {} was sent.", wanted.scheme,
                    sent.empty() ? "none" : std::string(sent)),
        {{"wrong-scheme", basic ? 10.0 : 15.0},
         {"gateway-auth", basic ? 17.0 : 2.0},
         {"wrong-header", 4}},
        rfc9110);
  }
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> items;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    if (const auto item = base::trim(text.substr(start, end - start)); !item.empty())
      items.push_back(base::lower(item));
    start = end + 1;
  }
  return items;
}

// What the token has and what the endpoint takes, side by side. GitHub, and servers made after it:
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
void judge_scopes(const Case& c, diagnosis::Findings& findings) {
  const std::string* granted_text = c.response.headers.find("x-oauth-scopes");
  if (!granted_text) return;
  const auto granted = list_of(*granted_text),
             accepted = list_of(c.response.headers.get("x-accepted-oauth-scopes"));
  const bool fits =
      accepted.empty() || std::ranges::any_of(accepted, [&](const std::string& scope) {
        return std::ranges::find(granted, scope) != granted.end();
      });
  if (!fits) {
    say(findings, "challenge.scopes-differ", "X-OAuth-Scopes header",
        fmt::format("The endpoint takes the scopes {}; the token has {}.",
                    fmt::join(accepted, ", "),
                    granted.empty() ? "none" : fmt::format("{}", fmt::join(granted, ", "))),
        {{"missing-scope", 30}});
  } else if (granted.empty()) {
    say(findings, "challenge.no-scopes", "X-OAuth-Scopes header",
        "The server knows the token, and the token has no scope at all.",
        {{"missing-scope", 20}, {"unknown-key", -20}, {"revoked", -20}});
  }
}

void judge_proxy(const Case& c, diagnosis::Findings& findings) {
  if (c.response.status != 407 && !c.response.headers.has("proxy-authenticate")) return;
  const auto challenges = parse_challenges(c.response.headers.get("proxy-authenticate"));
  const std::string realm = challenges.empty() ? "" : challenges.front().parameter("realm");
  say(findings, "challenge.proxy", "Proxy-Authenticate",
      realm.empty() ? "A forward proxy wants a login of its own; the API was never reached."
                    : fmt::format("A forward proxy (realm \"{}\") wants a login of its own; the "
                                  "API was never reached.",
                                  base::printable(realm)),
      {{"gateway-auth", 40}}, "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8");
}

// "remaining" of whichever rate-limit dialect the server speaks; the smallest wins.
std::optional<double> remaining(const Case& c) {
  std::optional<double> least;
  for (const http::Header& header : c.response.headers) {
    const std::string name = base::lower(header.name);
    if (!name.contains("ratelimit") && !name.contains("rate-limit")) continue;
    std::optional<double> value;
    if (name.contains("remaining")) value = leading_number(header.value);
    // RateLimit: "default";r=50;t=30 (draft-ietf-httpapi-ratelimit-headers)
    if (name == "ratelimit") {
      const auto at = header.value.find(";r=");
      if (at != std::string::npos)
        value = leading_number(std::string_view(header.value).substr(at + 3));
    }
    if (value && (!least || *value < *least)) least = value;
  }
  return least;
}

// Where the status itself says that time mends it, the header adds little. A lasting prohibition
// has no time at which to come back.
std::vector<catalogue::Weight> weights_of_retry_after(int status) {
  if (status != 403) return {{"rate-limited", 16}, {"abuse-blocked", 5}};
  return {{"rate-limited", 24}, {"abuse-blocked", 14}, {"ip-blocked", -18}, {"org-policy", -18}};
}

void judge_limits(const Case& c, diagnosis::Findings& findings) {
  const bool may_be_limit =
      c.response.status == 429 || c.response.status == 403 || c.response.status == 503;
  if (!may_be_limit) return;
  if (const auto left = remaining(c)) {
    if (*left <= 0) {
      say(findings, "challenge.limit-used-up", "rate-limit headers",
          "No request is left in the current window.", {{"rate-limited", 27}});
    } else {
      say(findings, "challenge.limit-left", "rate-limit headers",
          fmt::format("{:.0f} requests are left in the current window.", *left),
          {{"rate-limited", c.response.status == 429 ? -6.0 : -18.0},
           {"billing", c.response.status == 429 ? 4.0 : 0.0}});
    }
  }
  if (const auto seconds = retry_after(c.response, c.server_time)) {
    say(findings, "challenge.retry-after", "Retry-After header",
        fmt::format("The server says to come back in {}.", base::format_duration(*seconds)),
        weights_of_retry_after(c.response.status),
        "https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3");
  } else if (c.response.status == 429 && !c.bundle.failure().partial) {
    say(findings, "challenge.no-retry-after", "response headers",
        "A 429 without Retry-After: it may not pass by itself.",
        {{"billing", 3}, {"abuse-blocked", 3}});
  }
}

// A difference that a signature's or token's window does not forgive.
constexpr double clock_minutes = 5;

// A token that was issued in the future tells of a third clock: its issuer's.
bool is_from_the_future(const Case& c) {
  const auto jwt = c.main ? credential::read_jwt(c.main->secret()) : std::nullopt;
  return jwt && jwt->issued_at && c.now && *jwt->issued_at > *c.now;
}

void judge_clock(const Case& c, diagnosis::Findings& findings) {
  std::optional<double> offset = c.bundle.environment.clock_offset_seconds;
  if (!offset && c.server_time && c.bundle.failure().time)
    offset = static_cast<double>((*c.bundle.failure().time - *c.server_time).count());
  if (!offset) return;
  const auto size =
      std::chrono::seconds(static_cast<long>(std::clamp(std::abs(*offset), 0.0, 1e9)));
  if (std::abs(*offset) >= clock_minutes * 60) {
    say(findings, "challenge.clock", "Date header",
        fmt::format("The local clock is {} {} the server's.", base::format_duration(size),
                    *offset > 0 ? "ahead of" : "behind"),
        {{"clock-skew", 17}});
  } else if (!is_from_the_future(c)) {
    say(findings, "challenge.clock-agrees", "Date header",
        "The local clock agrees with the server's.", {{"clock-skew", -14}});
  }
}

}  // namespace

void inspect_challenge(const Case& c, diagnosis::Findings& findings) {
  std::vector<Challenge> challenges;
  for (const std::string_view line : c.response.headers.all("www-authenticate")) {
    for (Challenge& challenge : parse_challenges(line)) challenges.push_back(std::move(challenge));
  }
  for (const Challenge& challenge : challenges) {
    if (!equals_ignoring_case(challenge.scheme, "bearer") &&
        !equals_ignoring_case(challenge.scheme, "dpop"))
      continue;
    judge_bearer_error(c, challenge, findings);
    judge_silent_bearer(c, challenge, findings);
  }
  judge_scheme(c, challenges, findings);
  judge_scopes(c, findings);
  judge_proxy(c, findings);
  judge_limits(c, findings);
  judge_clock(c, findings);
}

}  // namespace locksmith::inspect

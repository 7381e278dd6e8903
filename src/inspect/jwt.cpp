// JSON Web Tokens, read without verifying: times, audience, issuer, algorithm.
#include "credential/jwt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "inspect/inspect.hpp"

namespace locksmith::inspect {
namespace {

using credential::Jwt;
using diagnosis::Finding;

std::string how_long(base::Time from, base::Time to) { return base::format_duration(to - from); }

// Clocks of servers agree within seconds; a minute of difference is a fault of a clock or of the
// token.
constexpr std::chrono::seconds clock_tolerance{60};

void judge_times(const Case& c, const Jwt& jwt, diagnosis::Findings& findings) {
  const auto say = [&](std::string_view id, std::string_view claim, std::string text,
                       std::vector<catalogue::Weight> weights) {
    findings.push_back({.id = std::string(id),
                        .place = fmt::format("{}, JWT claim {}", c.main->where(), claim),
                        .text = std::move(text),
                        .weights = std::move(weights)});
  };
  if (!c.now) return;
  const std::string_view clock =
      c.server_time ? "by the server's clock" : "by the time of the request";
  if (jwt.expires && *jwt.expires < *c.now) {
    say("jwt.expired", "exp",
        fmt::format("The token expired {} before the request, {}.", how_long(*jwt.expires, *c.now),
                    clock),
        {{"expired", 34}, {"clock-skew", 6}});
  } else if (jwt.expires) {
    say("jwt.not-expired", "exp",
        fmt::format("The token is valid for another {}, {}.", how_long(*c.now, *jwt.expires),
                    clock),
        {{"expired", -22}});
  }
  const auto future = [&](const std::optional<base::Time>& time) {
    return time && *time > *c.now + clock_tolerance;
  };
  const auto latest =
      std::max(jwt.issued_at.value_or(base::Time()), jwt.not_before.value_or(base::Time()));
  if (c.server_time && latest > *c.now && latest <= *c.now + clock_tolerance) {
    // Even one second counts where the server grants no leeway (RFC 7519 section 4.1.5 leaves it to
    // the server).
    say("jwt.seconds-ahead", "iat and nbf",
        fmt::format("The token is valid only in {}, {}: the clocks differ, and some servers grant "
                    "no leeway.",
                    how_long(*c.now, latest), clock),
        {{"clock-skew", 19}, {"not-yet-active", 8}});
  } else if (future(jwt.issued_at)) {
    say("jwt.issued-in-future", "iat",
        fmt::format("The token was issued {} in the future, {}: a clock is wrong.",
                    how_long(*c.now, *jwt.issued_at), clock),
        {{"clock-skew", diagnosis::decisive}, {"not-yet-active", 8}});
  } else if (future(jwt.not_before)) {
    const bool young = jwt.issued_at && *jwt.not_before > *jwt.issued_at + clock_tolerance;
    say("jwt.not-yet-valid", "nbf",
        fmt::format("The token is not valid for another {}, {}.", how_long(*c.now, *jwt.not_before),
                    clock),
        young ? std::vector<catalogue::Weight>{{"not-yet-active", 30}, {"clock-skew", 14}}
              : std::vector<catalogue::Weight>{{"clock-skew", 28}, {"not-yet-active", 20}});
  }
}

void judge_form(const Case& c, const Jwt& jwt, diagnosis::Findings& findings) {
  if (jwt.algorithm == "none" || jwt.signature.empty()) {
    findings.push_back({.id = "jwt.unsigned",
                        .place = c.main->where() + ", JWT header alg",
                        .text = "The token is not signed.",
                        .weights = {{"bad-signature", 22}, {"malformed", 10}}});
  }
  if (jwt.expires && jwt.issued_at && *jwt.expires < *jwt.issued_at) {
    findings.push_back(
        {.id = "jwt.times-reversed",
         .place = c.main->where() + ", JWT claims iat and exp",
         .text = "The token expires before it was issued: its issuer set exp wrongly.",
         .weights = {{"expired", 20}, {"clock-skew", 6}}});
  }
}

// An audience that is a URL names the API that the token is for.
void judge_audience(const Case& c, const Jwt& jwt, diagnosis::Findings& findings) {
  const bool names_urls =
      !jwt.audience.empty() &&
      std::ranges::all_of(jwt.audience, [](const std::string& a) { return a.contains("://"); });
  if (!names_urls || c.url.host.empty()) return;
  const bool for_us = std::ranges::any_of(
      jwt.audience, [&](const std::string& a) { return http::parse_url(a).host == c.url.host; });
  // A token whose audience is its issuer's own host (OpenID's userinfo) was made without asking for
  // this API.
  const bool for_issuer = !for_us && std::ranges::all_of(jwt.audience, [&](const std::string& a) {
    return http::parse_url(a).host == http::parse_url(jwt.issuer).host;
  });
  findings.push_back(
      {.id = for_us ? "jwt.audience-matches" : "jwt.audience-differs",
       .place = c.main->where() + ", JWT claim aud",
       .text = for_us ? "The token's audience is this host."
                      : fmt::format("The token's audience is {}, the request went to {}.",
                                    jwt.audience.front(), c.url.host),
       .weights = {{"wrong-audience", for_us       ? -14.0
                                      : for_issuer ? 20.0
                                                   : 8.0}}});
}

}  // namespace

void inspect_jwt(const Case& c, diagnosis::Findings& findings) {
  if (!c.main) return;
  const std::string& value = c.main->secret();
  const auto jwt = credential::read_jwt(value);
  if (jwt) {
    judge_times(c, *jwt, findings);
    judge_form(c, *jwt, findings);
    judge_audience(c, *jwt, findings);
  } else if (value.starts_with("eyJ") && value.contains('.') && c.main->scheme != "Basic") {
    const auto dots = std::ranges::count(value, '.');
    // Encrypted tokens (RFC 7516) have five parts, and only their header can be read.
    if (dots == 4) return;
    findings.push_back(
        {.id = "jwt.broken",
         .place = c.main->where(),
         .text =
             dots == 2
                 ? "It starts like a JWT, but its parts do not decode: it was changed or cut."
                 : fmt::format("It starts like a JWT, but has {} parts instead of 3: it was cut.",
                               dots + 1),
         .weights = {
             {"malformed", dots == 2 ? 12.0 : 24.0}, {"interpolated", 6}, {"bad-signature", 4}}});
  }
}

}  // namespace locksmith::inspect

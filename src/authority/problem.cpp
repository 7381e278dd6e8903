#include "authority/problem.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "authority/compiled.hpp"
#include "authority/problem_words.hpp"
#include "authority/record.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace locksmith::authority {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
using std::chrono::seconds;

constexpr std::string_view hidden = "The request was refused.";

std::string http_date(base::Time time) {  // IMF-fixdate, RFC 9110 section 5.6.7
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", time);
}

std::int64_t whole_seconds(auto duration) { return std::chrono::ceil<seconds>(duration).count(); }

// Draft draft-ietf-httpapi-ratelimit-headers-10: structured fields, one member per policy.
void add_rate_headers(const Decision& decision, Headers& out) {
  std::string policies, states;
  const auto add = [](std::string& list, const std::string& member) {
    list += (list.empty() ? "" : ", ") + member;
  };
  const RateStatus& rate = decision.rate;
  if (rate.limited) {
    add(policies, fmt::format("\"rate\";q={};w={}", rate.limit, rate.period.count()));
    const auto until = rate.passed ? whole_seconds(rate.reset) : whole_seconds(rate.retry);
    add(states, fmt::format("\"rate\";r={};t={}", rate.remaining, until));
  }
  const QuotaStatus& quota = decision.quota;
  if (quota.limited) {
    add(policies, fmt::format("\"quota\";q={}", quota.limit));
    add(states, fmt::format("\"quota\";r={};t={}", quota.limit - std::min(quota.used, quota.limit),
                            quota.reset.count()));
  }
  if (policies.empty()) return;
  out.emplace_back("RateLimit-Policy", policies);
  out.emplace_back("RateLimit", states);
}

// What may be told to whom.
struct Told {
  bool cause = false;   // slug, title, page
  bool detail = false;  // sentences
  bool proven = false;  // what the store knows
};

Told told(const Policy& policy, const Decision& decision) {
  const bool any = policy.disclosure != Disclosure::none;
  return {any, policy.disclosure == Disclosure::full, any && decision.proven};
}

int status_of(const Decision& decision) {
  switch (decision.cause) {
    case Cause::conflicting_credentials:
      return 400;  // RFC 6750 section 3.1, invalid_request
    case Cause::wrong_endpoint:
      return decision.failed_first == Check::transport ? 403 : 404;
    case Cause::account_suspended:
    case Cause::ip_blocked:
    case Cause::referrer_blocked:
    case Cause::endpoint_not_enabled:
    case Cause::method_not_permitted:
    case Cause::missing_scope:
    case Cause::plan_required:
      return 403;
    case Cause::rate_limited:
    case Cause::billing:
    case Cause::abuse_blocked:
      return 429;
    default:
      return 401;
  }
}

// RFC 6750 section 3.1; none when the request holds no credential of ours (section 3).
std::string_view bearer_error(const Decision& decision) {
  switch (decision.cause) {
    case Cause::missing:
    case Cause::wrong_header:
    case Cause::wrong_scheme:
    case Cause::env_unset:
      return {};
    case Cause::conflicting_credentials:
      return "invalid_request";
    case Cause::missing_scope:
      return "insufficient_scope";
    default:
      return status_of(decision) == 401 ? "invalid_token" : std::string_view();
  }
}

// A quoted-string of error_description may hold only these (RFC 6750 section 3).
std::string plain_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
    if (c == '"') c = '\'';
    if (c == '\\') c = '/';
  }
  return out;
}

std::string challenge(const Placement& placement, const Telling& t, const Told& tell,
                      std::string_view detail) {
  const std::string& realm = t.snapshot.policy().realm;
  if (placement.kind == Placement::Kind::basic_user ||
      placement.kind == Placement::Kind::basic_password)
    return fmt::format("Basic realm=\"{}\", charset=\"UTF-8\"", realm);
  // There is no registered scheme for a bare key in a field of its own, but a challenge there must
  // be (RFC 9110 section 11.6.1): this is what others send, too.
  if (placement.scheme.empty() || placement.kind != Placement::Kind::header)
    return fmt::format("ApiKey realm=\"{}\"", realm);
  std::string out = placement.scheme;
  const auto add = [&](std::string_view parameter, std::string_view value) {
    (((out += parameter) += "=\"") += value) += '"';
  };
  add(" realm", realm);
  if (!base::equals_ignoring_case(placement.scheme, "Bearer") || !tell.cause) return out;
  const std::string_view error = bearer_error(t.decision);
  if (error.empty()) return out;
  add(", error", error);
  if (tell.detail) add(", error_description", plain_ascii(detail));
  if (t.decision.cause == Cause::missing_scope)
    add(", scope", plain_ascii(fmt::format("{}", fmt::join(missing_scopes(t), " "))));
  return out;
}

void add_challenges(const Telling& t, const Told& tell, std::string_view detail, Headers& out) {
  std::vector<std::string> challenges;
  for (const Placement& placement : t.snapshot.policy().placements) {
    std::string text = challenge(placement, t, tell, detail);
    if (std::ranges::find(challenges, text) == challenges.end())
      challenges.push_back(std::move(text));
  }
  if (challenges.empty())
    challenges.push_back(fmt::format("ApiKey realm=\"{}\"", t.snapshot.policy().realm));
  out.emplace_back("WWW-Authenticate", fmt::format("{}", fmt::join(challenges, ", ")));
}

// When the request may come again.
std::int64_t retry_after(const Telling& t) {
  const Decision& decision = t.decision;
  if (decision.cause == Cause::rate_limited)
    return std::max<std::int64_t>(1, whole_seconds(decision.rate.retry));
  if (decision.cause == Cause::billing) return decision.quota.reset.count();
  // The limit on wrong keys is the same for everybody: its period says enough.
  return t.snapshot.policy().wrong_keys ? t.snapshot.policy().wrong_keys->period.count() : 60;
}

struct Sentences {
  std::string detail, fix;
};

// What else is wrong.
void write_also(const Telling& t, const Told& tell, base::JsonWriter& json) {
  auto others = t.decision.failed;
  others.reset(static_cast<std::size_t>(t.decision.failed_first));
  if (others.none()) return;
  json.name("also");
  json.open('[');
  for (std::size_t i = 0; i < check_count; ++i) {
    if (!others[i]) continue;
    json.open('{');
    json.member("cause", slug(t.decision.causes[i]));
    if (tell.detail)
      json.member("detail", words_of(t, static_cast<Check>(i), t.decision.causes[i]).fact);
    json.close('}');
  }
  json.close(']');
}

void write_key(const Telling& t, base::JsonWriter& json) {
  const KeyTexts texts = t.snapshot.texts(*t.decision.key);
  json.name("key");
  json.open('{');
  json.member("id", texts.id);
  if (!texts.hint.empty()) json.member("hint", texts.hint);
  json.close('}');
}

std::string body(const Telling& t, const Told& tell, int status, const Sentences& words,
                 std::string_view request_id) {
  std::string out;
  out.reserve(600);
  base::JsonWriter json(out);
  json.open('{');
  json.member("type", tell.cause ? t.snapshot.policy().pages + std::string(slug(t.decision.cause))
                                 : "about:blank");
  json.member("title", tell.cause ? title(t.decision.cause) : "Refused");
  json.member("status", status);
  json.member("detail", words.detail);
  json.member("instance", request_id);
  if (tell.cause) {
    json.member("cause", slug(t.decision.cause));
    write_also(t, tell, json);
    if (tell.detail && !words.fix.empty()) json.member("fix", words.fix);
    if (tell.proven && tell.detail) write_key(t, json);
  }
  json.close('}');
  return out;
}

}  // namespace

Refusal refusal(const Snapshot& snapshot, const Request& request, const Decision& decision,
                std::string_view request_id, Instant now) {
  const Telling t{snapshot, request, decision, now};
  const Told tell = told(snapshot.policy(), decision);
  Sentences words{std::string(tell.cause ? title(decision.cause) : hidden), {}};
  if (tell.detail) {
    Words own = words_of(t, decision.failed_first, decision.cause);
    words = {std::move(own.fact), std::move(own.fix)};
  }
  Refusal out;
  out.status = status_of(decision);
  out.detail = words.detail;
  out.headers.reserve(5);
  out.headers.emplace_back("Content-Type", "application/problem+json");
  out.headers.emplace_back("Cache-Control", "no-store");
  if (out.status == 401 || decision.cause == Cause::missing_scope)
    add_challenges(t, tell, words.detail, out.headers);
  if (out.status == 429) out.headers.emplace_back("Retry-After", fmt::format("{}", retry_after(t)));
  if (decision.proven && tell.cause) add_rate_headers(decision, out.headers);
  out.body = body(t, tell, out.status, words, request_id);
  return out;
}

Headers allowed_headers(const Snapshot& snapshot, const Decision& decision, Instant) {
  Headers out;
  add_rate_headers(decision, out);
  if (!decision.retiring) return out;
  const Key key = snapshot.to_key(*decision.key);
  if (key.since)
    out.emplace_back("Deprecation", fmt::format("@{}", key.since->time_since_epoch().count()));
  if (key.grace_until) out.emplace_back("Sunset", http_date(*key.grace_until));
  return out;
}

}  // namespace locksmith::authority

// The table from outcomes to weights. Causes fall into families by how far a request gets: a server
// that never looked at the key, one that could not make out whose it is, one that knows it and
// knows it dead, one that knows it and bars it. Each family predicts the outcomes alike, so that
// the weights are those of a family, with exceptions per cause behind it.
#include "probe/interpret.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "credential/characters.hpp"

namespace locksmith::probe {
namespace {

using diagnosis::clear;
using diagnosis::decisive;
using diagnosis::moderate;
using diagnosis::strong;
using diagnosis::weak;
using Causes = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> unseen = {
    "missing",          "env-unset",      "wrong-header",       "wrong-scheme",
    "redirect-dropped", "proxy-stripped", "gateway-auth",       "waf-blocked",
    "cors-preflight",   "csrf",           "client-certificate", "provider-outage"};
constexpr std::array<std::string_view, 13> unreadable = {"placeholder",
                                                         "whitespace",
                                                         "invisible-character",
                                                         "quoted",
                                                         "interpolated",
                                                         "malformed",
                                                         "encoding",
                                                         "wrong-credential-type",
                                                         "incomplete-credential",
                                                         "wrong-provider",
                                                         "wrong-environment",
                                                         "unknown-key",
                                                         "stale-environment"};
constexpr std::array<std::string_view, 6> dead = {"expired", "not-yet-active", "revoked",
                                                  "leaked",  "retired",        "wrong-audience"};
constexpr std::array<std::string_view, 8> barred = {"missing-scope",        "method-not-permitted",
                                                    "endpoint-not-enabled", "resource-forbidden",
                                                    "plan-required",        "billing",
                                                    "account-suspended",    "org-policy"};

// Rules on the caller rather than on the key: mostly asked before the key, but also kept per key.
constexpr std::array<std::string_view, 4> gates = {"ip-blocked", "region-blocked", "abuse-blocked",
                                                   "referrer-blocked"};

struct Shift {
  Causes family;  // or, when empty, the one cause
  std::string_view cause;
  double decibans;

  constexpr Shift(Causes causes, double weight) : family(causes), decibans(weight) {}
  constexpr Shift(const char* slug, double weight) : cause(slug), decibans(weight) {}
};

struct Rule {
  std::string_view probe;
  Outcome outcome;
  std::string_view text;
  std::span<const Shift> shifts;  // a later one replaces an earlier one
};

// A server that looked would hardly use the same words; but "Unauthorized" for everything is
// common, so that what it could not make out loses little.
constexpr Shift blind[] = {{unseen, moderate}, {unreadable, -weak}, {dead, -moderate},
                           {barred, -clear},   {gates, weak},       {"wrong-endpoint", weak}};
constexpr Shift seen[] = {
    {unseen, -clear},           {"missing", -strong}, {"wrong-header", -moderate},
    {"wrong-scheme", -weak},    {"csrf", -weak},      {"client-certificate", -weak},
    {"provider-outage", -weak}, {"env-unset", 0}};  // a literal "$NAME" is seen like any value
constexpr Shift open_to_all[] = {{"conflicting-credentials", moderate},
                                 {unreadable, weak},
                                 {"malformed", moderate},
                                 {dead, weak},
                                 {barred, -clear},
                                 {unseen, -strong},
                                 {"missing-required-header", -clear},
                                 {"ip-blocked", -clear},
                                 {"wrong-scheme", 0},
                                 {"env-unset", 0}};
// A server that never looks answers a made-up key alike, too.
constexpr Shift not_recognised[] = {{unseen, moderate}, {unreadable, moderate}, {dead, -weak},
                                    {"revoked", weak},  {"leaked", weak},       {barred, -clear},
                                    {gates, weak}};
constexpr Shift recognised[] = {{unseen, -clear},
                                {unreadable, -clear},
                                {"wrong-environment", -weak},
                                {"wrong-credential-type", -weak},
                                {"incomplete-credential", -weak},
                                {dead, moderate},
                                {barred, moderate},
                                {"ip-blocked", moderate},
                                {"referrer-blocked", moderate}};
// Sent to the documented place and without what a header cannot hold: placement and line ends stay
// open.
constexpr Shift key_is_good[] = {{barred, moderate},
                                 {"account-suspended", -clear},
                                 {"billing", 0},
                                 {"wrong-endpoint", moderate},
                                 {unreadable, -strong},
                                 {"whitespace", 0},
                                 {"encoding", 0},
                                 {"incomplete-credential", -weak},
                                 {"wrong-environment", -weak},
                                 {dead, -decisive},
                                 {gates, -moderate},
                                 {"missing", -moderate}};
constexpr Shift key_is_bad[] = {{unreadable, moderate},        {dead, moderate},
                                {"env-unset", moderate},       {barred, -moderate},
                                {"account-suspended", 0},      {"org-policy", -weak},
                                {"wrong-endpoint", -moderate}, {"wrong-header", -moderate}};
constexpr Shift barred_everywhere[] = {
    {"account-suspended", moderate},   {gates, moderate},
    {"waf-blocked", moderate},         {"org-policy", weak},
    {"resource-forbidden", -moderate}, {"endpoint-not-enabled", -weak}};
constexpr Shift proxy_to_blame[] = {{"proxy-stripped", decisive}, {"gateway-auth", moderate}};
constexpr Shift proxy_to_blame_too[] = {{"proxy-stripped", clear}, {"gateway-auth", clear}};
constexpr Shift not_the_proxy[] = {{"proxy-stripped", -weak}, {"gateway-auth", -weak}};
constexpr Shift one_too_many[] = {{"conflicting-credentials", decisive}};
constexpr Shift not_too_many[] = {{"conflicting-credentials", -moderate}};
constexpr Shift agent_to_blame[] = {{"waf-blocked", decisive},
                                    {"missing-required-header", moderate}};
constexpr Shift past_the_agent[] = {{"waf-blocked", clear}, {"missing-required-header", weak}};
constexpr Shift not_the_agent[] = {{"waf-blocked", -weak}};
constexpr Shift address_to_blame[] = {{"ip-blocked", decisive}};
constexpr Shift past_the_address[] = {{"ip-blocked", clear}};
constexpr Shift not_this_address[] = {{"ip-blocked", -1}};  // a list mostly lacks both
constexpr Shift origin_to_blame[] = {{"referrer-blocked", decisive}};
constexpr Shift past_the_origin[] = {{"referrer-blocked", moderate}};
constexpr Shift not_the_origin[] = {{"referrer-blocked", -moderate}};
constexpr Shift asking_is_free[] = {{"cors-preflight", -clear}};
constexpr Shift asking_is_barred[] = {{"cors-preflight", moderate}};
constexpr Shift path_to_blame[] = {{"wrong-endpoint", decisive}, {"redirect-dropped", moderate}};
constexpr Shift version_to_blame[] = {{"waf-blocked", decisive}, {"proxy-stripped", clear}};
constexpr Shift past_the_version[] = {{"waf-blocked", moderate}, {"proxy-stripped", weak}};
constexpr Shift passing[] = {{"provider-outage", moderate}, {"not-yet-active", moderate},
                             {"rate-limited", moderate},    {"stale-environment", moderate},
                             {"ip-blocked", weak},          {"waf-blocked", weak}};

constexpr std::array rules = {
    Rule{"as-is", Outcome::accepted, "The same request is accepted now, from here", passing},
    Rule{"as-is", Outcome::same, "The same request is still refused with the same words", {}},
    Rule{"as-is", Outcome::differs, "The same request is now refused with other words", {}},
    Rule{"no-credential", Outcome::accepted,
         "Without any key the request is accepted: the endpoint is public, and the key only harms",
         open_to_all},
    Rule{"no-credential", Outcome::same,
         "Without any key the refusal is the same: the server does not see the key, or does not "
         "look at it",
         blind},
    Rule{"no-credential", Outcome::differs,
         "Without any key the refusal is another one: the server has seen the key", seen},
    Rule{"random-key",
         Outcome::accepted,
         "A made-up key is accepted: the endpoint does not check it",
         {}},
    Rule{"random-key", Outcome::same,
         "A made-up key of the same shape gets the same refusal: the server does not recognise "
         "this key",
         not_recognised},
    Rule{"random-key", Outcome::differs,
         "A made-up key of the same shape gets another refusal: the server knows this key",
         recognised},
    Rule{"cleaned", Outcome::accepted, "Without it the key is accepted", {}},
    Rule{"cleaned", Outcome::same, "Without it the refusal stays the same", {}},
    Rule{"cleaned", Outcome::differs, "Without it the refusal is another one", {}},
    Rule{"where-expected",
         Outcome::accepted,
         "The key is accepted where this API documents its place",
         {}},
    Rule{"where-expected",
         Outcome::same,
         "The refusal stays the same with the key where this API documents its place",
         {}},
    Rule{"where-expected",
         Outcome::differs,
         "The refusal is another one with the key where this API documents its place",
         {}},
    Rule{"whoami", Outcome::accepted, "The API says whose key it is: the key itself is good",
         key_is_good},
    Rule{"whoami", Outcome::same,
         "The key is refused even for the request that every good key may make", key_is_bad},
    Rule{"whoami", Outcome::differs,
         "The API forbids even the request that every good key may make", barred_everywhere},
    Rule{"no-proxy", Outcome::accepted, "Past the proxy the request is accepted", proxy_to_blame},
    Rule{"no-proxy", Outcome::same, "Past the proxy the refusal is the same", not_the_proxy},
    Rule{"no-proxy", Outcome::differs, "Past the proxy the refusal is another one",
         proxy_to_blame_too},
    Rule{"one-credential", Outcome::accepted, "With one credential only the request is accepted",
         one_too_many},
    Rule{"one-credential", Outcome::same, "With one credential only the refusal is the same",
         not_too_many},
    Rule{"one-credential",
         Outcome::differs,
         "With one credential only the refusal is another one",
         {}},
    Rule{"plain-user-agent", Outcome::accepted,
         "With another User-Agent the request is accepted: this client's name is refused",
         agent_to_blame},
    Rule{"plain-user-agent", Outcome::same, "With another User-Agent the refusal is the same",
         not_the_agent},
    Rule{"plain-user-agent", Outcome::differs, "With another User-Agent the refusal is another one",
         past_the_agent},
    Rule{"ipv4", Outcome::accepted,
         "Over IPv4 the request is accepted: this machine's IPv6 address is refused",
         address_to_blame},
    Rule{"ipv4", Outcome::same, "Over IPv4 the refusal is the same", not_this_address},
    Rule{"ipv4", Outcome::differs, "Over IPv4 the refusal is another one", past_the_address},
    Rule{"ipv6", Outcome::accepted,
         "Over IPv6 the request is accepted: this machine's IPv4 address is refused",
         address_to_blame},
    Rule{"ipv6", Outcome::same, "Over IPv6 the refusal is the same", not_this_address},
    Rule{"ipv6", Outcome::differs, "Over IPv6 the refusal is another one", past_the_address},
    Rule{"no-origin", Outcome::accepted, "Without Origin and Referer the request is accepted",
         origin_to_blame},
    Rule{"no-origin", Outcome::same, "Without Origin and Referer the refusal is the same",
         not_the_origin},
    Rule{"no-origin", Outcome::differs, "Without Origin and Referer the refusal is another one",
         past_the_origin},
    Rule{"preflight", Outcome::accepted, "The preflight of a browser is answered", asking_is_free},
    Rule{"preflight", Outcome::same,
         "The preflight of a browser, which carries no key, gets the same refusal",
         asking_is_barred},
    Rule{"preflight", Outcome::differs,
         "The preflight of a browser, which carries no key, is refused", asking_is_barred},
    Rule{"trailing-slash", Outcome::accepted,
         "The path with the other ending (with or without the last slash) is accepted",
         path_to_blame},
    Rule{"trailing-slash",
         Outcome::same,
         "The path with the other ending gets the same refusal",
         {}},
    Rule{"trailing-slash",
         Outcome::differs,
         "The path with the other ending gets another answer",
         {}},
    Rule{"other-http-version", Outcome::accepted,
         "Over another version of HTTP the request is accepted", version_to_blame},
    Rule{"other-http-version",
         Outcome::same,
         "Over another version of HTTP the refusal is the same",
         {}},
    Rule{"other-http-version", Outcome::differs,
         "Over another version of HTTP the refusal is another one", past_the_version},
};

void put(std::vector<catalogue::Weight>& weights, std::string_view cause, double decibans) {
  const auto hit = std::ranges::find(weights, cause, &catalogue::Weight::cause);
  if (hit != weights.end()) weights.erase(hit);
  if (decibans != 0) weights.push_back({cause, decibans});
}

std::vector<catalogue::Weight> expand(std::span<const Shift> shifts) {
  std::vector<catalogue::Weight> weights;
  for (const Shift& shift : shifts) {
    for (const std::string_view cause : shift.family) put(weights, cause, shift.decibans);
    if (shift.family.empty()) put(weights, shift.cause, shift.decibans);
  }
  return weights;
}

std::string_view cause_of(credential::Defect defect) {
  using enum credential::Defect;
  switch (defect) {
    case white_space:
      return "whitespace";
    case invisible:
      return "invisible-character";
    case quote:
      return "quoted";
    case unexpanded:
    case null_word:
    case printed_object:
      return "env-unset";
    case placeholder:
      return "placeholder";
    case masked:
    case not_a_key:
      return "malformed";
    case doubled_scheme:
      return "wrong-scheme";
    case url_encoded:
    case non_ascii:
      return "encoding";
  }
  return "malformed";
}

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// An experiment that mends one thing: it worked, it changed nothing, or it uncovered the next
// refusal.
double mended(Outcome outcome) {
  return outcome == Outcome::accepted ? decisive : outcome == Outcome::same ? -moderate : moderate;
}

// What clean() took away, and what a header cannot hold, which the transport leaves out.
void weigh_defects(diagnosis::Finding& finding, Outcome outcome, const inspect::Case& failure) {
  std::string what;
  for (const credential::CharacterFinding& defect :
       credential::find_defects(failure.main->secret())) {
    if (defect.cleaned.empty()) continue;
    what += (what.empty() ? "" : ", ") + defect.what;
    put(finding.weights, cause_of(defect.defect), mended(outcome));
  }
  if (!what.empty())
    finding.text = fmt::format("The key was sent without {}. {}", what, finding.text);
}

bool ends_in_line_break(const inspect::Case& failure) {
  if (!failure.main || failure.main->place != credential::Place::header) return false;
  const std::string& value = failure.main->value.reveal();
  return value.ends_with('\n') || value.ends_with('\r') || value.starts_with('\n') ||
         value.starts_with('\r');
}

void weigh_placement(diagnosis::Finding& finding, Outcome outcome, const http::Request& sent,
                     const inspect::Case& failure) {
  // The same header with another scheme in it is a matter of the scheme.
  const std::string* there = sent.headers.find(failure.main->name);
  const bool same_header = failure.main->place == credential::Place::header && there;
  put(finding.weights, same_header ? "wrong-scheme" : "wrong-header", mended(outcome));
}

// Whether the proxy spoke for itself, or kept the key from an API that then missed it.
void weigh_proxy(diagnosis::Finding& finding, Outcome outcome, const inspect::Case& failure) {
  if (outcome != Outcome::accepted) return;
  const int status = failure.response.status;
  const bool page = failure.response.body.starts_with('<') ||
                    failure.response.headers.get("Content-Type").contains("html");
  if (status == 407) {
    finding.weights = {{"gateway-auth", decisive}};
  } else if (page) {
    finding.weights = {{"gateway-auth", decisive}, {"proxy-stripped", moderate}};
    if (status == 403) put(finding.weights, "waf-blocked", strong);
  } else if (status == 403) {
    put(finding.weights, "ip-blocked", strong);  // the proxy's address instead of one's own
  }
}

// A missing page that is there with the other ending, though refused.
void weigh_path(diagnosis::Finding& finding, Outcome outcome, const inspect::Case& failure) {
  if (outcome == Outcome::differs && failure.response.status == 404)
    put(finding.weights, "wrong-endpoint", clear);
  if (outcome == Outcome::accepted && failure.bundle.failing > 0)
    finding.weights = {{"redirect-dropped", decisive}, {"wrong-endpoint", clear}};
}

// What depends on the case and not only on the outcome.
void adjust(diagnosis::Finding& finding, std::string_view probe, Outcome outcome,
            const http::Request& sent, const inspect::Case& failure) {
  if (outcome == Outcome::inconclusive) return;
  if (probe == "no-proxy") weigh_proxy(finding, outcome, failure);
  if (probe == "trailing-slash") weigh_path(finding, outcome, failure);
  if (!failure.main) return;
  if (probe == "cleaned") weigh_defects(finding, outcome, failure);
  if (probe == "where-expected") weigh_placement(finding, outcome, sent, failure);
  // Who gets in and then finds no page has a good key, and perhaps a wrong path.
  if (probe == "random-key" && outcome == Outcome::differs && failure.response.status == 404)
    put(finding.weights, "wrong-endpoint", moderate);
  if (probe != "as-is" || outcome != Outcome::accepted) return;
  if (!is_safe(failure.request.method) && is_safe(sent.method)) {
    finding.text = "A GET of the same URL is accepted: the key may read";
    finding.weights = {
        {"method-not-permitted", clear}, {"missing-scope", moderate}, {"csrf", moderate}};
  } else if (ends_in_line_break(failure)) {
    finding.text = "The same request is accepted when the line break around the key is not sent";
    finding.weights = {{"whitespace", decisive}};
  }
}

}  // namespace

diagnosis::Finding reading_of(const Probe& probe, Outcome outcome, const http::Request& sent,
                              const inspect::Case& failure) {
  diagnosis::Finding finding;
  finding.id = fmt::format("probe.{}", probe.name);
  finding.text = "The answer tells nothing about the key";
  const auto rule = std::ranges::find_if(
      rules, [&](const Rule& r) { return r.probe == probe.name && r.outcome == outcome; });
  if (rule != rules.end()) {
    finding.text = rule->text;
    finding.weights = expand(rule->shifts);
  }
  adjust(finding, probe.name, outcome, sent, failure);
  finding.text += '.';
  return finding;
}

diagnosis::Findings interpret(const Probe& probe, const http::Exchange& original,
                              const http::Exchange& outcome, const inspect::Case& failure) {
  const Outcome result = outcome_of(probe, original, outcome, failure);
  diagnosis::Finding finding = reading_of(probe, result, outcome.request, failure);
  finding.place = fmt::format("live request '{}', status {}", probe.name, outcome.response.status);
  return {std::move(finding)};
}

}  // namespace locksmith::probe

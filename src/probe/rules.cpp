// The table from outcomes to weights. Causes fall into families by how far a request gets: a server
// that never looked at the key, one that could not make out whose it is, one that knows it and
// knows it dead, one that knows it and bars it. Each family predicts the outcomes alike, so that
// the weights are those of a family, with exceptions per cause behind it.
#include "probe/rules.hpp"

#include <array>

namespace locksmith::probe {
namespace {

using diagnosis::clear;
using diagnosis::decisive;
using diagnosis::moderate;
using diagnosis::strong;
using diagnosis::weak;

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
// Limits and bans are mostly kept per address, too.
constexpr Shift address_to_blame[] = {{"ip-blocked", decisive},
                                      {"rate-limited", decisive - weak},
                                      {"abuse-blocked", decisive - weak}};
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
constexpr Shift header_to_blame[] = {{"wrong-header", decisive}};
constexpr Shift not_the_header[] = {{"wrong-header", -moderate}};
constexpr Shift scheme_to_blame[] = {{"wrong-scheme", decisive}};
constexpr Shift not_the_scheme[] = {{"wrong-scheme", -moderate}};
// The collection may be open to all, so that this says less than a whoami.
constexpr Shift good_one_level_up[] = {{"resource-forbidden", moderate},
                                       {"missing-scope", weak},
                                       {"wrong-endpoint", weak},
                                       {unseen, -weak},
                                       {unreadable, -moderate},
                                       {dead, -moderate},
                                       {gates, -weak},
                                       {"account-suspended", -weak},
                                       {"billing", -weak}};
constexpr Shift bad_one_level_up[] = {
    {unreadable, weak}, {dead, weak}, {"resource-forbidden", -moderate}, {"wrong-endpoint", -weak}};
constexpr Shift barred_one_level_up[] = {{"resource-forbidden", -weak}};
constexpr Shift time_to_blame[] = {
    {"rate-limited", decisive}, {"provider-outage", moderate}, {"not-yet-active", moderate}};
constexpr Shift not_the_time[] = {{"rate-limited", -weak}, {"billing", weak}};
constexpr Shift environment_to_blame[] = {{"wrong-environment", decisive}};
constexpr Shift past_the_environment[] = {{"wrong-environment", moderate}};
constexpr Shift not_this_environment[] = {{"wrong-environment", -weak}};
constexpr Shift passing[] = {{"provider-outage", moderate}, {"not-yet-active", moderate},
                             {"rate-limited", moderate},    {"stale-environment", moderate},
                             {"ip-blocked", weak},          {"waf-blocked", weak}};

constexpr std::array all_rules = {
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
    Rule{"other-header", Outcome::accepted, "In the other customary header the key is accepted",
         header_to_blame},
    Rule{"other-header", Outcome::same,
         "In the other customary header the key gets the same refusal", not_the_header},
    Rule{"other-header",
         Outcome::differs,
         "In the other customary header the key gets another refusal",
         {}},
    Rule{"other-scheme", Outcome::accepted, "Behind another scheme the key is accepted",
         scheme_to_blame},
    Rule{"other-scheme", Outcome::same, "Behind another scheme the key gets the same refusal",
         not_the_scheme},
    Rule{
        "other-scheme", Outcome::differs, "Behind another scheme the key gets another refusal", {}},
    Rule{"simple-endpoint", Outcome::accepted, "One level up the key is accepted",
         good_one_level_up},
    Rule{"simple-endpoint", Outcome::same, "One level up the key is not accepted either",
         bad_one_level_up},
    Rule{"simple-endpoint", Outcome::differs, "One level up the request is forbidden as well",
         barred_one_level_up},
    Rule{"after-waiting", Outcome::accepted,
         "After the time that the server asked for the request is accepted", time_to_blame},
    Rule{"after-waiting", Outcome::same,
         "After the time that the server asked for the refusal is the same", not_the_time},
    Rule{"after-waiting",
         Outcome::differs,
         "After the time that the server asked for the refusal is another one",
         {}},
    Rule{"neighbour-host", Outcome::accepted,
         "Another environment of this provider accepts the key", environment_to_blame},
    Rule{"neighbour-host", Outcome::same,
         "Another environment of this provider does not accept the key either",
         not_this_environment},
    Rule{"neighbour-host", Outcome::differs,
         "Another environment of this provider knows the key, and forbids the request",
         past_the_environment},
};

}  // namespace

std::span<const Rule> rules() { return all_rules; }

}  // namespace locksmith::probe

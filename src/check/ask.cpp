// Asks the provider: its whoami, with the key where it documents that keys go.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/check.hpp"
#include "credential/redact.hpp"
#include "doctor/asking.hpp"
#include "doctor/doctor.hpp"
#include "doctor/surroundings.hpp"
#include "http/url.hpp"
#include "probe/rewrite.hpp"
#include "probe/safety.hpp"

namespace locksmith::check {
namespace {

using catalogue::KeyKind;
using catalogue::Placement;
using catalogue::Provider;
using enum Remark::Tone;

// Refusals after which the key is known to be good …
constexpr std::string_view only_limited[] = {"missing-scope", "method-not-permitted",
                                             "resource-forbidden", "endpoint-not-enabled",
                                             "plan-required"};
// … and those that say nothing of it.
constexpr std::string_view says_nothing[] = {
    "rate-limited",           "abuse-blocked",  "waf-blocked",    "region-blocked",
    "gateway-auth",           "proxy-stripped", "wrong-endpoint", "provider-outage",
    "client-certificate",     "cors-preflight", "csrf",           "redirect-dropped",
    "missing-required-header"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_bare(const Placement& placement) {
  if (placement.place == credential::Place::path || placement.place == credential::Place::body ||
      placement.place == credential::Place::userinfo)
    return false;
  return !placement.scheme.starts_with("AWS4-") && placement.scheme != "Digest" &&
         placement.name != "X-Amz-Signature";
}

// Of a Basic pair the other half is known where it is fixed, or empty.
bool is_complete(const Placement& placement) {
  return placement.basic_part != "password" || !placement.basic_user.empty();
}

// Where this kind of key goes, as far as that can be done with the key alone.
const Placement* placement_for(const Provider& provider, const KeyKind* kind) {
  for (const Placement& placement : provider.placements) {
    const bool takes = placement.kinds.empty() || !kind || contains(placement.kinds, kind->kind);
    if (takes && is_bare(placement) && is_complete(placement)) return &placement;
  }
  return nullptr;
}

// The other half that must go with it.
const catalogue::Companion* missing_half(const Provider& provider) {
  const std::string path = http::parse_url(provider.whoami.url).path;
  for (const catalogue::Companion& companion : provider.companions) {
    if (companion.cause == "incomplete-credential" && companion.example.empty() &&
        (companion.when.empty() || path.starts_with(companion.when)))
      return &companion;
  }
  return nullptr;
}

// A sentence; empty when the provider can be asked.
std::string why_not(const Checked& c, const AskOptions& options) {
  if (c.cleaned.empty()) return "There is no key to ask with.";
  if (!c.provider) return "Whose key it is is not known: --provider NAME says it.";
  const Provider& provider = *c.provider;
  const auto has = [&](std::string_view id) {
    return std::ranges::find(c.remarks, id, &Remark::id) != c.remarks.end();
  };
  if (has("kind.checksum")) return "Its checksum is wrong, so it was not sent.";
  if (has("kind.foreign")) return "A key of another provider is not sent.";
  if (c.kind && !c.kind->accepted)
    return fmt::format("{} does not take this kind of key.", provider.name);
  if (provider.whoami.url.empty())
    return fmt::format("No request of {} is known that every good key may make.", provider.name);
  const auto kinds = provider.whoami.kinds;
  if (c.kind && !kinds.empty() && !contains(kinds, c.kind->kind))
    return fmt::format("No request of {} is known that every good key of this kind may make.",
                       provider.name);
  if (provider.whoami.url.starts_with('/') && options.base_url.empty())
    return fmt::format("{} is hosted by many: --base-url URL says where.", provider.name);
  if (const auto* half = missing_half(provider))
    return fmt::format("{} needs {} as well, which is not known here.", provider.name, half->name);
  if (!placement_for(provider, c.kind))
    return fmt::format("{} takes it in a pair or a signature, so it cannot be sent alone.",
                       provider.name);
  return {};
}

bool is_own_host(const Provider& provider, std::string_view host) {
  const auto fits = [&](std::string_view pattern) { return http::host_matches(pattern, host); };
  return std::ranges::any_of(provider.hosts, fits) ||
         std::ranges::any_of(provider.environments, [&](const auto& environment) {
           return std::ranges::any_of(environment.hosts, fits);
         });
}

// A key of another environment than the whoami's goes to that environment's host.
Result<std::string> host_for(const Checked& c, std::string host) {
  for (const catalogue::HostEnvironment& environment : c.provider->environments) {
    if (environment.name != c.environment || environment.hosts.empty()) continue;
    const bool here = std::ranges::any_of(environment.hosts, [&](std::string_view pattern) {
      return http::host_matches(pattern, host);
    });
    if (here) return host;
    const std::string_view own = environment.hosts.front();
    if (own.contains('*'))
      return fail(
          ErrorCode::usage,
          fmt::format("The host of the environment {} is not known: --base-url URL says it.",
                      environment.name));
    return std::string(own);
  }
  return host;
}

Result<std::string> url_for(const Checked& c, std::string_view known, const AskOptions& options) {
  if (!options.base_url.empty()) {
    std::string base = options.base_url;
    while (base.ends_with('/')) base.pop_back();
    return base + (known.starts_with('/') ? std::string(known) : http::parse_url(known).target());
  }
  http::Url url = http::parse_url(known);
  auto host = host_for(c, url.host);
  if (!host) return std::unexpected(host.error());
  url.host = std::move(*host);
  if (url.scheme != "https" || !is_own_host(*c.provider, url.host))
    return fail(ErrorCode::usage, fmt::format("{} is no host of {}: its key is not sent there.",
                                              url.host, c.provider->name));
  return http::to_string(url);
}

http::Request request_to(const Provider& provider, std::string url) {
  http::Request request{.method = std::string(provider.whoami.method), .url = std::move(url)};
  if (request.method.empty()) request.method = "GET";
  request.headers.add("User-Agent", "locksmith");
  for (const catalogue::Companion& companion : provider.companions) {
    if (companion.place == credential::Place::header && !companion.example.empty() &&
        !request.headers.has(companion.name))
      request.headers.set(companion.name, std::string(companion.example));
  }
  return request;
}

std::string shown_url(const http::Request& request) {
  const http::Url url = http::parse_url(request.url);
  return fmt::format("{} {}{}", request.method, url.origin(), base::printable(url.path));
}

// What the answer tells must not hold the key, whatever the server does.
void redact(Told& told, const base::Secret& key) {
  credential::Redactor redactor(1);
  redactor.learn(key.reveal());
  for (std::string& text : told.owner) text = redactor.redact(text);
  told.name = redactor.redact(told.name);
  if (!told.scopes) return;
  for (std::string& text : *told.scopes) text = redactor.redact(text);
}

// The provider's word counts before the token's own.
void merge(Told& into, Told from) {
  if (!from.owner.empty()) into.owner = std::move(from.owner);
  if (!from.name.empty()) into.name = std::move(from.name);
  if (from.scopes) into.scopes = std::move(from.scopes);
  if (from.expires) into.expires = from.expires;
  into.never_expires |= from.never_expires;
  if (from.limit) into.limit = from.limit;
}

void take_answer(Checked& c, const http::Response& response, const AskOptions& options) {
  Told told = read_told(c.provider->whoami.answer, response, options.now);
  redact(told, c.cleaned);
  if (told.expires) c.expires_says = c.provider->name;
  merge(c.told, std::move(told));
  if (c.told.expires && *c.told.expires <= options.now && c.expires_says == c.provider->name)
    c.say(note, "answer.expiry-passed", "The expiry that the answer tells has passed.");
}

// A second request, only for the owner's name; that it fails says nothing of the key.
void ask_owner(Checked& c, const Placement& placement, const AskOptions& options,
               probe::Transport& transport) {
  const std::string_view known = c.provider->whoami.answer.owner_url;
  if (known.empty() || !c.told.owner.empty()) return;
  const auto url = url_for(c, known, options);
  if (!url) return;
  const auto request =
      probe::with_placed(request_to(*c.provider, *url), placement, c.cleaned.reveal());
  if (!request) return;
  options.progress(fmt::format("{}: whose is it?", c.provider->name));
  const auto sent = transport.send(*request, {}, {});
  if (!sent || sent->exchange.response.status != 200) return;
  catalogue::WhoamiAnswer owner_alone;
  owner_alone.owner = c.provider->whoami.answer.owner;
  Told told = read_told(owner_alone, sent->exchange.response, options.now);
  redact(told, c.cleaned);
  c.told.owner = std::move(told.owner);
}

// A shape that the provider does not hold to is the catalogue's error, not the key's.
void forgive_shape(Checked& c) {
  for (Remark& remark : c.remarks) {
    if (remark.id != "kind.broken" && remark.id != "kind.unlike") continue;
    remark.tone = note;
    remark.text += fmt::format(" {} accepts it all the same.", c.provider->name);
    c.whole = Whole::yes;
  }
}

void take_refusal(Checked& c, const report::Report& report) {
  const diagnosis::Candidate& leader = report.diagnosis.leader();
  const std::string_view slug = leader.cause->slug;
  if (report.diagnosis.determined) c.cause = slug;
  const bool out_of_order = report.status == 429 || report.status >= 500;
  if (contains(only_limited, slug) && report.diagnosis.determined)
    c.live = Live::limited;
  else if (contains(says_nothing, slug) || (out_of_order && !report.diagnosis.determined))
    c.live = Live::unclear;
  else
    c.live = Live::refused;
  if (report.diagnosis.determined) {
    c.diagnosis = leader.cause->sentence;
    return;
  }
  c.diagnosis = "The answer does not decide why; the likeliest:";
  for (std::size_t i = 0; i < 3 && i < report.diagnosis.causes.size(); ++i)
    c.diagnosis += fmt::format("{} {}", i ? "," : "", report.diagnosis.causes[i].cause->slug);
  c.diagnosis += ".";
}

}  // namespace

Result<void> check_base_url(std::string_view text) {
  const http::Url url = http::parse_url(text);
  const bool plain_text = !text.contains("://") || url.host.empty() || !url.query.empty() ||
                          url.has_fragment || !url.userinfo.empty();
  if (plain_text || (url.scheme != "https" && url.scheme != "http"))
    return fail(ErrorCode::usage, "--base-url is no URL that a path can be put behind",
                "for example https://gitlab.example.com");
  if (url.scheme == "http" && !http::is_loopback(url.host))
    return fail(ErrorCode::usage, "--base-url is plain http: the key could be read on the way",
                "https://, or http:// to this very machine");
  return {};
}

void ask(Checked& c, const catalogue::Catalogue& catalogue, const AskOptions& options,
         probe::Transport& transport) {
  c.not_asked_because = why_not(c, options);
  if (!c.not_asked_because.empty()) return;
  const auto url = url_for(c, c.provider->whoami.url, options);
  if (!url) {
    c.not_asked_because = url.error().message;
    return;
  }
  const Placement& placement = *placement_for(*c.provider, c.kind);
  auto request = probe::with_placed(request_to(*c.provider, *url), placement, c.cleaned.reveal());
  if (!request) {
    c.not_asked_because = "It cannot be put where this provider wants it.";
    return;
  }
  c.asked = shown_url(*request);
  doctor::Question question;
  question.bundle.exchanges = {{.request = *std::move(request)}};
  doctor::add_surroundings(question, catalogue);
  const report::Report report = doctor::examine(
      question, catalogue, {.budget = options.budget, .progress = options.progress}, &transport);
  c.status = report.status;
  switch (report.outcome) {
    case report::Outcome::not_refused:
      c.live = Live::accepted;
      c.status = question.bundle.failure().response.status;
      take_answer(c, question.bundle.failure().response, options);
      forgive_shape(c);
      ask_owner(c, placement, options, transport);
      break;
    case report::Outcome::unreachable:
      c.live = Live::unreachable;
      c.diagnosis = report.error ? report.error->message : "";
      c.hint = report.error ? report.error->hint : "";
      break;
    default:
      take_refusal(c, report);
  }
}

}  // namespace locksmith::check

// What the refusal says: the provider's own rules first, then those of whatever stood in front,
// then the usual words of any API.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "catalogue/message_text.hpp"
#include "catalogue/wording.hpp"
#include "credential/characters.hpp"
#include "inspect/asked_for.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using catalogue::Refusal;
using catalogue::Weight;
using diagnosis::Finding;

void add_weights(std::vector<Weight>& into, catalogue::Weights from, double factor) {
  for (const Weight& weight : from) {
    const auto same = std::ranges::find(into, weight.cause, &Weight::cause);
    if (same == into.end()) {
      into.push_back({weight.cause, weight.decibans * factor});
    } else {
      same->decibans += weight.decibans * factor;
    }
  }
}

// "error.code is invalid_api_key" without quoting a body that may echo the key.
std::string place_of(const Refusal& refusal) {
  std::string place;
  for (const catalogue::Condition& condition : refusal.when) {
    if (!place.empty()) place += ", ";
    switch (condition.what) {
      case catalogue::Condition::What::pointer:
        place += fmt::format("response body, {}", condition.name);
        break;
      case catalogue::Condition::What::header:
        place += fmt::format("response header {}", condition.name);
        break;
      case catalogue::Condition::What::body:
        place += "response body";
        break;
      default:
        place += "request";
        break;  // its header, path or host
    }
  }
  return place.empty() ? "response status" : place;
}

std::string quote_of(const Refusal& refusal) {
  for (const catalogue::Condition& condition : refusal.when) {
    const bool of_answer = condition.what == catalogue::Condition::What::pointer ||
                           condition.what == catalogue::Condition::What::body ||
                           condition.what == catalogue::Condition::What::header;
    if (of_answer && !condition.text.empty() && condition.text.size() <= 90)
      return fmt::format(" (\"{}\")", base::printable(condition.text));
  }
  return {};
}

// What a problem body says to people of this one occurrence (RFC 9457 section 3.1.4): more than the
// rule knows.
std::string own_sentence(const catalogue::ResponseView& view) {
  constexpr std::size_t longest = 300;
  if (!view.response().headers.get("Content-Type").contains("problem+json")) return {};
  const auto detail = view.pointer("/detail");
  if (!detail || detail->size() > longest) return {};
  return base::printable(*detail);
}

Finding from_rule(const Case& c, const Refusal& refusal, std::string_view who,
                  std::string_view id) {
  Finding finding{.id = std::string(id), .place = place_of(refusal)};
  const catalogue::Answer* answer =
      refusal.answer.empty() ? nullptr : c.catalogue.answer(refusal.answer);
  const bool sourced = refusal.source.starts_with("http");
  if (answer) {
    finding.fact = answer->kind;
    add_weights(finding.weights, answer->weights, sourced ? 1.0 : 0.75);
  }
  add_weights(finding.weights, refusal.weights, 1.0);
  std::string says;
  if (answer) {
    says = answer->says;
  } else if (!refusal.weights.empty()) {
    const auto best = std::ranges::max_element(refusal.weights, {}, &Weight::decibans);
    const catalogue::Cause* cause = c.catalogue.cause(best->cause);
    says = cause ? std::string(cause->title) + "." : std::string();
  }
  if (const std::string own = own_sentence(c.view); !own.empty()) says = own;
  finding.text =
      fmt::format("{} answered {}{}: {}", who, c.response.status, quote_of(refusal), says);
  if (!refusal.note.empty()) finding.text += fmt::format(" ({})", refusal.note);
  if (sourced) finding.source = refusal.source;
  finding.look_next = refusal.look_next;
  return finding;
}

// The part of the answer that speaks to people: its body, as far as it is read here.
constexpr std::size_t readable_body_bytes = 16384;

// "No 'Authorization: Basic' header found", although just that was sent: somebody took it away.
// When the message names a header that was not sent, the key sits in another one.
void judge_named_place(const Case& c, std::string_view body, Finding& finding) {
  if (!c.main || c.main->value.empty() || c.main->place != credential::Place::header) return;
  const std::string header = base::lower(c.main->name), scheme = base::lower(c.main->scheme);
  const bool names_header = body.contains(header);
  const bool names_scheme = !scheme.empty() && body.contains(scheme);
  const bool names_other_scheme = (scheme != "basic" && body.contains("basic")) ||
                                  (scheme != "bearer" && body.contains("bearer"));
  if (names_header)
    add_weights(finding.weights, std::vector<Weight>{{"proxy-stripped", 7}, {"wrong-header", -8}},
                1);
  if (names_scheme)
    add_weights(finding.weights, std::vector<Weight>{{"proxy-stripped", 4}, {"wrong-scheme", -8}},
                1);
  if (!names_scheme && names_other_scheme)
    add_weights(finding.weights, std::vector<Weight>{{"wrong-scheme", 6}}, 1);
  // The server found no key, and the provider reads several headers, not every one at every path.
  const auto other_header = [&](const catalogue::Placement& p) {
    return p.place == credential::Place::header && !base::equals_ignoring_case(p.name, header);
  };
  if (!names_header && c.provider && c.provider_by_host &&
      std::ranges::any_of(c.provider->placements, other_header))
    add_weights(finding.weights, std::vector<Weight>{{"wrong-header", 14}, {"proxy-stripped", -4}},
                1);
  if (!names_header && (body.contains("authorization") || body.contains("x-api-key")))
    add_weights(finding.weights, std::vector<Weight>{{"wrong-header", 9}}, 1);
}

// The message asks for a header that the request carries: it got lost on the way.
void judge_lost_header(const Case& c, std::string_view body, Finding& finding) {
  for (const http::Header& header : c.request.headers) {
    // A name of one word ("accept", "host") may stand in any sentence.
    if (!header.name.contains('-') || header.value.empty() ||
        base::equals_ignoring_case(header.name, "content-type"))
      continue;
    if (!body.contains(base::lower(header.name))) continue;
    finding.text += fmt::format(
        " But the request does carry {}: something in between took it away.", header.name);
    add_weights(finding.weights,
                std::vector<Weight>{{"proxy-stripped", 20},
                                    {"missing-required-header", -14},
                                    {"csrf", -6},
                                    {"missing", -6}},
                1);
    return;
  }
}

bool says(std::span<const catalogue::Spoken> spoken, std::string_view kind) {
  return std::ranges::any_of(spoken, [&](const auto& said) { return said.answer->kind == kind; });
}

// The server got another scheme than the one that was sent: somebody put a login of its own there.
void judge_arrived_scheme(const Case& c, std::string_view body, diagnosis::Findings& findings) {
  if (!c.main || c.main->scheme.empty()) return;
  const std::string got = scheme_complained_of(body);
  const auto was_sent = [&](const credential::Credential& k) {
    return base::contains_ignoring_case(k.scheme, got);
  };
  if (got.empty() || std::ranges::any_of(c.credentials, was_sent)) return;
  const bool asks_for_it = body.contains(base::lower(c.main->scheme));
  findings.push_back(
      {.id = "answer.other-scheme-arrived",
       .place = "response body",
       .text = fmt::format("The answer speaks of the scheme {}, which was not sent{}: something in "
                           "between put it there.",
                           got, asks_for_it ? ", and asks for the one that was" : ""),
       .weights = {{"proxy-stripped", asks_for_it ? 32.0 : 17.0},
                   {"wrong-scheme", asks_for_it ? -18.0 : 0.0},
                   {"wrong-header", -6},
                   {"wrong-credential-type", -6}}});
}

bool contains_any(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return name.contains(word); });
}

// Of a header that the answer asks for and the request lacks: a place for the key, its other half,
// or something that goes with it.
std::vector<Weight> weights_of_missing(std::string_view name, bool said_so) {
  const std::string lower = base::lower(name);
  if (contains_any(lower, {"auth", "key", "token", "credential"}))
    return {{"wrong-header", 24}, {"missing-required-header", said_so ? -14.0 : 4.0}};
  const bool half = contains_any(lower, {"account", "org", "tenant", "project", "client", "user",
                                         "app", "team", "workspace", "company", "secret", "-id"});
  // Where the words say already that a header is missing, its name adds what kind it is.
  return {{"missing-required-header", said_so ? 8.0 : 36.0},
          {"incomplete-credential", (said_so ? 2.0 : 18.0) + (half ? 8.0 : 0.0)},
          {"missing-scope", -6},
          {"missing", -4}};
}

// "Please pass Nimbus-Tenant": it was not sent, or it was, and got lost.
void judge_asked_headers(const Case& c, std::span<const catalogue::Spoken> spoken,
                         diagnosis::Findings& findings) {
  const std::string message =
      catalogue::message_text(std::string_view(c.response.body).substr(0, readable_body_bytes));
  for (const std::string& name : headers_asked_for(message)) {
    const bool part_of_key = std::ranges::any_of(
        c.credentials, [&](const auto& k) { return k.secret().contains(name); });
    const bool known_lost = says(spoken, "header") || says(spoken, "csrf");
    if (part_of_key || (c.main && base::equals_ignoring_case(c.main->name, name))) continue;
    if (!c.request.headers.get(name).empty()) {
      if (known_lost) continue;  // judge_lost_header
      findings.push_back(
          {.id = "answer.header-lost",
           .place = "response body",
           .text = fmt::format("The answer asks for the header {}, which was sent: something in "
                               "between took it away.",
                               name),
           .weights = {{"proxy-stripped", 20}, {"missing-required-header", -8}}});
    } else if (c.main) {
      findings.push_back(
          {.id = "answer.header-asked-for",
           .place = "response body",
           .text = fmt::format("The answer asks for the header {}, which was not sent.", name),
           .weights = weights_of_missing(name, says(spoken, "header")),
           .fix = {fmt::format("curl -H '{}: …' …", name)}});
    }
    return;
  }
}

// What is said first is the reason; what follows counts less, so that a polite "please check your
// plan" behind "rate limit exceeded" does not win. A code that only names the class of the error,
// as invalid_token does (RFC 6750 section 3.1: "expired, revoked, malformed, or invalid for other
// reasons"), is no reason when a sentence behind it gives one.
std::vector<catalogue::Spoken>::const_iterator said_reason(
    const std::vector<catalogue::Spoken>& spoken) {
  const auto is_code = [](const catalogue::Spoken& said) {
    return said.phrase.contains('_') && !said.phrase.contains(' ');
  };
  if (spoken.front().answer->kind != "bad-credential" || !is_code(spoken.front()))
    return spoken.begin();
  const auto sentence =
      std::ranges::find_if(spoken, [&](const auto& said) { return !is_code(said) && !said.hint; });
  return sentence == spoken.end() ? spoken.begin() : sentence;
}

void judge_wording(const Case& c, diagnosis::Findings& findings, double factor) {
  const std::string body =
      catalogue::message_text(c.view.lower_body().substr(0, readable_body_bytes));
  if (body.empty()) return;
  const auto spoken = catalogue::spoken_answers(c.catalogue, body);
  judge_arrived_scheme(c, body, findings);
  judge_asked_headers(c, spoken, findings);
  if (spoken.empty()) return;
  const catalogue::Spoken& reason = *said_reason(spoken);
  for (const catalogue::Spoken& said : spoken) {
    const bool leads = &said == &reason;
    Finding finding{.id = "answer.wording", .place = "response body"};
    const double strength = (leads ? 1.0 : 0.4) * (said.hint ? 0.5 : 1.0) * factor;
    if (factor == 1) finding.fact = said.answer->kind;  // beside a rule they count lightly anyway
    add_weights(finding.weights, said.answer->weights, strength);
    finding.text =
        fmt::format("The answer says \"{}\": {}", base::printable(said.phrase), said.answer->says);
    if (leads && said.answer->kind == "no-credential") judge_named_place(c, body, finding);
    if (said.answer->kind == "header" || said.answer->kind == "csrf")
      judge_lost_header(c, body, finding);
    findings.push_back(std::move(finding));
  }
}

// Some servers echo the key they got, masked ("sk-ab****wxyz"): what they saw may differ from what
// was meant.
void judge_echo(const Case& c, diagnosis::Findings& findings) {
  const std::string_view body = std::string_view(c.response.body).substr(0, readable_body_bytes);
  const auto stars = body.find("***");
  if (stars == std::string_view::npos) return;
  constexpr std::string_view stops = " \t\r\n:;,()<>[]{}";
  std::size_t begin = stars, end = stars;
  while (begin > 0 && (!stops.contains(body[begin - 1]) ||
                       (body[begin - 1] == ':' && body.substr(begin).starts_with("//")) ||
                       (body[begin - 1] == '{' && begin > 1 && body[begin - 2] == '$')))
    --begin;
  while (end < body.size() && !stops.contains(body[end])) ++end;
  std::string echo(body.substr(begin, end - begin));
  // Inside a JSON text a quote is written \"; the closing quote of the JSON text is not part of the
  // echo.
  for (std::size_t at; (at = echo.find("\\\"")) != std::string::npos;) echo.replace(at, 2, "\"");
  while (!echo.empty() && (echo.back() == '.')) echo.pop_back();
  const std::string head = echo.substr(0, echo.find("***"));
  if (head.empty()) return;
  const auto say = [&](std::string text, std::vector<Weight> weights) {
    findings.push_back({.id = "answer.echo",
                        .place = "response body",
                        .text = std::move(text),
                        .weights = std::move(weights)});
  };
  if (head.starts_with('"') || head.starts_with('\'')) {
    if (head.size() > 1)
      say("The server shows the key that it got: it starts with a quote.", {{"quoted", 26}});
  } else if (head.starts_with("http")) {
    say("The server shows the key that it got: it is a URL.", {{"malformed", 26}});
  } else if (head.contains("${") || head.starts_with('$') || head.contains("{{")) {
    say("The server shows the key that it got: it is the name of a variable.",
        {{"env-unset", 26}, {"interpolated", 10}});
  } else if (base::contains_ignoring_case(head, "your")) {
    say("The server shows the key that it got: it is sample text.", {{"placeholder", 26}});
  } else if (head.starts_with("Bearer")) {
    say("The server shows the key that it got: it starts with \"Bearer\".", {{"wrong-scheme", 26}});
  } else if (c.main && head.size() >= 3 && c.main->secret().size() > 8 &&
             credential::find_defects(c.main->secret()).empty()) {
    const bool same = c.main->secret().starts_with(head) || head.find('*') != std::string::npos;
    if (!same)
      say("The server shows the start of the key that it got; it is another key than the one in "
          "this request.",
          {{"conflicting-credentials", 7}, {"stale-environment", 7}, {"interpolated", 4}});
  }
}

}  // namespace

void inspect_answer(const Case& c, diagnosis::Findings& findings) {
  judge_echo(c, findings);
  double weight_of_words = 1;
  if (c.rule) {
    findings.push_back(c.intermediary
                           ? from_rule(c, *c.rule, c.intermediary->name, "answer.intermediary-rule")
                           : from_rule(c, *c.rule, c.provider->name, "answer.provider-rule"));
    // The rule is the vendor's own word; the words beside it tell what another rule leaves open.
    if (!c.intermediary && c.rule->source.starts_with("http")) return;
    weight_of_words = 0.35;
  }
  judge_wording(c, findings, weight_of_words);
}

}  // namespace locksmith::inspect

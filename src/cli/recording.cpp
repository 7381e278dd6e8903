#include "cli/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <ranges>
#include <tuple>

#include "base/text.hpp"
#include "credential/characters.hpp"
#include "credential/credential.hpp"
#include "doctor/doctor.hpp"
#include "doctor/surroundings.hpp"
#include "http/url.hpp"
#include "inspect/inspect.hpp"

namespace locksmith::cli {
namespace {

using http::Exchange;

enum class Verdict { fine, refused, doubtful };

Verdict judge(const Exchange& exchange, const catalogue::Catalogue& catalogue) {
  const int status = exchange.response.status;
  if (http::is_refusal(status)) return Verdict::refused;
  if (status == 400 || status == 404 || status == 405) return Verdict::doubtful;
  const bool success = status >= 200 && status < 300;
  return success && doctor::is_refused(exchange, catalogue) ? Verdict::refused : Verdict::fine;
}

// The exchange that `exchanges[at]` follows as a redirect, or `at` itself.
std::size_t redirected_from(const std::vector<Exchange>& exchanges, std::size_t at) {
  for (std::size_t i = at; i-- > 0;) {
    const http::Response& answer = exchanges[i].response;
    if (answer.status < 300 || answer.status >= 400 || !answer.headers.has("Location")) continue;
    const http::Url base = http::parse_url(exchanges[i].request.url);
    if (http::resolve_reference(base, answer.headers.get("Location")) == exchanges[at].request.url)
      return i;
  }
  return at;
}

// What led to the refusal, and the refusal as the last.
http::Bundle chain(const std::vector<Exchange>& exchanges, std::size_t at) {
  constexpr std::size_t most_steps = 10;
  http::Bundle bundle;
  bundle.exchanges.push_back(exchanges[at]);
  for (std::size_t step = 0; step < most_steps; ++step) {
    const std::size_t before = redirected_from(exchanges, at);
    if (before == at) break;
    bundle.exchanges.insert(bundle.exchanges.begin(), exchanges[before]);
    at = before;
  }
  bundle.failing = bundle.exchanges.size() - 1;
  return bundle;
}

void add_environment(http::Bundle& bundle, const catalogue::Catalogue& catalogue) {
  doctor::Question question;
  question.bundle = std::move(bundle);
  doctor::add_surroundings(question, catalogue);
  bundle = std::move(question.bundle);
  bundle.environment.client = bundle.failure().request.headers.get("User-Agent");
}

std::string headers_as_text(const http::Headers& headers) {
  std::string text;
  for (const http::Header& header : headers) text += header.name + ":" + header.value + "\n";
  return text;
}

// --- what is told of each host
// ---------------------------------------------------------------------

struct HostLine {
  std::size_t requests = 0, refused = 0, unanswered = 0;
  std::vector<std::string> keys;  // in the order in which they were first seen
};

std::string describe_key(const credential::Credential& key) {
  const std::string scheme = key.scheme.empty() ? "" : " " + base::printable(key.scheme);
  std::string text = fmt::format("{}{}, {}", base::printable(key.where()), scheme,
                                 key.secret().empty() ? "empty" : base::fingerprint(key.secret()));
  const auto defects = credential::find_defects(key.value.reveal());
  if (!defects.empty()) text += ", with " + base::printable(defects.front().what);
  return text;
}

void add_keys(const Exchange& exchange, const catalogue::Catalogue& catalogue, HostLine& line) {
  std::vector<credential::Placement> known;
  if (const auto* provider = catalogue.provider_of_host(http::parse_url(exchange.request.url).host))
    known.assign(provider->placements.begin(), provider->placements.end());
  for (const credential::Credential& key : credential::find_credentials(exchange.request, known)) {
    std::string text = describe_key(key);
    if (std::ranges::find(line.keys, text) == line.keys.end()) line.keys.push_back(std::move(text));
  }
}

std::string as_text(const std::string& host, const HostLine& line) {
  constexpr std::size_t most_keys = 4;
  std::string text =
      fmt::format("{} to {}", base::count_of(line.requests, "request"), base::printable(host));
  text += line.refused > 0 ? fmt::format(", {} refused", line.refused) : ", none refused";
  if (line.unanswered > 0) text += fmt::format(", {} without an answer", line.unanswered);
  if (line.keys.empty()) return text + "; no key was sent\n";
  text += line.keys.size() == 1 ? "; key as it left: " + line.keys.front() : "; keys as they left:";
  if (line.keys.size() > 1) {
    for (const std::string& key : line.keys | std::views::take(most_keys)) text += "\n    " + key;
    if (line.keys.size() > most_keys)
      text += fmt::format("\n    and {} more", line.keys.size() - most_keys);
  }
  return text + "\n";
}

// --- what is told of what could not be seen
// -----------------------------------------------------------

std::string_view meaning(record::NoteKind kind) {
  using enum record::NoteKind;
  switch (kind) {
    case certificate_refused:
      return "the program did not take the recording's certificate: it pins its own, or does not "
             "read the variables that were set. Its first connection failed by that; later ones "
             "were passed on unseen. Leave the host alone from the start: --pass";
    case closed_unused:
      return "the program closed a connection without a request: perhaps it pins its certificate. "
             "Later connections were passed on unseen. If it failed by that, leave the host alone "
             "from the start: --pass";
    case server_untrusted:
      return "the server's certificate could not be verified, so the program's connection was "
             "passed on unseen";
    case client_certificate:
      return "the server asks for a client certificate, so the program's connection was passed on "
             "unseen";
    case http2_only:
      return "the program insists on HTTP/2, so its connection was passed on unseen";
    case not_http:
      return "this is not HTTP/1.1, so it was passed on unseen";
    case unreachable:
      return "could not be reached";
    case passed:
      return "passed on unseen, as you wished";
  }
  return "";
}

std::string as_text(const record::Note& note) {
  const std::string times = note.times > 1 ? fmt::format(" ({} times)", note.times) : "";
  const std::string detail =
      note.detail.empty() ? "" : fmt::format(" ({})", base::printable(note.detail));
  return fmt::format("{}: {}{}{}\n", base::printable(note.host), meaning(note.kind), detail, times);
}

}  // namespace

std::vector<Refusal> find_refusals(const record::Recording& recording,
                                   const catalogue::Catalogue& catalogue) {
  std::vector<Refusal> refusals;
  std::map<std::tuple<std::string, std::string, int, std::string>, std::size_t> known;
  for (std::size_t i = 0; i < recording.exchanges.size(); ++i) {
    const Exchange& exchange = recording.exchanges[i];
    const Verdict verdict = judge(exchange, catalogue);
    if (verdict == Verdict::fine) continue;
    const auto same =
        std::tuple(exchange.request.method, exchange.request.url, exchange.response.status,
                   headers_as_text(exchange.request.headers));
    if (const auto found = known.find(same); found != known.end()) {
      if (found->second < refusals.size()) ++refusals[found->second].times;
      continue;
    }
    Refusal refusal;
    refusal.question.bundle = chain(recording.exchanges, i);
    refusal.question.answered = true;
    add_environment(refusal.question.bundle, catalogue);
    refusal.report = doctor::examine(refusal.question, catalogue, {}, nullptr);
    const bool counts =
        verdict == Verdict::refused || refusal.report.outcome == report::Outcome::cause;
    known.emplace(same, counts ? refusals.size() : static_cast<std::size_t>(-1));
    if (counts) refusals.push_back(std::move(refusal));
  }
  return refusals;
}

std::string summary(const record::Recording& recording, const catalogue::Catalogue& catalogue,
                    std::string_view program) {
  std::map<std::string, HostLine> hosts;
  for (const Exchange& exchange : recording.exchanges) {
    const std::string origin = http::parse_url(exchange.request.url).origin();
    HostLine& line = hosts[origin.substr(origin.find("://") + 3)];
    ++line.requests;
    if (exchange.response.status == 0)
      ++line.unanswered;
    else if (judge(exchange, catalogue) == Verdict::refused)
      ++line.refused;
    add_keys(exchange, catalogue, line);
  }
  std::string text;
  for (const auto& [host, line] : hosts) text += as_text(host, line);
  for (const record::Note& note : recording.notes) text += as_text(note);
  if (recording.strangers > 0)
    text += fmt::format("{} of another user's process to the recording proxy: refused\n",
                        base::count_of(recording.strangers, "connection"));
  if (recording.connections == 0) {
    text += fmt::format(
        "{} ignored the proxy settings, or used no network: nothing was seen of it. docs/record.md "
        "names the clients that heed them.\n",
        base::printable(program));
  }
  return text;
}

http::Bundle as_bundle(const record::Recording& recording, const catalogue::Catalogue& catalogue) {
  http::Bundle bundle;
  bundle.exchanges = recording.exchanges;
  bundle.failing = http::failing_exchange(bundle.exchanges);
  if (!bundle.exchanges.empty()) add_environment(bundle, catalogue);
  return bundle;
}

}  // namespace locksmith::cli

#include "doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "credential/redact.hpp"
#include "doctor/asking.hpp"
#include "doctor/hops.hpp"
#include "doctor/notes.hpp"
#include "inspect/challenge.hpp"
#include "inspect/inspect.hpp"
#include "inspect/page.hpp"
#include "inspect/wording.hpp"
#include "probe/interpret.hpp"
#include "probe/planner.hpp"
#include "probe/probes.hpp"

namespace locksmith::doctor {
namespace {

using report::Outcome;
using report::Report;

// Sure enough that another experiment would not change what the user does next.
constexpr double certain = 0.97;

// A diagnosis views the findings that it was made from, so both change together.
void diagnose_again(Report& report, const inspect::Case& c) {
  report.diagnosis = diagnosis::diagnose(report.findings, c.catalogue, c.response.status);
  report.outcome = report.diagnosis.determined ? Outcome::cause : Outcome::undetermined;
}

void add_findings(Report& report, diagnosis::Findings findings) {
  std::ranges::move(findings, std::back_inserter(report.findings));
}

// What stands behind the scheme is the key alone, not a signature with parameters of its own.
bool is_bare_key(const credential::Credential& credential) {
  return !credential.basic && !credential.value.reveal().contains(',');
}

// The header that the key belongs in: what the API documents, else where it was sent.
void describe_header(Report& report, const inspect::Case& c) {
  const bool in_header =
      c.main && c.main->place == credential::Place::header && is_bare_key(*c.main);
  const catalogue::Placement* documented = nullptr;
  for (const catalogue::Placement& placement :
       c.provider ? c.provider->placements : std::span<const catalogue::Placement>()) {
    if (placement.place != credential::Place::header || !placement.basic_part.empty()) continue;
    const bool here = in_header && base::equals_ignoring_case(placement.name, c.main->name);
    if (!documented || here) documented = &placement;
    if (here) break;
  }
  if (documented) {
    report.header = documented->name;
    report.scheme = documented->scheme;
    report.header_documented = true;
  } else if (in_header && (!c.provider || c.provider->placements.empty())) {
    report.header = c.main->name;
    report.scheme = c.main->scheme;
  } else if (!c.provider && !c.main) {
    report.header = "Authorization";  // RFC 6750 section 2.1, the most frequent by far
    report.scheme = "Bearer";
  }
}

void describe(Report& report, const inspect::Case& c) {
  report.method = c.request.method;
  report.host = c.url.host;
  report.url = shown_url(c.url, c.main);
  report.status = c.response.status;
  report.provider = c.provider;
  for (const auto* box : inspect::answered_by(c)) report.answered_by.emplace_back(box->name);
  report.variable = inspect::key_variable(c);
  if (c.main) {
    report.credential = fmt::format("{}, {}", c.main->where(),
                                    c.main->basic ? "Basic" : base::fingerprint(c.main->secret()));
  }
  describe_header(report, c);
  report.retry_after = inspect::retry_after(c.response, c.server_time);
  report.context = c.bundle.environment.context;
}

// While it pays: the next experiment, its outcome as findings, a new ranking.
void experiment(Report& report, const inspect::Case& c, const http::ClientOptions& way,
                const Options& options, Asking& asking) {
  std::vector<const probe::Probe*> left;
  for (const probe::Probe& probe : probe::probes()) {
    if (probe.name != "as-is") left.push_back(&probe);  // that was asked first
  }
  const probe::Setting setting{.failure = c,
                               .replay = options.replay,
                               .try_environments = options.try_environments,
                               .seed = 1,
                               .options = way};
  while (report.diagnosis.leader().probability < certain && asking.may_ask()) {
    const auto choices = probe::rank_probes(report.diagnosis, left, setting);
    if (choices.empty()) return;  // nothing would tell more
    const probe::Choice& choice = choices.front();
    std::erase(left, choice.probe);
    const auto outcome = asking.ask(choice, c);
    if (!outcome) continue;
    if (choice.probe->name == "no-credential") {
      report.same_without_key =
          probe::outcome_of(*choice.probe, c.bundle.failure(), *outcome, c) == probe::Outcome::same;
    }
    add_findings(report, probe::interpret(*choice.probe, c.bundle.failure(), *outcome, c));
    diagnose_again(report, c);
  }
}

// What was sent in place of the failing request was let through. That is evidence, and all there
// is: the failure itself has no answer that an experiment could be compared with.
void weigh_stand_in(Report& report, const inspect::Case& c, const http::Exchange& sent) {
  const int status = sent.response.status;
  if (status >= 200 && status < 300) {
    add_findings(report, probe::interpret(*probe::find_probe("as-is"), sent, sent, c));
    diagnose_again(report, c);
  }
  if (sent.request.method == c.request.method) return;
  report.diagnosis.look_next = fmt::format(
      "Repeat the {} itself with --replay, or give its answer with --response.", c.request.method);
}

// Every text that leaves goes through here once more: inspectors show no secret, and this holds
// even if one did.
void scrub(Report& report, const http::Bundle& bundle) {
  credential::Redactor redactor(1);
  redactor.learn(bundle);
  const auto clean = [&](std::string& text) { text = redactor.redact(text); };
  for (diagnosis::Finding& finding : report.findings) {
    clean(finding.text);
    clean(finding.place);
    clean(finding.look_next);
    std::ranges::for_each(finding.fix, clean);
  }
  clean(report.url);
  clean(report.context);
  clean(report.diagnosis.look_next);
  for (report::Hop& hop : report.hops) {
    for (std::string* part : {&hop.name, &hop.remark, &hop.tls_subject, &hop.tls_issuer})
      clean(*part);
  }
  std::ranges::for_each(report.notes, clean);
  for (report::SentRequest& sent : report.requests) clean(sent.url);
  if (!report.error) return;
  clean(report.error->message);
  clean(report.error->hint);
}

// Nothing came back, yet the way it failed, or the request itself, may tell why: a handshake that
// wants a certificate, a key that is broken into two lines. Only what is certain counts; else the
// report says that nothing was reached.
void explain_silence(Report& report, const Question& question, const inspect::Case& c) {
  const bool broken_key =
      c.main && !c.main->basic && c.main->value.reveal().find_first_of("\r\n") != std::string::npos;
  auto finding = finding_of(*report.error, broken_key);
  report.outcome = Outcome::unreachable;
  if (!finding) return;
  report.findings = inspect::inspect(c);
  report.findings.push_back(std::move(*finding));
  add_findings_of_notes(question.notes, c.main != nullptr, report.findings);
  report.diagnosis = diagnosis::diagnose(report.findings, c.catalogue, c.response.status);
  if (!report.diagnosis.determined) return;
  report.outcome = Outcome::cause;
  report.error.reset();
}

// What its name stands for, of the box that was connected to. A proxy looks names up itself.
void look_up_peer(Report& report, const http::ClientOptions& way, probe::Transport& transport) {
  if (report.hops.size() < 2 || report.hops[1].address.empty()) return;
  report::Hop& peer = report.hops[1];
  const bool is_address =
      report.host.contains(':') || report.host.find_first_not_of("0123456789.") == report.host.npos;
  if (peer.role == "proxy" || is_address || !way.unix_socket.empty()) return;
  peer.addresses = transport.addresses_of(report.host);
}

// Inspect, rank, experiment: the method from the answer on.
void work_out(Report& report, const Question& question, const inspect::Case& c,
              const Options& options, Asking& asking) {
  if (report.error) {
    explain_silence(report, question, c);
    return;
  }
  if (!asking.stand_in() && !is_refused(c)) {
    report.outcome = Outcome::not_refused;
    return;
  }
  report.findings = inspect::inspect(c);
  add_findings_of_notes(question.notes, c.main != nullptr, report.findings);
  diagnose_again(report, c);
  if (asking.stand_in()) {
    weigh_stand_in(report, c, *asking.stand_in());
  } else {
    experiment(report, c, question.options, options, asking);
  }
}

}  // namespace

report::Report examine(Question& question, const catalogue::Catalogue& catalogue,
                       const Options& options, probe::Transport* transport) {
  Report report;
  report.offline = transport == nullptr;
  for (const std::string& option : question.skipped) {
    report.notes.push_back(
        fmt::format("The curl option {} is not known here and was skipped.", option));
  }
  Asking asking(question, catalogue, options, transport, report);
  if (!question.answered) report.error = asking.ask_original();
  const inspect::Case c(question.bundle, catalogue);
  describe(report, c);
  work_out(report, question, c, options, asking);
  report.hops = hops(c, question.options, report);
  if (transport && options.look_up_peer) look_up_peer(report, question.options, *transport);
  scrub(report, question.bundle);
  return report;
}

bool is_refused(const http::Exchange& exchange, const catalogue::Catalogue& catalogue) {
  const http::Bundle bundle{.exchanges = {exchange}};
  return is_refused(inspect::Case(bundle, catalogue));
}

bool is_refused(const inspect::Case& c) {
  const int status = c.response.status;
  if (status == 304) return false;
  if (status < 200 || status >= 300) return true;  // 0: not known, so the user says that it failed
  if (c.rule) return true;
  // {"ok":false} (Slack, Telegram), {"success":false} (Cloudflare), {"errors":[…]} (GraphQL,
  // https://spec.graphql.org/October2021/#sec-Errors)
  const catalogue::ResponseView& view = c.view;
  if (view.pointer_equals("/ok", "false") || view.pointer_equals("/success", "false")) return true;
  if (view.pointer("/errors/0")) return true;
  // grpc-status other than 0 (https://grpc.io/docs/guides/status-codes/)
  const std::string_view grpc = c.response.headers.get("grpc-status");
  if (!grpc.empty() && grpc != "0") return true;
  const std::string_view body = view.lower_body();
  // <ApiResponse Status="ERROR">, a SOAP fault
  if (body.contains("status=\"error\"") || body.contains(":fault>")) return true;
  return inspect::is_wall(c);
}

}  // namespace locksmith::doctor

#include "doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "credential/redact.hpp"
#include "doctor/asking.hpp"
#include "doctor/notes.hpp"
#include "inspect/challenge.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"
#include "probe/interpret.hpp"
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

void describe(Report& report, const inspect::Case& c) {
  report.method = c.request.method;
  report.host = c.url.host;
  report.url = shown_url(c.url, c.main);
  report.status = c.response.status;
  report.provider = c.provider;
  report.answered_by = inspect::answered_by(c);
  report.variable = inspect::key_variable(c);
  if (c.main) {
    report.header = c.main->name;
    report.credential =
        c.main->basic ? fmt::format("{}, Basic", c.main->where())
                      : fmt::format("{}, {}", c.main->where(), base::fingerprint(c.main->secret()));
  }
  report.retry_after = inspect::retry_after(c.response, c.server_time);
  report.context = c.bundle.environment.context;
}

// While it pays: the next experiment, its outcome as findings, a new ranking.
void experiment(Report& report, const inspect::Case& c, Asking& asking) {
  for (const probe::Probe& probe : probe::probes()) {
    if (probe.name == "as-is") continue;  // asked first, by ask_original()
    if (report.diagnosis.leader().probability >= certain || !asking.may_ask()) return;
    const auto request = probe.build({.failure = c, .replay = asking.options().replay, .seed = 1});
    if (!request) continue;
    const auto outcome = asking.ask(probe, *request, c);
    if (!outcome) continue;
    for (diagnosis::Finding& finding : probe::interpret(probe, c.bundle.failure(), *outcome, c))
      report.findings.push_back(std::move(finding));
    diagnose_again(report, c);
  }
}

// Every text that leaves goes through here once more: inspectors show no secret, and this holds
// even if one did.
void scrub(Report& report, const http::Bundle& bundle) {
  credential::Redactor redactor(1);
  redactor.learn(bundle);
  for (diagnosis::Finding& finding : report.findings) {
    finding.text = redactor.redact(finding.text);
    finding.place = redactor.redact(finding.place);
    for (std::string& line : finding.fix) line = redactor.redact(line);
  }
  report.context = redactor.redact(report.context);
  report.url = redactor.redact(report.url);
  for (report::SentRequest& sent : report.requests) sent.url = redactor.redact(sent.url);
  if (report.error) report.error->message = redactor.redact(report.error->message);
}

}  // namespace

report::Report examine(Question& question, const catalogue::Catalogue& catalogue,
                       const Options& options, probe::Transport* transport) {
  Report report;
  report.offline = transport == nullptr;
  for (const std::string& option : question.skipped)
    report.notes.push_back(
        fmt::format("The curl option {} is not known here and was skipped.", option));

  Asking asking(question, options, transport, report);
  if (!question.answered) {
    if (auto error = asking.ask_original()) {
      const inspect::Case c(question.bundle, catalogue);
      describe(report, c);
      report.outcome = Outcome::unreachable;
      report.error = std::move(*error);
      scrub(report, question.bundle);
      return report;
    }
  }

  const inspect::Case c(question.bundle, catalogue);
  describe(report, c);
  if (!is_refused(question.bundle.failure(), catalogue)) {
    report.outcome = Outcome::not_refused;
    scrub(report, question.bundle);
    return report;
  }
  report.findings = inspect::inspect(c);
  add_findings_of_notes(question.notes, report.findings);
  diagnose_again(report, c);
  if (transport) experiment(report, c, asking);
  scrub(report, question.bundle);
  return report;
}

bool is_refused(const http::Exchange& exchange, const catalogue::Catalogue& catalogue) {
  const int status = exchange.response.status;
  if (status < 200 || status >= 400) return true;  // 0: not known, so the user says that it failed
  const http::Bundle bundle{.exchanges = {exchange}};
  const inspect::Case c(bundle, catalogue);
  if (status >= 300) return status != 304;
  if (c.provider && catalogue::first_match(c.provider->refusals, c.request, c.view)) return true;
  // {"ok":false} (Slack, Telegram), {"success":false} (Cloudflare), {"errors":[…]} (GraphQL,
  // https://spec.graphql.org/October2021/#sec-Errors)
  if (c.view.pointer_equals("/ok", "false") || c.view.pointer_equals("/success", "false") ||
      c.view.pointer("/errors/0"))
    return true;
  // grpc-status other than 0 (https://grpc.io/docs/guides/status-codes/)
  const std::string_view grpc = c.response.headers.get("grpc-status");
  if (!grpc.empty() && grpc != "0") return true;
  return c.view.lower_body().contains("type=\"password\"") && !c.view.is_json();
}

}  // namespace locksmith::doctor

#include "doctor/plan.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "base/text.hpp"
#include "credential/redact.hpp"
#include "doctor/asking.hpp"
#include "doctor/notes.hpp"
#include "inspect/inspect.hpp"
#include "probe/planner.hpp"
#include "probe/safety.hpp"

namespace locksmith::doctor {
namespace {

PlannedRequest planned(const probe::Probe& probe, const http::Request& request, double gain,
                       const catalogue::Catalogue& catalogue, credential::Redactor& redactor) {
  const http::Bundle alone{.exchanges = {{.request = request}}};
  const inspect::Case c(alone, catalogue);
  return {.probe = std::string(probe.name),
          .reason = std::string(probe.why),
          .method = request.method,
          .url = redactor.redact(shown_url(c.url, c.main)),
          .gain_bits = gain};
}

double rounded(double bits) { return std::round(bits * 100) / 100; }

}  // namespace

std::vector<PlannedRequest> plan(const Question& question, const catalogue::Catalogue& catalogue,
                                 const Options& options) {
  const inspect::Case c(question.bundle, catalogue);
  diagnosis::Findings findings = inspect::inspect(c);
  add_findings_of_notes(question.notes, c.main != nullptr, findings);
  const auto diagnosis = diagnosis::diagnose(findings, catalogue, c.response.status);
  const probe::Setting setting{.failure = c,
                               .replay = options.replay,
                               .try_environments = options.try_environments,
                               .seed = 1,
                               .options = question.options};
  const std::vector<std::string> hosts = hosts_of(c.provider);
  const auto is_allowed = [&](const probe::Probe& probe, const http::Request& request) {
    return probe::allowed(request, c.request, probe.carries_credential, options.replay, hosts)
        .has_value();
  };
  credential::Redactor redactor(1);
  redactor.learn(question.bundle);
  std::vector<PlannedRequest> requests;
  std::vector<const probe::Probe*> others;
  for (const probe::Probe& probe : probe::probes()) {
    if (probe.name != "as-is") {
      others.push_back(&probe);
    } else if (const auto request = probe.build(setting); request && is_allowed(probe, *request)) {
      requests.push_back(planned(probe, *request, 0, catalogue, redactor));
    }
  }
  for (const probe::Choice& choice : probe::rank_probes(diagnosis, others, setting)) {
    if (!is_allowed(*choice.probe, choice.request)) continue;
    requests.push_back(
        planned(*choice.probe, choice.request, choice.gain_bits, catalogue, redactor));
  }
  return requests;
}

std::string plan_as_text(const std::vector<PlannedRequest>& plan, std::size_t budget) {
  std::string text = fmt::format("Nothing was sent. Of these, {} at most would be:\n\n",
                                 base::count_of(budget, "request"));
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const PlannedRequest& request = plan[i];
    const std::string gain =
        request.probe == "as-is" ? "first" : fmt::format("{:.2f} bits", request.gain_bits);
    text += fmt::format("{:>3}. {:<18}  {:>9}  {}\n     {} {}\n", i + 1, request.probe, gain,
                        request.reason, request.method, base::printable(request.url));
  }
  if (plan.empty()) text += "     (none: no request to this URL is allowed)\n";
  text +=
      "\nBits: how much doubt the answer is expected to remove. The order is decided anew after "
      "each "
      "answer.\n";
  return text;
}

std::string plan_as_json(const std::vector<PlannedRequest>& plan, std::size_t budget) {
  namespace json = boost::json;
  json::array requests;
  for (const PlannedRequest& request : plan) {
    json::object item{{"probe", request.probe},
                      {"reason", request.reason},
                      {"method", request.method},
                      {"url", base::printable(request.url)}};
    if (request.probe != "as-is") item["gain_bits"] = rounded(request.gain_bits);
    requests.push_back(std::move(item));
  }
  return json::serialize(json::object{{"budget", budget}, {"plan", std::move(requests)}}) + "\n";
}

}  // namespace locksmith::doctor

// A report for machines: docs/json-output.md, docs/why.schema.json.
#include <boost/json.hpp>
#include <cmath>

#include "base/text.hpp"
#include "report/advice.hpp"
#include "report/report.hpp"

namespace locksmith::report {
namespace {

namespace json = boost::json;

// JSON texts must be valid Unicode; what is not is shown as escapes.
json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::cause:
      return "cause";
    case Outcome::undetermined:
      return "undetermined";
    case Outcome::not_refused:
      return "not-refused";
    case Outcome::unreachable:
      return "unreachable";
  }
  return "";
}

json::array texts(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.push_back(text(value));
  return out;
}

double rounded(double value, double digits) { return std::round(value * digits) / digits; }

json::array findings_of(const diagnosis::Candidate& candidate) {
  json::array out;
  for (const auto* side : {&candidate.evidence_for, &candidate.against}) {
    for (const diagnosis::Finding* finding : *side) {
      const double decibans = diagnosis::weight_for(*finding, candidate.cause->slug);
      json::object item{{"id", text(finding->id)},
                        {"place", text(finding->place)},
                        {"text", text(finding->text)},
                        {"decibans", rounded(decibans, 10)}};
      if (!finding->source.empty()) item["source"] = text(finding->source);
      out.push_back(std::move(item));
    }
  }
  return out;
}

json::object cause_of(const Report& report, const diagnosis::Candidate& candidate) {
  return {{"cause", text(candidate.cause->slug)},
          {"title", text(candidate.cause->title)},
          {"sentence", text(candidate.cause->sentence)},
          {"probability", rounded(candidate.probability, 10000)},
          {"decibans", rounded(candidate.decibans, 10)},
          {"excluded", candidate.excluded},
          {"who", text(candidate.cause->who)},
          {"findings", findings_of(candidate)},
          {"fix", texts(fixes(report, candidate))}};
}

json::array causes_of(const Report& report) {
  json::array out;
  if (!report.diagnosed()) return out;
  for (const diagnosis::Candidate& candidate : report.diagnosis.causes) {
    out.push_back(cause_of(report, candidate));
  }
  return out;
}

json::array requests_of(const Report& report) {
  json::array out;
  for (const SentRequest& sent : report.requests) {
    out.push_back(json::object{{"probe", text(sent.probe)},
                               {"reason", text(sent.reason)},
                               {"method", text(sent.method)},
                               {"url", text(sent.url)},
                               {"status", sent.status}});
  }
  return out;
}

json::array hops_of(const Report& report) {
  json::array out;
  for (const Hop& hop : report.hops) {
    json::object item{{"name", text(hop.name)},
                      {"role", text(hop.role)},
                      {"refused", hop.refused},
                      {"reached", hop.reached}};
    const auto put = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) item[name] = text(value);
    };
    put("address", hop.address);
    if (!hop.addresses.empty())
      item["addresses"] = json::array(hop.addresses.begin(), hop.addresses.end());
    put("tls_subject", hop.tls_subject);
    put("tls_issuer", hop.tls_issuer);
    put("remark", hop.remark);
    out.push_back(std::move(item));
  }
  return out;
}

json::value request_of(const Report& report) {
  if (report.url.empty()) return nullptr;
  return json::object{
      {"method", text(report.method)}, {"url", text(report.url)}, {"host", text(report.host)}};
}

json::value response_of(const Report& report) {
  if (report.status == 0) return nullptr;
  return json::object{{"status", report.status}};
}

json::value provider_of(const Report& report) {
  if (!report.provider) return nullptr;
  return json::object{{"slug", text(report.provider->slug)}, {"name", text(report.provider->name)}};
}

json::value retry_of(const Report& report) {
  if (!report.retry_after || !report.diagnosed()) return nullptr;
  return report.retry_after->count();
}

json::value error_of(const Report& report) {
  if (!report.error) return nullptr;
  return json::object{{"message", text(report.error->message)}, {"hint", text(report.error->hint)}};
}

}  // namespace

std::string as_json(const Report& report) {
  const std::string next = look_next(report);
  const json::object out{
      {"version", 1},
      {"outcome", name_of(report.outcome)},
      {"requests_sent", report.requests.size()},
      {"requests", requests_of(report)},
      {"request", request_of(report)},
      {"response", response_of(report)},
      {"provider", provider_of(report)},
      {"answered_by", texts(report.answered_by)},
      {"hops", hops_of(report)},
      {"causes", causes_of(report)},
      {"look_next", next.empty() ? json::value(nullptr) : json::value(text(next))},
      {"retry_after_seconds", retry_of(report)},
      {"notes", texts(report.notes)},
      {"error", error_of(report)}};
  return json::serialize(out) + "\n";
}

}  // namespace locksmith::report

// A report for machines: docs/json-output.md, docs/why.schema.json.
#include <boost/json.hpp>
#include <cmath>

#include "base/text.hpp"
#include "report/report.hpp"

namespace locksmith::report {
namespace {

namespace json = boost::json;

// JSON texts must be valid Unicode; what is not is shown as escapes.
json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
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
  json::array fix;
  for (const std::string& line : fixes(report, candidate)) fix.push_back(text(line));
  return {{"cause", text(candidate.cause->slug)},
          {"title", text(candidate.cause->title)},
          {"sentence", text(candidate.cause->sentence)},
          {"probability", rounded(candidate.probability, 10000)},
          {"decibans", rounded(candidate.decibans, 10)},
          {"excluded", candidate.excluded},
          {"who", text(candidate.cause->who)},
          {"findings", findings_of(candidate)},
          {"fix", std::move(fix)}};
}

}  // namespace

std::string as_json(const Report& report) {
  json::object out;
  out["version"] = 1;
  out["outcome"] = text(to_string(report.outcome));
  out["requests_sent"] = report.requests.size();
  json::array requests;
  for (const SentRequest& sent : report.requests) {
    requests.push_back(json::object{{"probe", text(sent.probe)},
                                    {"reason", text(sent.reason)},
                                    {"method", text(sent.method)},
                                    {"url", text(sent.url)},
                                    {"status", sent.status}});
  }
  out["requests"] = std::move(requests);
  out["request"] = json::object{
      {"method", text(report.method)}, {"url", text(report.url)}, {"host", text(report.host)}};
  out["response"] = json::object{{"status", report.status}};
  out["provider"] = report.provider
                        ? json::value(json::object{{"slug", text(report.provider->slug)},
                                                   {"name", text(report.provider->name)}})
                        : json::value(nullptr);
  json::array answered_by;
  for (const std::string& name : report.answered_by) answered_by.push_back(text(name));
  out["answered_by"] = std::move(answered_by);
  json::array causes;
  const bool diagnosed =
      report.outcome == Outcome::cause || report.outcome == Outcome::undetermined;
  if (diagnosed) {
    for (const diagnosis::Candidate& candidate : report.diagnosis.causes)
      causes.push_back(cause_of(report, candidate));
  }
  out["causes"] = std::move(causes);
  const bool look = report.outcome == Outcome::undetermined && !report.diagnosis.look_next.empty();
  out["look_next"] = look ? json::value(text(report.diagnosis.look_next)) : json::value(nullptr);
  out["retry_after_seconds"] =
      report.retry_after ? json::value(report.retry_after->count()) : json::value(nullptr);
  json::array notes;
  for (const std::string& note : report.notes) notes.push_back(text(note));
  out["notes"] = std::move(notes);
  out["error"] = report.error ? json::value(json::object{{"message", text(report.error->message)},
                                                         {"hint", text(report.error->hint)}})
                              : json::value(nullptr);
  return json::serialize(out) + "\n";
}

}  // namespace locksmith::report

// The comparison for machines: docs/json-output.md, docs/compare.schema.json.
#include <boost/json.hpp>
#include <cmath>

#include "base/text.hpp"
#include "compare/compare.hpp"

namespace locksmith::compare {
namespace {

namespace json = boost::json;

// JSON texts must be valid Unicode; what is not is shown as escapes.
json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
}

json::array texts(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.push_back(text(value));
  return out;
}

double rounded(double value, double digits) { return std::round(value * digits) / digits; }

json::value side(const Summary& summary) {
  if (summary.label.empty()) return nullptr;
  return json::object{
      {"label", text(summary.label)},
      {"method", text(summary.method)},
      {"url", text(summary.url)},
      {"status", summary.status},
      {"key", summary.key.empty() ? json::value(nullptr) : json::value(text(summary.key))}};
}

json::object difference_of(const Difference& d) {
  json::array causes;
  for (const std::string_view cause : d.causes) causes.push_back(text(cause));
  return {{"kind", text(info(d.kind).slug)},
          {"place", text(d.place)},
          {"text", text(d.text)},
          {"causes", std::move(causes)},
          {"decibans", rounded(d.decibans, 10)},
          {"probability", rounded(d.probability, 10000)}};
}

json::object request(const Report& report, const Trial& trial) {
  json::array from_bad;
  for (const std::size_t unit : trial.from_bad) from_bad.push_back(text(report.units.at(unit)));
  return {{"what", text(trial.what)},     {"from_bad", std::move(from_bad)},
          {"method", text(trial.method)}, {"url", text(trial.url)},
          {"status", trial.status},       {"meaning", text(trial.meaning)}};
}

}  // namespace

std::string as_json(const Report& report) {
  json::object out{{"version", 1}, {"outcome", text(to_string(report.outcome))}};
  out["good"] = side(report.good);
  out["bad"] = side(report.bad);
  out["provider"] = report.provider
                        ? json::value(json::object{{"slug", text(report.provider->slug)},
                                                   {"name", text(report.provider->name)}})
                        : json::value(nullptr);
  json::array named, differences, left_out, suspects, requests;
  for (const std::size_t i : report.named) named.push_back(i);
  for (const Difference& d : report.differences) differences.push_back(difference_of(d));
  for (const LeftOut& l : report.left_out)
    left_out.push_back(json::object{{"name", text(l.name)}, {"reason", text(l.reason)}});
  for (const Suspect& s : report.suspects)
    suspects.push_back(json::object{{"cause", text(s.cause)},
                                    {"sentence", text(s.sentence)},
                                    {"probability", rounded(s.probability, 10000)}});
  for (const Trial& trial : report.requests) requests.push_back(request(report, trial));
  out["named"] = std::move(named);
  out["differences"] = std::move(differences);
  out["left_out"] = std::move(left_out);
  out["causes"] = std::move(suspects);
  out["circumstances"] = texts(report.circumstances);
  out["conclusions"] = texts(report.conclusions);
  out["look_next"] = texts(report.look_next);
  out["requests_sent"] = report.requests.size();
  out["requests"] = std::move(requests);
  out["notes"] = texts(report.notes);
  out["error"] = report.error ? json::value(json::object{{"message", text(report.error->message)},
                                                         {"hint", text(report.error->hint)}})
                              : json::value(nullptr);
  return json::serialize(out) + "\n";
}

}  // namespace locksmith::compare

#include "report/sarif.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace locksmith::report {
namespace {

namespace json = boost::json;

// The root that relative URIs count from; where it is, is the reader's business.
constexpr std::string_view root = "%SRCROOT%";

json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
}
json::object message(std::string_view value) { return {{"text", text(value)}}; }

json::object rule_of(const Sarif::Rule& rule) {
  return {{"id", text(rule.id)},
          {"shortDescription", message(rule.description)},
          {"help", message(rule.help)},
          {"defaultConfiguration", json::object{{"level", "error"}}},
          {"properties", json::object{{"security-severity", "9.0"},
                                      {"tags", json::array{"security", "secret"}}}}};
}

json::object location_of(const Sarif::Result& result) {
  json::object artifact{{"uri", uri_of(result.path)}};
  if (!result.path.starts_with('/')) artifact["uriBaseId"] = root;
  json::object physical{{"artifactLocation", std::move(artifact)}};
  // The line is that of a member when there is one, and means nothing in the archive.
  if (result.line > 0 && result.inside.empty()) {
    physical["region"] = json::object{{"startLine", result.line}};
  }
  json::object location{{"physicalLocation", std::move(physical)}};
  if (!result.inside.empty()) {
    location["logicalLocations"] =
        json::array{json::object{{"fullyQualifiedName", text(result.inside)}}};
  }
  return location;
}

json::object result_of(const Sarif& sarif, const Sarif::Result& result) {
  return {{"ruleId", text(sarif.rules.at(result.rule).id)},
          {"ruleIndex", result.rule},
          {"kind", "fail"},
          {"level", text(result.level)},
          {"message", message(result.message)},
          {"locations", json::array{location_of(result)}},
          {"partialFingerprints", json::object{{"locksmithCopy/v1", text(result.fingerprint)}}}};
}

json::object invocation_of(const Sarif& sarif) {
  json::array notifications;
  for (const Sarif::Notification& one : sarif.notifications) {
    notifications.push_back(json::object{{"descriptor", json::object{{"id", text(one.id)}}},
                                         {"level", "warning"},
                                         {"message", message(one.message)}});
  }
  return {{"executionSuccessful", sarif.complete},
          {"toolExecutionNotifications", std::move(notifications)}};
}

}  // namespace

std::string uri_of(std::string_view path) {
  std::string out = path.starts_with('/') ? "file://" : "";
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    out += base::percent_encode(path.substr(start, end - start));
    if (end < path.size()) out += '/';
    start = end + 1;
  }
  return out;
}

std::string as_json(const Sarif& sarif) {
  json::array rules, results;
  for (const Sarif::Rule& rule : sarif.rules) rules.push_back(rule_of(rule));
  for (const Sarif::Result& result : sarif.results) results.push_back(result_of(sarif, result));
  const json::object driver{
      {"name", "locksmith"}, {"semanticVersion", text(sarif.version)}, {"rules", std::move(rules)}};
  const json::object run{
      {"tool", json::object{{"driver", driver}}},
      {"invocations", json::array{invocation_of(sarif)}},
      {"originalUriBaseIds",
       json::object{{root, json::object{{"description", message("the folder in which locksmith "
                                                                "ran")}}}}},
      {"results", std::move(results)}};
  return json::serialize(json::object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                      {"version", "2.1.0"},
                                      {"runs", json::array{run}}}) +
         "\n";
}

}  // namespace locksmith::report

// The report for machines: docs/leaks.md, docs/leaks.schema.json.
#include <boost/json.hpp>

#include "base/text.hpp"
#include "leaks/report.hpp"

namespace locksmith::leaks {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
}
json::value optional(std::string_view value) {
  return value.empty() ? json::value(nullptr) : json::value(text(value));
}

json::object find_of(const Find& find) {
  json::object out{{"where", text(to_string(find.where))},
                   {"path", text(find.path)},
                   {"inside", optional(find.inside)},
                   {"line", find.line},
                   {"column", find.column},
                   {"disguise", text(to_string(find.disguise))}};
  if (!find.variable.empty()) out["name"] = text(find.variable);
  if (!find.original.empty()) out["original"] = text(find.original);
  if (!find.exposure.empty()) out["exposure"] = text(find.exposure);
  if (find.more > 0) out["more"] = find.more;
  return out;
}

json::array advice_of(const Report& report, std::size_t key) {
  json::array out;
  for (const Advice& line : advice(report, key)) {
    json::array commands(line.commands.begin(), line.commands.end());
    out.push_back(json::object{{"text", text(line.text)}, {"commands", std::move(commands)}});
  }
  return out;
}

json::object key_of(const Report& report, std::size_t key) {
  const Subject& subject = report.keys[key];
  json::array finds;
  for (const Find& find : report.tally.finds) {
    if (find.key == key && !find.at_home) finds.push_back(find_of(find));
  }
  const Kind& kind = subject.kind;
  return {{"name", optional(subject.name)},
          {"fingerprint", text(subject.fingerprint)},
          {"what", optional(subject.what)},
          {"provider", optional(kind.provider ? kind.provider->slug : "")},
          {"kind", optional(kind.key ? kind.key->kind : "")},
          {"finds", std::move(finds)},
          {"advice", advice_of(report, key)}};
}

json::array skipped_of(const SkipList& skipped) {
  json::array out;
  for (std::size_t i = 0; i < reasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (skipped.count(reason) == 0) continue;
    json::array examples;
    for (const Skipped& one : skipped.examples()) {
      if (one.reason != reason) continue;
      examples.push_back(json::object{{"path", text(one.path)}, {"detail", optional(one.detail)}});
    }
    out.push_back(json::object{{"reason", text(to_string(reason))},
                               {"count", skipped.count(reason)},
                               {"examples", std::move(examples)}});
  }
  return out;
}

std::string_view outcome(const Report& report) {
  if (report.interrupted) return "interrupted";
  if (report.leaks() > 0) return "found";
  return report.unreadable() ? "unreadable" : "clean";
}

}  // namespace

std::string as_json(const Report& report) {
  json::array keys;
  for (std::size_t key = 0; key < report.keys.size(); ++key) keys.push_back(key_of(report, key));
  const json::object out{
      {"version", 1},
      {"outcome", text(outcome(report))},
      {"keys", std::move(keys)},
      {"searched", json::object{{"files", report.tally.files}, {"bytes", report.tally.bytes}}},
      {"skipped", skipped_of(report.tally.skipped)}};
  return json::serialize(out) + "\n";
}

}  // namespace locksmith::leaks

// docs/env.md describes it, docs/env.schema.json is its contract.
#include <boost/json.hpp>

#include "base/text.hpp"
#include "report/whereabouts.hpp"

namespace locksmith::report {
namespace {

using whereabouts::Holds;
using whereabouts::Place;
using whereabouts::Tick;

const char* name_of(Holds holds) {
  switch (holds) {
    case Holds::value:
      return "value";
    case Holds::nothing:
      return "nothing";
    case Holds::reference:
      return "reference";
    case Holds::unknown:
      return "unknown";
  }
  return "";
}

const char* name_of(Tick tick) {
  return tick == Tick::done ? "done" : tick == Tick::open ? "open" : "elsewhere";
}

boost::json::object fingerprint_of(const base::Secret& value) {
  return {{"fingerprint", value.fingerprint()}, {"sha256_start", whereabouts::mark_of(value)}};
}

boost::json::object object_of(const Place& place, const Survey& survey) {
  boost::json::object out;
  out["consumer"] = whereabouts::name_of(place.consumer);
  out["where"] = base::printable(place.where());
  if (!place.path.empty()) out["path"] = base::printable(place.path);
  if (place.line > 0) out["line"] = place.line;
  if (place.pid > 0) {
    out["pid"] = place.pid;
    out["program"] = place.program;
  }
  if (!place.environment.empty()) out["environment"] = base::printable(place.environment);
  out["holds"] = name_of(place.holds);
  if (place.holds == Holds::value) out["value"] = fingerprint_of(place.value);
  if (place.since) out["since"] = base::format_rfc3339(*place.since);
  boost::json::array notes;
  for (const std::string& note : place.notes) notes.emplace_back(base::printable(note));
  if (!notes.empty()) out["notes"] = std::move(notes);
  boost::json::array readings;
  for (const auto& reading : place.other_readings)
    readings.push_back(boost::json::object{{"reader", reading.reader},
                                           {"why", reading.why},
                                           {"value", fingerprint_of(reading.value)}});
  if (!readings.empty()) out["other_readings"] = std::move(readings);
  if (survey.replacement) out["replaced"] = name_of(whereabouts::tick(place, *survey.replacement));
  return out;
}

}  // namespace

std::string to_json(const Survey& survey) {
  boost::json::array variables;
  for (const Variable& variable : survey.variables) {
    boost::json::array places;
    for (const Place& place : variable.places) places.push_back(object_of(place, survey));
    variables.push_back(
        boost::json::object{{"name", base::printable(variable.name)},
                            {"outcome", whereabouts::name_of(variable.verdict.outcome)},
                            {"verdict", base::printable(variable.verdict.text)},
                            {"places", std::move(places)}});
  }
  boost::json::array skipped;
  for (const whereabouts::Skipped& one : survey.skipped)
    skipped.push_back(
        boost::json::object{{"path", base::printable(one.path)}, {"reason", one.reason}});
  const boost::json::object out{{"version", 1},
                                {"variables", std::move(variables)},
                                {"processes", survey.processes},
                                {"closed_processes", survey.closed_processes},
                                {"skipped", std::move(skipped)}};
  return boost::json::serialize(out) + "\n";
}

}  // namespace locksmith::report

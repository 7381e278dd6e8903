// What was found, for machines: docs/json-output.md.
#include <boost/json.hpp>

#include "base/text.hpp"
#include "check/check.hpp"

namespace locksmith::check {
namespace {

namespace json = boost::json;

// JSON texts must be valid Unicode; what is not is shown as escapes.
json::string text(std::string_view value) {
  return base::is_valid_utf8(value) ? json::string(value) : json::string(base::printable(value));
}

json::value fact(std::string_view value) {
  if (value.empty()) return nullptr;
  return text(value);
}

json::array texts(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.push_back(text(value));
  return out;
}

std::string_view name_of(Whole whole) {
  return whole == Whole::yes ? "yes" : whole == Whole::no ? "no" : "unknown";
}

std::string_view name_of(Live live) {
  constexpr std::string_view names[] = {"not-asked", "accepted", "limited",
                                        "refused",   "unclear",  "unreachable"};
  return names[static_cast<int>(live)];
}

std::string_view name_of(Remark::Tone tone) {
  return tone == Remark::Tone::good ? "good" : tone == Remark::Tone::bad ? "bad" : "note";
}

json::value limit_of(const std::optional<Limit>& limit) {
  if (!limit) return nullptr;
  json::object out{{"remaining", limit->remaining}};
  out["total"] = limit->total ? json::value(*limit->total) : json::value(nullptr);
  out["resets"] = limit->resets ? json::value(base::format_rfc3339(*limit->resets)) : nullptr;
  return out;
}

json::object live_of(const Checked& c) {
  return {{"state", name_of(c.live)},
          {"asked", fact(c.asked)},
          {"not_asked_because", fact(c.not_asked_because)},
          {"status", c.status ? json::value(c.status) : json::value(nullptr)},
          {"cause", fact(c.cause)},
          {"diagnosis", fact(c.diagnosis)},
          {"hint", fact(c.hint)}};
}

json::object object_of(const Checked& c) {
  json::object out{{"where", text(c.where)}, {"fingerprint", text(c.fingerprint)}};
  out["provider"] = fact(c.provider ? c.provider->slug : "");
  out["kind"] = fact(c.kind ? c.kind->kind : c.jwt ? "jwt" : "");
  out["role"] = fact(c.kind ? c.kind->role : "");
  out["environment"] = fact(c.environment);
  json::array candidates;
  for (const catalogue::Provider* provider : c.candidates)
    candidates.push_back(text(provider->slug));
  out["candidates"] = std::move(candidates);
  out["whole"] = name_of(c.whole);
  json::array remarks;
  for (const Remark& remark : c.remarks)
    remarks.push_back(json::object{
        {"tone", name_of(remark.tone)}, {"id", remark.id}, {"text", text(remark.text)}});
  out["remarks"] = std::move(remarks);
  out["owner"] = texts(c.told.owner);
  out["name"] = fact(c.told.name);
  out["scopes"] = c.told.scopes ? json::value(texts(*c.told.scopes)) : json::value(nullptr);
  out["expires"] = c.told.expires ? json::value(base::format_rfc3339(*c.told.expires)) : nullptr;
  out["never_expires"] = c.told.never_expires;
  out["limit"] = limit_of(c.told.limit);
  out["live"] = live_of(c);
  out["verdict"] = verdict(c);
  out["exit_code"] = exit_code(c);
  return out;
}

}  // namespace

std::string as_json(const std::vector<Checked>& all) {
  json::array keys;
  for (const Checked& c : all) keys.push_back(object_of(c));
  return json::serialize(json::object{{"version", 1}, {"keys", std::move(keys)}}) + "\n";
}

}  // namespace locksmith::check

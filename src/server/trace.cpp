// A key may stand in a path or a user agent by mistake; there it is replaced by its prefix and
// dots.
#include "server/trace.hpp"

#include "authority/problem.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t least_secret = 6;

bool is_key_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

void cut_keys(std::string& text, std::string_view prefix) {
  constexpr std::string_view dots = "…";
  for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix, at)) {
    at += prefix.size();
    auto end = at;
    while (end < text.size() && is_key_character(text[end])) ++end;
    if (end > at) text.replace(at, end - at, dots);
  }
}

std::string_view value_of(const authority::Request& request, std::string_view name) {
  for (const auto& field : request.headers)
    if (base::equals_ignoring_case(field.name, name)) return field.value;
  return {};
}

}  // namespace

void remove_keys(std::string& text, const authority::Policy& policy, std::string_view presented) {
  const auto secret = base::trim(presented);
  if (secret.size() >= least_secret) replace_all(text, secret, "…");
  for (const auto& environment : policy.environments)
    if (!environment.prefix.empty()) cut_keys(text, environment.prefix);
}

std::string without_keys(std::string_view text, const authority::Policy& policy,
                         std::string_view presented) {
  std::string out(text);
  remove_keys(out, policy, presented);
  return out;
}

std::string trace_json(const authority::Snapshot& snapshot, const authority::Request& request,
                       const authority::Decision& decision, authority::Instant now,
                       std::string_view face) {
  const auto clean = [&](std::string_view text) {
    return without_keys(text, snapshot.policy(), decision.presented.key);
  };
  std::string out;
  base::JsonWriter json(out);
  json.open('{');
  json.member("face", face);
  json.name("checks");
  json.open('[');
  for (const auto& step : authority::trace(snapshot, request, decision, now)) {
    if (!step.made && !decision.proven) continue;  // a stranger's record is short
    json.open('{');
    json.member("check", authority::name_of_check(step.check));
    json.member("made", step.made);
    json.member("passed", step.passed);
    json.member("saw", clean(step.saw));
    json.close('}');
  }
  json.close(']');
  json.member("single_change", clean(authority::single_change(snapshot, request, decision, now)));
  json.name("request");
  json.open('{');
  json.member("api", request.api);
  json.member("client", request.client.known() ? request.client.text() : std::string());
  json.member("secure", request.secure);
  json.member("origin", clean(value_of(request, "Origin")));
  json.name("scopes");
  json.open('[');
  for (const auto scope : request.scopes) json.value(scope);
  json.close(']');
  json.close('}');
  json.close('}');
  return out;
}

}  // namespace locksmith::server

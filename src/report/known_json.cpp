// What the catalogue knows, for machines. Its texts come from TOML, which is valid Unicode.
#include <boost/json.hpp>
#include <cmath>

#include "report/known.hpp"

namespace locksmith::report {
namespace {

namespace json = boost::json;

template <class Items, class Make>
json::array array_of(const Items& items, Make make) {
  json::array out;
  for (const auto& item : items) out.push_back(make(item));
  return out;
}

json::array texts(catalogue::Strings items) {
  return array_of(items, [](std::string_view item) { return json::value(item); });
}

// Empty texts are absent facts, and null.
json::value fact(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object head(std::string_view what, std::string_view slug, std::string_view name) {
  return {{"version", 1}, {"type", what}, {"slug", slug}, {"name", name}};
}

json::array conditions_of(std::span<const catalogue::Condition> conditions) {
  return array_of(conditions, [](const catalogue::Condition& condition) {
    constexpr std::string_view names[] = {"body",           "pointer", "header",
                                          "request_header", "path",    "host"};
    return json::object{{"where", names[static_cast<std::size_t>(condition.what)]},
                        {"name", fact(condition.name)},
                        {"text", fact(condition.text)}};
  });
}

json::array refusals_of(std::span<const catalogue::Refusal> refusals) {
  return array_of(refusals, [](const catalogue::Refusal& refusal) {
    json::object decibans;
    for (const catalogue::Weight& weight : refusal.weights) {
      decibans[weight.cause] = std::round(weight.decibans * 10) / 10;
    }
    return json::object{{"status", json::array(refusal.statuses.begin(), refusal.statuses.end())},
                        {"when", conditions_of(refusal.when)},
                        {"answer", fact(refusal.answer)},
                        {"decibans", std::move(decibans)},
                        {"note", fact(refusal.note)},
                        {"look_next", fact(refusal.look_next)},
                        {"source", fact(refusal.source)},
                        {"checked", fact(refusal.checked)}};
  });
}

json::array placements_of(const catalogue::Provider& provider) {
  return array_of(provider.placements, [&](const catalogue::Placement& placement) {
    return json::object{{"in", credential::to_string(placement.place)},
                        {"name", placement.name},
                        {"scheme", fact(placement.scheme)},
                        {"basic_part", fact(placement.basic_part)},
                        {"user", fact(placement.basic_user)},
                        {"keys", texts(placement.kinds)},
                        {"note", fact(placement.note)},
                        {"command", key_command(provider, placement)}};
  });
}

json::array keys_of(const catalogue::Provider& provider) {
  return array_of(provider.keys, [](const catalogue::KeyKind& key) {
    return json::object{{"kind", key.kind},
                        {"shape", key.shape},
                        {"role", key.role},
                        {"environment", fact(key.environment)},
                        {"checksum", key.checksum != credential::Checksum::none},
                        {"accepted", key.accepted},
                        {"distinctive", key.distinctive},
                        {"instead", fact(key.instead)},
                        {"source", fact(key.source)}};
  });
}

json::array companions_of(const catalogue::Provider& provider) {
  return array_of(provider.companions, [](const catalogue::Companion& companion) {
    return json::object{{"in", credential::to_string(companion.place)},
                        {"name", companion.name},
                        {"cause", companion.cause},
                        {"example", fact(companion.example)},
                        {"path", fact(companion.when)},
                        {"source", fact(companion.source)}};
  });
}

json::value whoami_answer_of(const catalogue::WhoamiAnswer& answer) {
  if (answer.source.empty()) return nullptr;
  return json::object{{"owner", texts(answer.owner)},    {"owner_url", fact(answer.owner_url)},
                      {"name", fact(answer.name)},       {"scopes", fact(answer.scopes)},
                      {"expires", fact(answer.expires)}, {"source", fact(answer.source)},
                      {"checked", fact(answer.checked)}};
}

json::value whoami_of(const catalogue::Whoami& whoami) {
  if (whoami.url.empty()) return nullptr;
  return json::object{{"method", whoami.method},     {"url", whoami.url},
                      {"note", fact(whoami.note)},   {"source", fact(whoami.source)},
                      {"keys", texts(whoami.kinds)}, {"answer", whoami_answer_of(whoami.answer)}};
}

std::string written(const json::object& object) { return json::serialize(object) + "\n"; }

}  // namespace

std::string list_as_json(const catalogue::Found& found) {
  json::object out{{"version", 1}};
  out["providers"] = array_of(found.providers, [](const catalogue::Provider* provider) {
    return json::object{{"slug", provider->slug},
                        {"name", provider->name},
                        {"hosts", texts(provider->hosts)},
                        {"self_hosted", provider->hosts.empty()}};
  });
  out["intermediaries"] = array_of(found.intermediaries, [](const catalogue::Intermediary* item) {
    return json::object{{"slug", item->slug}, {"name", item->name}, {"kind", item->kind}};
  });
  return written(out);
}

std::string as_json(const catalogue::Provider& provider) {
  json::object out = head("provider", provider.slug, provider.name);
  out["hosts"] = texts(provider.hosts);
  out["environments"] =
      array_of(provider.environments, [](const catalogue::HostEnvironment& environment) {
        return json::object{{"name", environment.name}, {"hosts", texts(environment.hosts)}};
      });
  out["recognise"] = conditions_of(provider.recognise);
  out["placements"] = placements_of(provider);
  out["companions"] = companions_of(provider);
  out["keys"] = keys_of(provider);
  out["whoami"] = whoami_of(provider.whoami);
  out["refusals"] = refusals_of(provider.refusals);
  out["quirks"] = texts(provider.quirks);
  out["variables"] = texts(provider.variables);
  out["base_url_variables"] = texts(provider.base_url_variables);
  out["pages"] = json::object{{"keys", fact(provider.pages.keys)},
                              {"docs", fact(provider.pages.docs)},
                              {"status", fact(provider.pages.status)}};
  return written(out);
}

std::string as_json(const catalogue::Intermediary& intermediary) {
  json::object out = head("intermediary", intermediary.slug, intermediary.name);
  out["kind"] = intermediary.kind;
  out["recognise"] = conditions_of(intermediary.recognise);
  out["refusals"] = refusals_of(intermediary.refusals);
  out["quirks"] = texts(intermediary.quirks);
  return written(out);
}

}  // namespace locksmith::report

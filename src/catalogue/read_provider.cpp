// Reads catalogue/providers/NAME.toml and catalogue/intermediaries/NAME.toml.
#include <fmt/format.h>

#include <algorithm>

#include "catalogue/read.hpp"

namespace locksmith::catalogue {
namespace {

using credential::Checksum;
using credential::Place;

const std::vector<std::string_view> roles = {
    "secret",     "publishable",    "id",   "oauth", "refresh", "session",
    "app-secret", "webhook-secret", "user", "other"};

struct PlaceName {
  std::string_view name;
  Place place;
  std::string_view basic_part;
};
constexpr PlaceName places[] = {
    {"header", Place::header, ""},
    {"query", Place::query, ""},
    {"basic-user", Place::header, "user"},
    {"basic-password", Place::header, "password"},
    {"cookie", Place::cookie, ""},
    {"path", Place::path, ""},
    {"body", Place::body, ""},
};

PlaceName read_place(Fields& table, bool basic) {
  std::vector<std::string_view> choice;
  for (const PlaceName& place : places) {
    if (basic || place.basic_part.empty()) choice.push_back(place.name);
  }
  const std::string_view name = table.one_of("in", choice, "");
  const auto* found = std::ranges::find(places, name, &PlaceName::name);
  return found == std::end(places) ? places[0] : *found;
}

std::vector<std::string_view> read_hosts(Fields& table) {
  std::vector<std::string_view> hosts = table.texts("hosts");
  for (const std::string_view host : hosts) {
    const bool is_host = std::ranges::all_of(host, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '*' ||
             c == '_';
    });
    if (!is_host) {
      table.problem(
          "hosts", fmt::format("\"{}\" is no host name", host),
          "lower case, without scheme, port and path; * stands for labels or a part of one");
    }
  }
  return hosts;
}

std::span<const HostEnvironment> read_environments(const Reading& reading, Fields& file) {
  std::vector<HostEnvironment> out;
  for (Fields& table : file.tables("environment")) {
    HostEnvironment environment;
    environment.name = table.required_text("name");
    environment.hosts = reading.arena.keep(read_hosts(table));
    if (std::ranges::find(out, environment.name, &HostEnvironment::name) != out.end()) {
      table.problem("name", fmt::format("environment \"{}\" occurs twice", environment.name));
    }
    table.finish();
    out.push_back(environment);
  }
  return reading.arena.keep(out);
}

void check_environment(const Fields& table, std::string_view name,
                       std::span<const HostEnvironment> known) {
  if (name.empty() || std::ranges::find(known, name, &HostEnvironment::name) != known.end()) return;
  std::vector<std::string_view> choice;
  for (const HostEnvironment& environment : known) choice.push_back(environment.name);
  table.problem("environment", fmt::format("there is no [[environment]] \"{}\"", name),
                suggestion(name, choice));
}

KeyKind read_key(const Reading& reading, Fields& table) {
  KeyKind key;
  key.kind = table.required_text("kind");
  key.shape = table.required_text("shape");
  const auto shape = credential::Shape::parse(key.shape);
  if (!shape) table.problem("shape", shape.error().message, shape.error().hint);
  key.prefix = reading.arena.keep(credential::literal_prefix(key.shape));
  key.environment = table.text("environment");
  key.role = table.one_of("role", roles, "secret");
  key.accepted = table.flag("accepted", true);
  key.distinctive = table.flag("distinctive", true);
  if (table.one_of("checksum", {"none", "crc32-base62"}, "none") == "crc32-base62") {
    key.checksum = Checksum::crc32_base62;
    if (shape && shape->min_length() <= 6)
      table.problem("checksum", "this shape has no room for a checksum");
  }
  key.instead = table.text("instead");
  key.source = table.source();
  return key;
}

std::span<const KeyKind> read_keys(const Reading& reading, Fields& file,
                                   std::span<const HostEnvironment> environments) {
  std::vector<KeyKind> keys;
  for (Fields& table : file.tables("key")) {
    const KeyKind key = read_key(reading, table);
    check_environment(table, key.environment, environments);
    if (std::ranges::find(keys, key.kind, &KeyKind::kind) != keys.end()) {
      table.problem("kind", fmt::format("key \"{}\" occurs twice", key.kind));
    }
    table.finish();
    keys.push_back(key);
  }
  return reading.arena.keep(keys);
}

// `keys`: which kinds of key are meant.
Strings read_kinds(const Reading& reading, Fields& table, std::span<const KeyKind> keys) {
  std::vector<std::string_view> known;
  for (const KeyKind& key : keys) known.push_back(key.kind);
  const std::vector<std::string_view> kinds = table.texts("keys");
  for (const std::string_view kind : kinds) {
    if (std::ranges::find(known, kind) != known.end()) continue;
    table.problem("keys", fmt::format("there is no [[key]] \"{}\"", kind), suggestion(kind, known));
  }
  return reading.arena.keep(kinds);
}

std::span<const Placement> read_placements(const Reading& reading, Fields& file,
                                           std::span<const KeyKind> keys) {
  std::vector<Placement> out;
  for (Fields& table : file.tables("placement")) {
    const PlaceName place = read_place(table, true);
    Placement placement;
    placement.place = place.place;
    placement.basic_part = place.basic_part;
    const bool basic = !place.basic_part.empty();
    placement.name = basic ? table.text("name") : table.required_text("name");
    placement.scheme = table.text("scheme");
    if (basic && placement.name.empty()) placement.name = "Authorization";
    if (basic && placement.scheme.empty()) placement.scheme = "Basic";
    placement.basic_user = table.text("user");
    placement.kinds = read_kinds(reading, table, keys);
    placement.note = table.text("note");
    table.finish();
    out.push_back(placement);
  }
  return reading.arena.keep(out);
}

std::span<const Companion> read_companions(const Reading& reading, const Names& names,
                                           Fields& file) {
  std::vector<Companion> out;
  for (Fields& table : file.tables("companion")) {
    Companion companion;
    companion.place = read_place(table, false).place;
    companion.name = table.required_text("name");
    companion.cause = table.required_text("cause");
    std::vector<Weight> unused;
    if (!companion.cause.empty()) add_weight(names, table, "cause", companion.cause, 0, unused);
    companion.example = table.text("example");
    companion.when = table.text("path");
    companion.source = table.source();
    table.finish();
    out.push_back(companion);
  }
  return reading.arena.keep(out);
}

void check_url(const Fields& table, std::string_view field, std::string_view url) {
  if (url.empty() || url.starts_with("https://") || url.starts_with('/')) return;
  table.problem(field, fmt::format("`{}` is neither an https URL nor a path", field));
}

// A JSON pointer or a header's name.
void check_place(const Fields& table, std::string_view field, std::string_view place) {
  const bool header = std::ranges::all_of(place, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (place.starts_with('/') || header) return;
  table.problem(field, fmt::format("\"{}\" is neither a JSON pointer nor a header's name", place),
                "\"/data/login\", \"/scopes/*\", or \"x-oauth-scopes\" in lower case");
}

WhoamiAnswer read_whoami_answer(const Reading& reading, Fields& whoami) {
  WhoamiAnswer answer;
  auto table = whoami.table("answer");
  if (!table) return answer;
  answer.owner = reading.arena.keep(table->texts("owner"));
  for (const std::string_view place : answer.owner) check_place(*table, "owner", place);
  const auto place = [&](std::string_view field) {
    const std::string_view text = table->text(field);
    check_place(*table, field, text);
    return text;
  };
  answer.name = place("name");
  answer.scopes = place("scopes");
  answer.expires = place("expires");
  answer.owner_url = table->text("owner_url");
  check_url(*table, "owner_url", answer.owner_url);
  if (!answer.owner_url.empty() && answer.owner.empty())
    table->problem("owner_url",
                   "`owner_url` says where the owner is told, but not `owner` as what");
  answer.source = table->source();
  answer.checked = table->date("checked");
  table->finish();
  return answer;
}

Whoami read_whoami(const Reading& reading, Fields& file, std::span<const KeyKind> keys) {
  Whoami whoami;
  auto table = file.table("whoami");
  if (!table) return whoami;
  whoami.method = table->one_of("method", {"GET", "HEAD", "OPTIONS"}, "GET");
  whoami.url = table->required_text("url");
  check_url(*table, "url", whoami.url);
  whoami.note = table->text("note");
  whoami.source = table->source();
  whoami.kinds = read_kinds(reading, *table, keys);
  whoami.answer = read_whoami_answer(reading, *table);
  table->finish();
  return whoami;
}

Pages read_pages(Fields& file) {
  Pages pages;
  if (auto table = file.table("pages")) {
    pages = {table->text("keys"), table->text("docs"), table->text("status")};
    table->finish();
  }
  return pages;
}

}  // namespace

Provider read_provider(const Reading& reading, const Names& names, Fields& file,
                       std::string_view slug) {
  const auto keep = [&](const auto& items) { return reading.arena.keep(items); };
  Provider provider;
  provider.slug = slug;
  provider.name = file.required_text("name");
  provider.hosts = keep(read_hosts(file));
  provider.recognise = read_recognise(reading, file);
  if (provider.hosts.empty() && provider.recognise.empty()) {
    file.problem("hosts",
                 "nothing leads to this provider: it has neither `hosts` nor [[recognise]]");
  }
  provider.variables = keep(file.texts("variables"));
  provider.base_url_variables = keep(file.texts("base_url_variables"));
  provider.environments = read_environments(reading, file);
  provider.pages = read_pages(file);
  provider.keys = read_keys(reading, file, provider.environments);
  provider.placements = read_placements(reading, file, provider.keys);
  provider.companions = read_companions(reading, names, file);
  provider.whoami = read_whoami(reading, file, provider.keys);
  provider.refusals = read_refusals(reading, names, file);
  provider.quirks = keep(file.texts("quirks"));
  return provider;
}

Intermediary read_intermediary(const Reading& reading, const Names& names, Fields& file,
                               std::string_view slug) {
  Intermediary intermediary;
  intermediary.slug = slug;
  intermediary.name = file.required_text("name");
  intermediary.kind = file.required_text("kind");
  intermediary.recognise = read_recognise(reading, file);
  intermediary.refusals = read_refusals(reading, names, file);
  if (intermediary.recognise.empty() && intermediary.refusals.empty()) {
    file.problem("recognise", "nothing recognises this intermediary");
  }
  intermediary.quirks = reading.arena.keep(file.texts("quirks"));
  return intermediary;
}

}  // namespace locksmith::catalogue

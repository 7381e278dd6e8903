// Reads locksmith.toml. docs/locksmith.toml shows every field.
#include <fmt/format.h>

#include <algorithm>

#include "authority/compiled.hpp"
#include "authority/server_settings.hpp"
#include "authority/toml_fields.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace locksmith::authority {
namespace {

constexpr std::array<std::string_view, 5> placement_kinds{"header", "query", "cookie", "basic-user",
                                                          "basic-password"};
constexpr std::array<std::string_view, 3> disclosures{"full", "code", "none"};
constexpr std::array<std::string_view, 2> unlisted{"allow", "refuse"};

void read_server(Fields& in, ServerSettings& out, Policy& policy) {
  if (in.has("listen"))
    out.listen = in.texts("listen");
  else
    in.texts("listen");
  out.socket = in.text("socket");
  out.admin_listen = in.text("admin_listen");
  out.store = in.text("store", out.store);
  out.threads = static_cast<unsigned>(in.number("threads", 0, 0, 1024));
  out.max_connections = in.number("max_connections", out.max_connections, 1, 1'000'000);
  out.max_header_bytes = in.size("max_header", out.max_header_bytes);
  out.max_body_bytes = in.size("max_body", out.max_body_bytes);
  out.header_timeout = in.duration("header_timeout", out.header_timeout);
  out.body_timeout = in.duration("body_timeout", out.body_timeout);
  out.idle_timeout = in.duration("idle_timeout", out.idle_timeout);
  out.write_timeout = in.duration("write_timeout", out.write_timeout);
  out.shutdown_timeout = in.duration("shutdown_timeout", out.shutdown_timeout);
  out.keep_decisions = in.duration("keep_decisions", out.keep_decisions);
  out.max_decisions = in.number("max_decisions", out.max_decisions, 0, 1'000'000'000);
  policy.require_tls = in.flag("require_tls", false);
  for (const std::string& text : in.texts("trusted_proxies")) {
    if (const auto block = parse_cidr(text))
      policy.trusted_proxies.push_back(*block);
    else
      in.fault("trusted_proxies", fmt::format("\"{}\" is not an address or block of them", text),
               "for example \"10.0.0.0/8\", with no bit set behind the first 8");
  }
}

void read_refusals(Fields& in, Policy& out) {
  constexpr std::array order{Disclosure::full, Disclosure::code, Disclosure::none};
  out.disclosure = order[in.one_of("disclosure", disclosures)];
  out.realm = in.text("realm", out.realm);
  out.pages = in.text("pages", out.pages);
  const auto is_odd = [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; };
  if (std::ranges::any_of(out.realm, is_odd))
    in.fault("realm", "`realm` must be plain ASCII without quotes");
  if (std::ranges::any_of(out.pages, is_odd) || out.pages.find(' ') != out.pages.npos)
    in.fault("pages", "`pages` must be a URL or a path");
}

void read_guessing(Fields& in, Policy& out) {
  out.wrong_keys = in.rate("rate");
  if (!in.has("rate")) in.fault("rate", "[guessing]: `rate` is missing");
  out.guessing_blocks_all = in.flag("block_all", false);
}

Environment read_environment(Fields& in) {
  Environment out{in.required_text("name"), in.text("prefix")};
  const auto is_odd = [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  };
  if (!out.prefix.empty() && (!out.prefix.ends_with('_') || out.prefix.size() > 24 ||
                              out.prefix.size() < 4 || std::ranges::any_of(out.prefix, is_odd))) {
    in.fault(
        "prefix", fmt::format("\"{}\" cannot be a prefix of keys", base::printable(out.prefix)),
        "4 to 24 small letters, digits and underscores that end in an underscore: \"acme_live_\"");
  }
  return out;
}

Placement read_placement(Fields& in) {
  Placement out{static_cast<Placement::Kind>(in.one_of("in", placement_kinds)), {}, {}};
  const bool basic = out.kind >= Placement::Kind::basic_user;
  if (!in.has("in")) in.fault("in", "[[placement]]: `in` is missing");
  if (!basic) out.name = in.required_text("name");
  if (out.kind != Placement::Kind::header) return out;
  out.name = base::lower(out.name);
  out.scheme = in.text("scheme");
  return out;
}

Endpoint read_endpoint(Fields& in) {
  Endpoint out{in.texts("methods"), in.required_text("path"), in.texts("scopes"), in.texts("plans"),
               in.flag("open", false)};
  if (!out.path.empty()) {
    if (const auto pattern = PathPattern::parse(out.path); !pattern)
      in.fault("path", pattern.error().message, pattern.error().hint);
  }
  for (const std::string& method : out.methods) {
    if (!std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; }))
      in.fault("methods", fmt::format("\"{}\" is not a method", base::printable(method)),
               "methods are written in capitals: \"GET\"");
  }
  if (out.open && !(out.scopes.empty() && out.plans.empty()))
    in.fault("open", "an open endpoint asks for no key, so it can ask for no scope or plan");
  return out;
}

// Names that lead to something declared elsewhere in the file.
template <class Range>
void check_name(const Fields& in, std::string_view field, const std::string& name,
                const Range& declared, std::string_view what) {
  std::vector<std::string_view> names;
  for (const auto& each : declared) names.push_back(each.name);
  if (std::ranges::find(names, name) != names.end()) return;
  const std::string_view near = base::nearest(name, names);
  in.fault(field, fmt::format("there is no {} \"{}\"", what, base::printable(name)),
           near.empty() ? std::string() : fmt::format("did you mean \"{}\"?", near));
}

template <class Range>
void check_unique(const Fields& in, const Range& all, std::string_view what) {
  const auto& last = all.back();
  if (std::ranges::count(all, last.name, [](const auto& each) { return each.name; }) > 1)
    in.fault("name", fmt::format("there are two {}s \"{}\"", what, base::printable(last.name)));
}

Api read_api(Fields& in, const Policy& policy) {
  Api out;
  out.name = in.required_text("name");
  for (const std::string& host : in.texts("hosts")) out.hosts.push_back(base::lower(host));
  out.environment = in.text("environment");
  if (!out.environment.empty())
    check_name(in, "environment", out.environment, policy.environments, "environment");
  out.unlisted_allowed = in.one_of("unlisted", unlisted) == 0;
  in.each("endpoint", [&](Fields& fields) {
    out.endpoints.push_back(read_endpoint(fields));
    for (const std::string& plan : out.endpoints.back().plans)
      check_name(fields, "plans", plan, policy.plans, "plan");
  });
  return out;
}

void read_plans(Fields& in, Policy& out) {
  in.each("plan", [&](Fields& fields) {
    out.plans.push_back({fields.required_text("name"), fields.rate("rate"), fields.quota("quota")});
    check_unique(fields, out.plans, "plan");
  });
  out.default_plan = in.text("default_plan");
  if (!out.default_plan.empty())
    check_name(in, "default_plan", out.default_plan, out.plans, "plan");
}

void read_file(Fields& in, Settings& out) {
  Policy& policy = out.policy;
  in.table("server", [&](Fields& fields) { read_server(fields, out.server, policy); });
  in.table("refusals", [&](Fields& fields) { read_refusals(fields, policy); });
  in.table("guessing", [&](Fields& fields) { read_guessing(fields, policy); });
  in.each("environment", [&](Fields& fields) {
    policy.environments.push_back(read_environment(fields));
    check_unique(fields, policy.environments, "environment");
  });
  if (policy.environments.empty())
    policy.environments = {{"live", "lks_live_"}, {"test", "lks_test_"}};
  in.each("placement",
          [&](Fields& fields) { policy.placements.push_back(read_placement(fields)); });
  read_plans(in, policy);
  in.each("api", [&](Fields& fields) {
    policy.apis.push_back(read_api(fields, policy));
    check_unique(fields, policy.apis, "api");
  });
  in.each("leak_reporter", [&](Fields& fields) {
    out.leak_reporters.push_back(
        {fields.required_text("key_identifier"), fields.required_text("public_key")});
  });
  if (policy.placements.empty())
    policy.placements = {{Placement::Kind::header, "authorization", "Bearer"}};
  in.finish();
}

std::string report(Faults& faults) {
  std::ranges::stable_sort(faults.found, {}, &std::pair<int, std::string>::first);
  std::string out;
  for (const auto& [line, what] : faults.found)
    out += fmt::format("{}{}:{}: {}", out.empty() ? "" : "\n", faults.file, line, what);
  return out;
}

}  // namespace

Result<Settings> read_settings(std::string_view toml, std::string_view file_name) {
  Faults faults{std::string(file_name), {}};
  Settings out;
  try {
    const toml::table parsed = toml::parse(toml, file_name);
    Fields fields(faults, parsed, "");
    read_file(fields, out);
  } catch (const toml::parse_error& error) {
    faults.add(static_cast<int>(error.source().begin.line), std::string(error.description()));
  }
  if (!faults.found.empty()) return fail(ErrorCode::usage, report(faults));
  out.policy.revision = base::crc32(toml);
  return out;
}

Result<Policy> read_policy(std::string_view toml, std::string_view file_name) {
  auto settings = read_settings(toml, file_name);
  if (!settings) return std::unexpected(settings.error());
  return std::move(settings->policy);
}

}  // namespace locksmith::authority

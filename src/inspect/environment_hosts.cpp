// Base URLs, regions and sites; and lists of who may come in.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "inspect/environment.hpp"

namespace locksmith::inspect {
namespace {

bool names_base_url(const Case& c, std::string_view name) {
  if (c.provider && one_of(c.provider->base_url_variables, name)) return true;
  for (const std::string_view end :
       {"BASE_URL", "API_BASE", "API_URL", "API_HOST", "ENDPOINT", "BASEURL", "_SITE"}) {
    if (name.ends_with(end)) return true;
  }
  return false;
}

// The prefix of a variable's name that says whose it is: OPENAI of OPENAI_BASE_URL.
std::string_view owner_of(std::string_view name) { return name.substr(0, name.find('_')); }

bool same_owner(const Case& c, std::string_view name) {
  if (!c.provider) return true;
  if (one_of(c.provider->base_url_variables, name)) return true;
  return std::ranges::any_of(c.provider->variables, [&](std::string_view variable) {
    return owner_of(variable) == owner_of(name);
  });
}

}  // namespace

void judge_base_urls(const Case& c, const Values& values, diagnosis::Findings& findings) {
  for (const Value& value : values) {
    if (value.value.empty() || !names_base_url(c, value.name) || !same_owner(c, value.name))
      continue;
    const http::Url url = http::parse_url(value.value);
    if (!url.host.contains('.') && url.host != "localhost") continue;
    // "datadoghq.eu" names the site of which api.datadoghq.eu is a host.
    if (url.host == c.url.host || c.url.host.ends_with("." + url.host)) continue;
    const bool same_provider =
        c.provider && (c.catalogue.provider_of_host(url.host) == c.provider ||
                       c.catalogue.provider_of_host("api." + url.host) == c.provider);
    say(findings, "environment.base-url", value.place,
        fmt::format(
            "{} names {}, but the request went to {}: the setting is not read, or is overridden.",
            value.name, url.host, c.url.host),
        same_provider ? std::vector<catalogue::Weight>{{"wrong-environment", 28},
                                                       {"wrong-endpoint", 8},
                                                       {"wrong-provider", 6}}
                      : std::vector<catalogue::Weight>{{"wrong-provider", 26},
                                                       {"wrong-environment", 12},
                                                       {"wrong-endpoint", 8}},
        {},
        {fmt::format(
            "grep -rn {} .   # does the program read this name, and before it builds its client?",
            http::shell_quote(value.name))});
    return;
  }
}

// "X-Api-Key" is $http_x_api_key.
std::string variable_of(std::string_view header) {
  std::string name = base::lower(header);
  std::ranges::replace(name, '-', '_');
  return name;
}

// Settings that list who may come in, in a server's configuration.
void judge_address_lists(const Case& c, diagnosis::Findings& findings) {
  if (c.response.status != 403) return;
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    for (const std::string_view setting :
         {"allow_admin", "allowed_ips", "allow_ips", "ip_whitelist", "ipwhitelist", "ipallowlist",
          "whitelist", "allowlist", "trusted_hosts", "deny all", "require ip", "ip-restriction"}) {
      if (!base::contains_ignoring_case(file.content, setting)) continue;
      say(findings, "environment.address-list", file.path,
          fmt::format("It restricts who may connect ({}).", setting), {{"ip-blocked", 9}});
      return;
    }
  }
}

// nginx does not pass on a header whose value is set to the empty text:
// https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header
void judge_cleared_headers(const Case& c, diagnosis::Findings& findings) {
  if (!c.main || c.main->place != credential::Place::header || c.main->value.empty()) return;
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    int number = 0;
    for (std::string_view rest = file.content; !rest.empty();) {
      ++number;
      const std::string line = base::lower(base::trim(rest.substr(0, rest.find('\n'))));
      rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
      constexpr std::string_view directive = "proxy_set_header";
      if (!line.starts_with(directive)) continue;
      const std::string_view words = base::trim(std::string_view(line).substr(directive.size()));
      const std::string_view name = words.substr(0, words.find_first_of(" \t"));
      const std::string_view value = base::trim(words.substr(name.size()));
      if (!base::equals_ignoring_case(name, c.main->name) ||
          !(value.starts_with("\"\"") || value.starts_with("''")))
        continue;
      say(findings, "environment.header-cleared", fmt::format("{}, line {}", file.path, number),
          fmt::format("nginx takes {} away there before it passes the request on.", c.main->name),
          {{"proxy-stripped", 30}},
          "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header",
          {fmt::format("Take the line out, or write: proxy_set_header {0} $http_{1};", c.main->name,
                       variable_of(c.main->name))});
      return;
    }
  }
}

}  // namespace locksmith::inspect

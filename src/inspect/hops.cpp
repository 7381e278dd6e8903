// Who answered, and what happened on the way: intermediaries, redirects, proxies.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "inspect/inspect.hpp"
#include "inspect/page.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using base::contains_ignoring_case;
using base::equals_ignoring_case;

std::vector<credential::Credential> credentials_of(const Case& c, const http::Request& request) {
  const catalogue::Provider* provider =
      c.catalogue.provider_of_host(http::parse_url(request.url).host);
  if (!provider) provider = c.provider;
  std::vector<credential::Placement> known;
  if (provider) known.assign(provider->placements.begin(), provider->placements.end());
  return credential::find_credentials(request, known);
}

bool has_credential(const Case& c, const http::Request& request) {
  const auto credentials = credentials_of(c, request);
  return std::ranges::any_of(credentials, [](const auto& k) { return !k.value.empty(); });
}

// The path to show: a key that stands in it is left out.
std::string shown_path(const Case& c, const http::Url& url) {
  for (const auto& key : credentials_of(c, {.url = url.origin() + url.path})) {
    const auto at = url.path.find(key.name);
    if (key.place == credential::Place::path && at != std::string::npos)
      return url.path.substr(0, at + key.name.size()) + "<key>";
  }
  return url.path;
}

bool same_origin(const http::Url& a, const http::Url& b) { return a.origin() == b.origin(); }

// The redirect chain up to the failure: where did the credential go?
void judge_redirects(const Case& c, diagnosis::Findings& findings) {
  const auto& exchanges = c.bundle.exchanges;
  for (std::size_t i = 1; i <= c.bundle.failing && i < exchanges.size(); ++i) {
    const http::Exchange& before = exchanges[i - 1];
    if (before.response.status < 300 || before.response.status >= 400) continue;
    const http::Url from = http::parse_url(before.request.url),
                    to = http::parse_url(exchanges[i].request.url);
    const bool had = has_credential(c, before.request),
               has = has_credential(c, exchanges[i].request);
    const std::string place = fmt::format("redirect {} of the chain", i);
    if (had && !has) {
      const std::string how = same_origin(from, to)  ? "on the same host"
                              : from.host == to.host ? "to another scheme or port"
                                                     : "to another host";
      say(findings, "hops.redirect-dropped", place,
          fmt::format("The request was redirected {} ({} → {}), and the client sent it on without "
                      "the credential.",
                      how, from.origin(), to.origin()),
          // Before a wall it makes no difference: the key was not meant for what stands there.
          {{"redirect-dropped", is_wall(c) ? 6.0 : 36.0}, {"missing", -12}}, {},
          {fmt::format("curl … {}   # ask the final URL directly",
                       http::shell_quote(to.origin() + shown_path(c, to)))});
    } else if (had && has && from.host != to.host) {
      say(findings, "hops.redirect-carried", place,
          fmt::format("The client carried the credential along a redirect from {} to {}, which has "
                      "its own.",
                      from.host, to.host),
          {{"conflicting-credentials", 18}, {"wrong-endpoint", 4}});
    }
    if (had && before.request.method != exchanges[i].request.method) {
      say(findings, "hops.redirect-method", place,
          fmt::format("The redirect turned {} into {}.", before.request.method,
                      exchanges[i].request.method),
          {{"wrong-endpoint", 6}});
    }
  }
}

void judge_location(const Case& c, diagnosis::Findings& findings) {
  if (c.response.status < 300 || c.response.status >= 400) return;
  const std::string_view location = c.response.headers.get("location");
  if (location.empty()) return;
  const http::Url to = http::parse_url(http::resolve_reference(c.url, location));
  // Login pages are told where to lead back to.
  const std::string query = base::percent_decode(to.query);
  const bool leads_back =
      query.contains(c.url.host + c.url.path) || query.contains("=" + c.url.path);
  if (leads_to_login(location) || leads_back) {
    const bool elsewhere = to.host != c.url.host;
    say(findings, "hops.login-redirect", "Location header",
        fmt::format("The answer leads to a login page{}: an API does not do that, something in "
                    "front of it does.",
                    elsewhere ? " on " + to.host : ""),
        {{"gateway-auth", elsewhere ? 32.0 : 26.0}, {"missing", 4}, {"wrong-endpoint", 4}});
  } else if (to.host != c.url.host) {
    say(findings, "hops.redirect-host", "Location header",
        fmt::format("The answer sends the request on to {}; clients drop the credential on such a "
                    "redirect.",
                    to.host),
        {{"redirect-dropped", 16}, {"wrong-endpoint", 14}});
  } else if (to.scheme != c.url.scheme || to.path != c.url.path) {
    say(findings, "hops.redirect-path", "Location header",
        fmt::format("The answer sends the request on to {}{}.", to.origin(), shown_path(c, to)),
        {{"wrong-endpoint", 14}, {"redirect-dropped", 12}});
  }
}

// Whether a page does something about a login, or only speaks of it.
bool acts(std::string_view page) {
  return page.contains("<form") || page.contains("<input") || page.contains("location") ||
         page.contains("http-equiv");
}

// An API that speaks JSON is not the one that answered with a page.
void judge_page(const Case& c, diagnosis::Findings& findings) {
  const Page page = page_of(c.view);
  if (page == Page::none) return;
  const bool wall = page == Page::login || page == Page::portal;
  const bool expects_data = contains_ignoring_case(c.request.headers.get("accept"), "json") ||
                            contains_ignoring_case(c.request.headers.get("content-type"), "json") ||
                            contains_ignoring_case(c.url.path, "/api") ||
                            contains_ignoring_case(c.url.path, "/v1") || c.provider_by_host;
  // A key alone does not tell an API from a site, unless the page wants something before it.
  if (!(expects_data || (wall && asks_for_data(c))) || is_own_answer(c)) return;
  if (page == Page::portal) {
    say(findings, "hops.portal", "response body",
        "The answer is the page of a captive portal, not data: the network wants its terms "
        "accepted first; the API was never reached.",
        {{"gateway-auth", 34}});
  } else if (page == Page::login && acts(c.view.lower_body())) {
    say(findings, "hops.login-page", "response body",
        "The answer is a login page, not data: something in front of the API wants a login.",
        {{"gateway-auth", 26}});
  } else if (page == Page::login) {
    // It may as well be the login of the service itself, shown to whom it does not know.
    say(findings, "hops.login-title", "response body",
        "The answer is a page that calls itself a login, not data.",
        {{"gateway-auth", 6},
         {"wrong-endpoint", 9},
         {"wrong-scheme", 8},
         {"wrong-credential-type", 8},
         {"wrong-header", 6}});
  } else if (c.response.status == 404) {
    say(findings, "hops.page-404", "response body",
        "The answer is a web page, not data: the path does not lead to the API.",
        {{"wrong-endpoint", 12}});
  } else {
    say(findings, "hops.page", "response body",
        "The answer is a web page, not data: it may come from something in front of the API.",
        {{"gateway-auth", 6},
         {"waf-blocked", 7},
         {"ip-blocked", 3},
         {"wrong-endpoint", 5},
         {"proxy-stripped", 2}});
  }
}

void judge_via(const Case& c, diagnosis::Findings& findings) {
  const auto& variables = c.bundle.environment.variables;
  for (const char* name :
       {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}) {
    const auto proxy = variables.find(name);
    if (proxy == variables.end() || proxy->second.empty()) continue;
    const http::Url url = http::parse_url(proxy->second);
    say(findings, "hops.proxy-variable", fmt::format("variable {}", name),
        fmt::format("The request went through the proxy {}.", url.host),
        {{"gateway-auth", 5}, {"waf-blocked", 2}, {"proxy-stripped", 3}});
    break;
  }
}

}  // namespace

std::vector<const catalogue::Intermediary*> answered_by(const Case& c) {
  std::vector<const catalogue::Intermediary*> boxes;
  for (const catalogue::Intermediary& box : c.catalogue.intermediaries) {
    if (&box == c.intermediary || catalogue::any_holds(box.recognise, c.request, c.view))
      boxes.push_back(&box);
  }
  return boxes;
}

void inspect_hops(const Case& c, diagnosis::Findings& findings) {
  judge_redirects(c, findings);
  judge_location(c, findings);
  judge_page(c, findings);
  judge_via(c, findings);
}

}  // namespace locksmith::inspect

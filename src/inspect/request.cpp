// The request apart from its credential: preflight, required company, the URL, the client.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"

namespace locksmith::inspect {
namespace {

using base::contains_ignoring_case;
using base::equals_ignoring_case;

// Fetch standard, CORS-preflight request: OPTIONS with this header, and never with credentials.
void judge_preflight(const Case& c, diagnosis::Findings& findings) {
  if (equals_ignoring_case(c.request.method, "OPTIONS") &&
      c.request.headers.has("access-control-request-method")) {
    say(findings, "request.preflight", "request",
        "This is a browser's preflight: browsers never send a credential with it.",
        {{"cors-preflight", 40}}, "https://fetch.spec.whatwg.org/#cors-preflight-fetch");
  }
}

bool has_companion(const Case& c, const catalogue::Companion& companion) {
  switch (companion.place) {
    case credential::Place::query: {
      const auto parameters = http::query_parameters(c.url.query);
      return std::ranges::any_of(
          parameters, [&](const auto& p) { return equals_ignoring_case(p.name, companion.name); });
    }
    case credential::Place::cookie:
      return contains_ignoring_case(c.request.headers.get("cookie"),
                                    std::string(companion.name) + "=");
    default:
      return c.request.headers.has(companion.name);
  }
}

void judge_companions(const Case& c, diagnosis::Findings& findings) {
  if (!c.provider) return;
  for (const catalogue::Companion& companion : c.provider->companions) {
    if (!companion.when.empty() && !c.url.path.starts_with(companion.when)) continue;
    if (has_companion(c, companion)) continue;
    // Weak alone: the answer must ask for it before it is the cause.
    say(findings, "request.companion", "request headers",
        fmt::format("{} wants {} with the key; it was not sent.", c.provider->name, companion.name),
        {{companion.cause, 14}}, companion.source,
        companion.example.empty() ? std::vector<std::string>{}
                                  : std::vector<std::string>{fmt::format(
                                        "curl -H '{}: {}' …", companion.name, companion.example)});
  }
}

// A path segment that occurs twice in a row ("/v1/v1/"): a base URL that already had it.
std::string doubled_segment(std::string_view path) {
  for (std::size_t start = 1; start < path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment.size() > 1 && path.substr(end).starts_with("/" + std::string(segment)) &&
        (end + 1 + segment.size() == path.size() || path[end + 1 + segment.size()] == '/')) {
      return std::string(segment);
    }
    start = end + 1;
  }
  return {};
}

void judge_url(const Case& c, diagnosis::Findings& findings) {
  const http::Url& url = c.url;
  if (url.has_fragment && !url.fragment.empty()) {
    say(findings, "request.fragment", "URL",
        fmt::format("Everything behind '#' ({} characters) is a fragment and was never sent; as "
                    "data it must be written %23.",
                    url.fragment.size()),
        {{"wrong-endpoint", 20}, {"interpolated", 6}},
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.5");
  }
  if (const std::string twice = doubled_segment(url.path);
      !twice.empty() && (twice.starts_with('v') || twice == "api")) {
    say(findings, "request.doubled-segment", "URL path",
        fmt::format("/{0} stands there twice: the base URL already ends in it.", twice),
        {{"wrong-endpoint", 20}});
  }
  if (url.path.contains("//")) {
    say(findings, "request.double-slash", "URL path", "The path has an empty segment (//).",
        {{"wrong-endpoint", 8}});
  }
  const std::string path = base::percent_decode(url.path);
  for (const std::string_view form :
       {"/:", "{{", "/{", "/<", "${", "undefined", "/null", "/None", "[object"}) {
    if (!path.contains(form)) continue;
    const bool variable = form == "undefined" || form == "/null" || form == "/None" ||
                          form == "${" || form == "[object";
    // A key in the path (Telegram) is judged as a credential.
    if (c.main && c.main->place == credential::Place::path) break;
    say(findings, "request.path-placeholder", "URL path", "A part of the path was never filled in.",
        {{"wrong-endpoint", 14}, {"env-unset", variable ? 8.0 : 2.0}, {"placeholder", 4}});
    break;
  }
  if (url.host.empty()) {
    say(findings, "request.no-host", "URL", "The URL names no host.",
        {{"wrong-endpoint", 8}, {"env-unset", 6}, {"gateway-auth", 4}});
  }
  const auto parameters = http::query_parameters(url.query);
  const auto signature = std::ranges::find_if(
      parameters, [](const auto& p) { return equals_ignoring_case(p.name, "signature"); });
  if (signature != parameters.end() && signature + 1 != parameters.end()) {
    say(findings, "request.signature-not-last", "URL query",
        "The signature is not the last parameter: what stands behind it was not signed, or is not "
        "verified in that order.",
        {{"bad-signature", 10}});
  }
}

// Clients whose default User-Agent firewalls and some APIs refuse.
constexpr std::array<std::string_view, 8> library_agents{
    "python-requests", "python-urllib", "go-http-client", "java/",
    "libwww-perl",     "okhttp",        "node-fetch",     "axios/"};

// Cloudflare's Browser Integrity Check refuses this one by itself, before any key is looked at:
// https://help.api.lulu.com/en/support/solutions/articles/64000312087 (2026-11-21), and with
// nothing but the name changed: https://github.com/NethServer/ns8-core/pull/522
constexpr std::string_view often_refused = "python-urllib";

void judge_client(const Case& c, diagnosis::Findings& findings) {
  const std::string* agent = c.request.headers.find("user-agent");
  if (agent && agent->empty()) {
    say(findings, "request.no-user-agent", "User-Agent header",
        "The User-Agent is empty; firewalls and some APIs refuse that.",
        {{"waf-blocked", 8}, {"missing-required-header", 8}});
    return;
  }
  if (!agent) {
    // Only a request whose other headers are all known shows that it had none.
    if (c.request.headers.has("host"))
      say(findings, "request.no-user-agent", "request headers",
          "The request has no User-Agent; firewalls and some APIs refuse that.",
          {{"waf-blocked", 9}, {"missing-required-header", 7}});
    return;
  }
  const auto library = std::ranges::find_if(
      library_agents, [&](std::string_view name) { return base::lower(*agent).starts_with(name); });
  if (library != library_agents.end()) {
    say(findings, "request.library-user-agent", "User-Agent header",
        fmt::format(
            "The User-Agent is a library's default ({}…); bot protections stop some of these.",
            *library),
        {{"waf-blocked", *library == often_refused ? 9.0 : 4.0}});
  }
}

// A crumb or CSRF token is bound to the session in which it was issued.
void judge_csrf(const Case& c, diagnosis::Findings& findings) {
  const bool unsafe = !equals_ignoring_case(c.request.method, "GET") &&
                      !equals_ignoring_case(c.request.method, "HEAD") &&
                      !equals_ignoring_case(c.request.method, "OPTIONS");
  if (!unsafe) return;
  bool token = false;
  for (const http::Header& header : c.request.headers) {
    token |= contains_ignoring_case(header.name, "csrf") ||
             contains_ignoring_case(header.name, "xsrf") ||
             contains_ignoring_case(header.name, "crumb");
  }
  const bool cookie = c.request.headers.has("cookie");
  if (token && !cookie) {
    say(findings, "request.csrf-without-cookie", "request headers",
        "A CSRF token was sent without the session cookie that it belongs to.", {{"csrf", 7}});
  } else if (cookie && !token) {
    say(findings, "request.cookie-without-csrf", "request headers",
        "A session cookie was sent with a writing request, but no CSRF token.", {{"csrf", 6}});
  }
}

}  // namespace

void inspect_request(const Case& c, diagnosis::Findings& findings) {
  judge_preflight(c, findings);
  judge_companions(c, findings);
  judge_url(c, findings);
  judge_client(c, findings);
  judge_csrf(c, findings);
}

}  // namespace locksmith::inspect

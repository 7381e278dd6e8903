#include "probe/variations.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.hpp"
#include "probe/rewrite.hpp"

namespace locksmith::probe {
namespace {

using credential::Credential;

constexpr std::unexpected<std::string_view> does_not_apply(std::string_view why) {
  return std::unexpected(why);
}

http::Request repeated(const Setting& s) { return harmless(s.failure.request, s.replay); }

bool is_address(std::string_view host) {
  return host.contains(':') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// curl(1), --noproxy: names, each for itself and what is below it, and "*" for all.
bool is_excepted(std::string_view list, std::string_view host) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", "), list.size());
    std::string_view name = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (name == "*") return true;
    if (name.starts_with('.')) name.remove_prefix(1);
    const std::string entry = base::lower(name);
    if (!entry.empty() && (host == entry || host.ends_with("." + entry))) return true;
  }
  return false;
}

// curl(1), "ENVIRONMENT": http_proxy counts in lower case only, for a CGI sets HTTP_PROXY from a
// header.
std::string_view variable(const Setting& s, std::initializer_list<const char*> names) {
  const auto& variables = s.failure.bundle.environment.variables;
  for (const char* name : names) {
    const auto hit = variables.find(name);
    if (hit != variables.end() && !hit->second.empty()) return hit->second;
  }
  return {};
}

bool goes_through_proxy(const Setting& s) {
  const std::string& own_list = s.options.noproxy;
  const auto list = own_list.empty() ? variable(s, {"no_proxy", "NO_PROXY"}) : own_list;
  if (is_excepted(list, s.failure.url.host)) return false;
  if (!s.options.proxy.empty()) return true;
  const auto own = s.failure.url.scheme == "https" ? variable(s, {"https_proxy", "HTTPS_PROXY"})
                                                   : variable(s, {"http_proxy"});
  return !own.empty() || !variable(s, {"all_proxy", "ALL_PROXY"}).empty();
}

// Not where the first answer came over this version. Nothing is known of what stands behind a
// proxy, and an address has one version.
Built over_ip(const Setting& s, int version) {
  if (is_address(s.failure.url.host)) return does_not_apply("the host is an address");
  if (goes_through_proxy(s)) return does_not_apply("a proxy chooses the address");
  if (!s.options.unix_socket.empty()) return does_not_apply("it goes over a local socket");
  const std::string& first = s.failure.bundle.failure().remote_address;
  const int used = !first.empty() ? (first.contains(':') ? 6 : 4) : s.options.ip_version;
  if (used == version) return does_not_apply("the first answer came over this version already");
  return repeated(s);
}

// Of curl, and the defaults of libraries: what firewalls know as no browser.
constexpr std::array<std::string_view, 12> tools = {
    "curl/", "wget/",       "python",     "go-http-client", "java/", "libwww-perl",
    "ruby",  "apache-http", "node-fetch", "axios/",         "node",  "okhttp"};

bool is_tool(std::string_view agent) {
  const std::string name = base::lower(agent);
  return name.empty() || std::ranges::any_of(tools, [&](auto t) { return name.starts_with(t); });
}

// The one that answered, else the one that was asked for.
std::string_view version_used(const Setting& s) {
  const std::string_view answered = s.failure.response.version;
  return answered.starts_with("HTTP/") ? answered.substr(5) : s.options.http_version;
}

// Forbidden to scripts or always allowed, so that a preflight does not name it.
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header, #forbidden-request-header
bool needs_no_permission(const std::string& name) {
  constexpr std::array<std::string_view, 13> names = {
      "accept",     "accept-language", "content-language", "accept-encoding",
      "connection", "user-agent",      "content-length",   "cookie",
      "host",       "origin",          "referer",          "te",
      "dnt"};
  return std::ranges::find(names, name) != names.end() || name.starts_with("sec-") ||
         name.starts_with("proxy-") || name.starts_with(':');
}

std::string names_to_permit(const http::Request& request) {
  std::set<std::string> names;
  for (const http::Header& header : request.headers) {
    if (const auto name = base::lower(header.name); !needs_no_permission(name)) names.insert(name);
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  return list;
}

bool came_by_redirect(const Setting& s) {
  const http::Bundle& bundle = s.failure.bundle;
  return bundle.failing > 0 && bundle.exchanges[bundle.failing - 1].response.status / 100 == 3;
}

// A signature covers the path.
bool is_signed(const Setting& s) {
  const Credential* main = s.failure.main;
  return main && !main->basic && main->secret().find_first_of(",=") != std::string::npos &&
         main->secret().contains("ignature");
}

bool is_companion(const Setting& s, const Credential& credential) {
  return s.failure.provider && std::ranges::any_of(s.failure.provider->companions, [&](auto& c) {
           return c.place == credential.place &&
                  base::equals_ignoring_case(c.name, credential.name);
         });
}

}  // namespace

Built over_ipv4(const Setting& s) { return over_ip(s, 4); }
Built over_ipv6(const Setting& s) { return over_ip(s, 6); }
void choose_ipv4(const Setting&, http::ClientOptions& options) { options.ip_version = 4; }
void choose_ipv6(const Setting&, http::ClientOptions& options) { options.ip_version = 6; }

Built as_plain_agent(const Setting& s) {
  if (!is_tool(s.failure.request.headers.get("User-Agent")))
    return does_not_apply("the request has a User-Agent of its own");
  http::Request request = repeated(s);
  request.headers.set("User-Agent", "Mozilla/5.0 (compatible; locksmith)");
  return request;
}

Built past_proxy(const Setting& s) {
  if (!goes_through_proxy(s)) return does_not_apply("no proxy is set for this host");
  return repeated(s);
}

void choose_no_proxy(const Setting&, http::ClientOptions& options) {
  options.proxy.clear();
  options.proxy_user.clear();
  options.noproxy = "*";
}

Built over_other_version(const Setting& s) {
  const auto used = version_used(s);
  if (used.empty()) return does_not_apply("it is not known which version of HTTP was spoken");
  // A client that may choose takes HTTP/2 wherever the server offers it, over TLS only.
  const bool forced = !s.options.http_version.empty() && s.failure.url.scheme == "https";
  if (!used.starts_with('2') && !forced)
    return does_not_apply("the server offers no other version");
  return repeated(s);
}

void choose_other_version(const Setting& s, http::ClientOptions& options) {
  options.http_version = version_used(s).starts_with('2') ? "1.1" : "2";
}

Built with_other_slash(const Setting& s) {
  if (is_signed(s)) return does_not_apply("the signature covers the path");
  if (came_by_redirect(s)) return does_not_apply("a redirect chose the path");
  http::Request request = repeated(s);
  const std::size_t end = std::min(request.url.find_first_of("?#"), request.url.size());
  const std::string_view path = s.failure.url.path;
  if (path == "/" || end == 0) return does_not_apply("there is no path");
  if (path.ends_with('/')) {
    request.url.erase(end - 1, 1);
  } else if (path.substr(path.rfind('/')).contains('.')) {
    return does_not_apply("the path leads to a file");
  } else {
    request.url.insert(end, "/");
  }
  return request;
}

Built with_one_credential(const Setting& s) {
  std::optional<http::Request> request = repeated(s);
  bool fewer = false;
  for (const Credential& credential : s.failure.credentials) {
    if (&credential == s.failure.main || is_companion(s, credential)) continue;
    request = without(*std::move(request), credential);
    if (!request) return does_not_apply("the other one cannot be taken out of its place");
    fewer = true;
  }
  if (!fewer || !s.failure.main) return does_not_apply("there are no two credentials");
  return *std::move(request);
}

Built without_origin(const Setting& s) {
  const http::Headers& headers = s.failure.request.headers;
  if (!headers.has("Origin") && !headers.has("Referer"))
    return does_not_apply("the request names no origin");
  http::Request request = repeated(s);
  request.headers.remove("Origin");
  request.headers.remove("Referer");
  return request;
}

// https://fetch.spec.whatwg.org/#cors-preflight-fetch
Built preflight(const Setting& s) {
  const http::Request& original = s.failure.request;
  if (!original.headers.has("Origin")) return does_not_apply("the request names no origin");
  if (original.method == "OPTIONS") return does_not_apply("it is a preflight itself");
  std::optional<http::Request> request = original;
  for (const Credential& credential : s.failure.credentials) {
    request = without(*std::move(request), credential);
    if (!request) return does_not_apply("the key cannot be taken out of its place");
  }
  request->method = "OPTIONS";
  request->body.clear();
  request->headers.clear();
  for (const char* kept : {"Origin", "Referer", "User-Agent", "Accept-Language"}) {
    if (const auto* value = original.headers.find(kept)) request->headers.add(kept, *value);
  }
  request->headers.add("Accept", "*/*");
  request->headers.add("Access-Control-Request-Method", original.method);
  if (const std::string names = names_to_permit(original); !names.empty())
    request->headers.add("Access-Control-Request-Headers", names);
  return *std::move(request);
}

}  // namespace locksmith::probe

#include "probe/elsewhere.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "inspect/challenge.hpp"
#include "probe/rewrite.hpp"

namespace locksmith::probe {
namespace {

using credential::Credential;
using credential::Place;

constexpr std::unexpected<std::string_view> does_not_apply(std::string_view why) {
  return std::unexpected(why);
}

bool knows_placements(const Setting& s) {
  return s.failure.provider && !s.failure.provider->placements.empty();
}

// A key alone: no pair, no signature with parameters of its own.
bool is_bare_key(const Credential& credential) {
  return !credential.basic && credential.secret().find_first_of(" ,=\"") == std::string::npos;
}

bool is_in_authorization(const Credential& credential) {
  return credential.place == Place::header &&
         base::equals_ignoring_case(credential.name, "Authorization");
}

Built moved(const Setting& s, std::string_view header, std::string_view scheme) {
  auto bare = without(harmless(s.failure.request, s.replay), *s.failure.main);
  if (!bare) return does_not_apply("the key cannot be taken out of its place");
  catalogue::Placement placement;
  placement.place = Place::header;
  placement.name = header;
  placement.scheme = scheme;
  auto request = with_placed(*std::move(bare), placement, s.failure.main->secret());
  if (!request) return does_not_apply("the key cannot be put anywhere else");
  return *std::move(request);
}

// The scheme that the server asks for, if a key alone can stand behind it. The others are
// exchanges or signatures: https://www.iana.org/assignments/http-authschemes
std::string challenged_scheme(const http::Response& response) {
  constexpr std::array<std::string_view, 10> no_bare_key = {
      "basic",  "digest", "negotiate",   "ntlm",          "hoba",
      "mutual", "oauth",  "scram-sha-1", "scram-sha-256", "dpop"};
  for (const inspect::Challenge& challenge :
       inspect::parse_challenges(response.headers.get("WWW-Authenticate"))) {
    const std::string name = base::lower(challenge.scheme);
    if (std::ranges::find(no_bare_key, name) == no_bare_key.end()) return challenge.scheme;
  }
  return {};
}

std::size_t segments_of(std::string_view path) {
  return static_cast<std::size_t>(std::ranges::count(path, '/')) - (path.ends_with('/') ? 1 : 0);
}

// The environment of the key comes first: where its kind says so, that is the likeliest host.
std::vector<std::string_view> other_hosts(const Setting& s) {
  std::vector<std::string_view> first, others;
  for (const catalogue::HostEnvironment& environment : s.failure.provider->environments) {
    const bool own = s.failure.main && std::ranges::any_of(s.failure.provider->keys, [&](auto& k) {
                       return !k.prefix.empty() && s.failure.main->secret().starts_with(k.prefix) &&
                              k.environment == environment.name;
                     });
    for (const std::string_view host : environment.hosts) {
      if (host == s.failure.url.host || host.contains('*') || host.contains('{')) continue;
      (own ? first : others).push_back(host);
    }
  }
  first.insert(first.end(), others.begin(), others.end());
  return first;
}

}  // namespace

// RFC 6750 section 2.1 and X-Api-Key are by far the most frequent places.
Built in_other_header(const Setting& s) {
  if (knows_placements(s)) return does_not_apply("it is known where this API wants its key");
  if (!s.failure.main || !is_bare_key(*s.failure.main))
    return does_not_apply("there is no key that could stand elsewhere");
  if (!is_in_authorization(*s.failure.main)) return moved(s, "Authorization", "Bearer");
  if (s.failure.main->secret().starts_with("eyJ"))
    return does_not_apply("a JWT belongs behind Bearer");
  return moved(s, "X-Api-Key", "");
}

Built under_other_scheme(const Setting& s) {
  if (knows_placements(s)) return does_not_apply("it is known how this API wants its key");
  if (!s.failure.main || !is_bare_key(*s.failure.main) || !is_in_authorization(*s.failure.main))
    return does_not_apply("the key does not stand behind a scheme");
  const std::string wanted = challenged_scheme(s.failure.response);
  const std::string& own = s.failure.main->scheme;
  if (!wanted.empty() && !base::equals_ignoring_case(wanted, own))
    return moved(s, "Authorization", wanted);
  const bool bearer = base::equals_ignoring_case(own, "Bearer");
  return moved(s, "Authorization", bearer ? "" : "Bearer");
}

// "Test incrementally": the collection that the failing object is in.
Built at_simpler_endpoint(const Setting& s) {
  if (s.failure.provider && !s.failure.provider->whoami.url.empty())
    return does_not_apply("a request is known that every good key may make");
  if (!s.failure.main) return does_not_apply("the request has no key");
  if (s.failure.main->place == Place::path || s.failure.main->place == Place::body ||
      !(is_bare_key(*s.failure.main) || s.failure.main->basic))
    return does_not_apply("the key is tied to this path");
  std::string_view path = s.failure.url.path;
  if (segments_of(path) < 3) return does_not_apply("the path is as simple as can be");
  http::Request request = harmless(s.failure.request, false);
  if (request.method != "GET" && request.method != "HEAD")
    return does_not_apply("only a GET may go to another path");
  if (path.ends_with('/')) path.remove_suffix(1);
  path = path.substr(0, path.rfind('/'));
  const std::string query =
      s.failure.main->place == Place::query ? "?" + s.failure.url.query : std::string();
  request.url = s.failure.url.origin() + std::string(path) + query;
  return request;
}

std::chrono::seconds as_long_as_asked(const Setting& s) {
  const auto wait = inspect::retry_after(s.failure.response, s.failure.server_time);
  return wait && wait->count() > 0 ? *wait + std::chrono::seconds(1) : std::chrono::seconds(0);
}

Built after_waiting(const Setting& s) {
  const auto wait = as_long_as_asked(s);
  if (wait.count() == 0) return does_not_apply("the server does not say when to come back");
  if (wait > longest_wait + std::chrono::seconds(1))
    return does_not_apply("the server wants it to wait for long");
  return harmless(s.failure.request, s.replay);
}

Built at_neighbour(const Setting& s, int n) {
  if (!s.try_environments) return does_not_apply("only with --try-environments");
  if (!s.failure.provider || !s.failure.main || s.failure.main->place == Place::userinfo)
    return does_not_apply("the provider or the key is not known");
  const auto hosts = other_hosts(s);
  if (n >= static_cast<int>(hosts.size())) return does_not_apply("there is no other environment");
  http::Request request = harmless(s.failure.request, false);
  request.headers.remove("Host");
  request.url =
      "https://" + std::string(hosts[static_cast<std::size_t>(n)]) + s.failure.url.target();
  return request;
}

}  // namespace locksmith::probe

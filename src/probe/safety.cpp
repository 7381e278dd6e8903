// Where a URL really leads is decided strictly: what two URL parsers could read differently (a
// backslash, a space, an encoded host) carries no credential.
#include "probe/safety.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "credential/credential.hpp"
#include "http/url.hpp"

namespace locksmith::probe {
namespace {

// RFC 9110 section 9.2.1; TRACE is safe too, but echoes the credential. Methods are case-sensitive.
constexpr std::array<std::string_view, 3> safe_methods = {"GET", "HEAD", "OPTIONS"};
struct Origin {
  std::string scheme, host;
  int port = 0;
  bool operator==(const Origin&) const = default;
};

// nullopt: not http(s), or not safe to say where it leads.
std::optional<Origin> origin_of(std::string_view text) {
  const bool odd =
      std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '\\'; });
  const http::Url url = http::parse_url(text);
  if (odd || url.host.empty() || (url.scheme != "http" && url.scheme != "https"))
    return std::nullopt;
  // "https:/host" and "https:host" are read as a host name by some and as a scheme by others.
  if (!text.contains("://") && text.substr(0, text.find('/')).contains(':') && url.port.empty())
    return std::nullopt;
  const bool digits = std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || url.port.size() > 5) return std::nullopt;
  std::string host = url.host;
  if (host.ends_with('.'))
    host.pop_back();  // the same name, fully qualified (RFC 1034 section 3.1)
  return Origin{url.scheme, host, url.port_number()};
}

// A name that IDNA mapping leaves alone: "ｅ" or "。" would become part of another host.
bool is_plain_host(std::string_view host) {
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool shows_credential(const http::Request& request) {
  return request.headers.has("Cookie") || !credential::find_credentials(request).empty();
}

Result<void> forbidden(std::string fact) {
  return fail(ErrorCode::usage, std::move(fact), "nothing was sent");
}

}  // namespace

Result<void> allowed(const http::Request& probe, const http::Request& original,
                     bool carries_credential, bool replay_allowed,
                     std::span<const std::string> provider_hosts) {
  const bool safe = std::ranges::find(safe_methods, probe.method) != safe_methods.end();
  if (!safe && !(replay_allowed && probe.method == original.method)) {
    return fail(ErrorCode::usage, "only GET, HEAD and OPTIONS are sent without --replay",
                "--replay repeats the request with its own method");
  }
  const auto to = origin_of(probe.url);
  if (!to) return forbidden("a probe's URL does not lead to a plain http or https host");
  if (!carries_credential && !shows_credential(probe)) return {};
  if (to == origin_of(original.url)) return {};
  if (to->scheme != "https")
    return forbidden("a credential never goes over plain http to another origin");
  const bool own_host = is_plain_host(to->host) &&
                        std::ranges::any_of(provider_hosts, [&](const std::string& pattern) {
                          return http::host_matches(pattern, to->host);
                        });
  if (own_host) return {};
  return forbidden("a credential never goes to an origin that the failing request did not go to");
}

http::ClientOptions options_for(const http::Request& probe, const http::Request& original,
                                http::ClientOptions options) {
  const auto to = origin_of(probe.url);
  if (to && to == origin_of(original.url)) return options;
  options.insecure = false;
  options.resolve.clear();
  options.connect_to.clear();
  options.unix_socket.clear();
  options.client_cert.clear();
  options.client_key.clear();
  return options;
}

}  // namespace locksmith::probe

#include "record/upstream.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.hpp"
#include "http/url.hpp"

namespace locksmith::record {
namespace {

std::string value_of(const Variables& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = environment.find(name);
    if (found != environment.end() && !found->second.empty()) return found->second;
  }
  return {};
}

Result<std::optional<UpstreamProxy>> parse_proxy(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const http::Url url = http::parse_url(text);
  if (url.scheme != "http" || url.host.empty()) {
    return fail(
        ErrorCode::usage,
        "the proxy of this environment speaks " + url.scheme + ", which cannot be recorded through",
        "unset its variable (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY), or set an http:// proxy");
  }
  UpstreamProxy proxy{
      .host = url.host, .port = static_cast<std::uint16_t>(url.port_number()), .authorization = {}};
  if (!url.userinfo.empty()) {
    const std::size_t colon = url.userinfo.find(':');
    const std::string user = base::percent_decode(url.userinfo.substr(0, colon));
    const std::string password =
        colon == std::string::npos ? "" : base::percent_decode(url.userinfo.substr(colon + 1));
    proxy.authorization = "Basic " + base::base64_encode(user + ":" + password);
  }
  return proxy;
}

struct Address {
  int bytes = 0;  // 4 or 16; 0: not an address
  unsigned char value[16] = {};
};
Address parse_address(const std::string& text) {
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.value) == 1)
    address.bytes = 4;
  else if (inet_pton(AF_INET6, text.c_str(), address.value) == 1)
    address.bytes = 16;
  return address;
}

// curl(1) since 7.86, Go: "192.168.0.0/16".
bool network_covers(std::string_view entry, const std::string& host) {
  const std::size_t slash = entry.find('/');
  const Address network = parse_address(std::string(entry.substr(0, slash))),
                address = parse_address(host);
  int bits = 0;
  const std::string_view digits = entry.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), bits);
  if (error != std::errc() || end != digits.end() || network.bytes == 0 ||
      network.bytes != address.bytes || bits < 0 || bits > 8 * network.bytes)
    return false;
  if (std::memcmp(network.value, address.value, static_cast<std::size_t>(bits / 8)) != 0)
    return false;
  const int rest = bits % 8;
  return rest == 0 ||
         (network.value[bits / 8] >> (8 - rest)) == (address.value[bits / 8] >> (8 - rest));
}

bool entry_covers(std::string_view entry, const Target& target) {
  if (entry == "*") return true;
  if (entry.contains('/')) return network_covers(entry, target.host);
  std::string_view name = entry;
  const bool is_ipv6 = name.starts_with('[') || std::ranges::count(name, ':') > 1;
  const std::size_t colon = is_ipv6 ? name.find("]:") : name.find(':');
  if (colon != std::string_view::npos) {
    if (name.substr(name.rfind(':') + 1) != std::to_string(target.port)) return false;
    name = name.substr(0, is_ipv6 ? colon + 1 : colon);
  }
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (name.starts_with("*.")) name.remove_prefix(1);
  if (name.starts_with('.')) name.remove_prefix(1);
  const std::string wanted = base::lower(name);
  return !wanted.empty() && (target.host == wanted || target.host.ends_with("." + wanted));
}

}  // namespace

std::string Target::authority() const {
  return (host.contains(':') ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Target::origin() const {
  http::Url url{.scheme = tls ? "https" : "http",
                .userinfo = {},
                .host = host,
                .port = std::to_string(port),
                .path = "/",
                .query = {},
                .fragment = {}};
  return url.origin();
}

std::optional<Target> parse_authority(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  Target target;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), target.port);
  if (error != std::errc() || end != digits.end() || target.port == 0) return {};
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  target.host = base::lower(host);
  return target.host.empty() ? std::nullopt : std::optional(std::move(target));
}

Result<Upstream> Upstream::from(const Variables& environment) {
  // HTTP_PROXY in upper case is not read by curl, but by most others; a program that ignores it
  // would ignore it here too.
  auto http =
      parse_proxy(value_of(environment, {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}));
  auto https =
      parse_proxy(value_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}));
  if (!http) return std::unexpected(http.error());
  if (!https) return std::unexpected(https.error());
  Upstream upstream;
  upstream.http_ = std::move(*http);
  upstream.https_ = std::move(*https);
  upstream.excepted_ = value_of(environment, {"no_proxy", "NO_PROXY"});
  return upstream;
}

const UpstreamProxy* Upstream::proxy_for(const Target& target) const {
  const auto& proxy = target.tls ? https_ : http_;
  return proxy && !no_proxy_covers(excepted_, target) ? &*proxy : nullptr;
}

bool no_proxy_covers(std::string_view list, const Target& target) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    if (entry_covers(base::trim(list.substr(0, end)), target)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace locksmith::record

// X-Forwarded-For is read from the right: each proxy appends the peer that it saw itself, so what
// stands left of the first untrusted address is that client's own invention.
#include "server/forwarded.hpp"

#include <algorithm>
#include <ranges>

#include "base/text.hpp"

namespace locksmith::server {
namespace {

bool within(const authority::Address& address, Proxies proxies) {
  return std::ranges::any_of(proxies, [&](const auto& block) { return block.contains(address); });
}

// "192.0.2.7", "192.0.2.7:1234", "2001:db8::7", "[2001:db8::7]:1234".
std::optional<authority::Address> element(std::string_view text) {
  text = base::trim(text);
  if (const auto bracket = text.find(']'); text.starts_with('[') && bracket != text.npos) {
    text = text.substr(0, bracket + 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return authority::parse_address(text);
}

// Takes the last element off `list`.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto last = comma == list.npos ? list : list.substr(comma + 1);
  list = comma == list.npos ? std::string_view{} : list.substr(0, comma);
  return last;
}

bool is_loopback(const authority::Address& address) {
  static const auto v4 = *authority::parse_cidr("127.0.0.0/8");
  static const auto v6 = *authority::parse_address("::1");
  return v4.contains(address) || address == v6;
}

bool is_path(std::string_view target) { return target.starts_with('/'); }

std::optional<Original> of_nginx(const RequestView& request) {
  Original original{request.only("X-Original-Method"), request.only("Host"), {}, true};
  const auto uris = request.count("X-Original-URI"), urls = request.count("X-Original-URL");
  if (uris + urls != 1) return {};
  original.target = request.first(uris == 1 ? "X-Original-URI" : "X-Original-URL");
  // ingress-nginx sends the whole URL.
  if (const auto scheme = original.target.find("://"); !is_path(original.target)) {
    if (scheme == original.target.npos) return {};
    const auto slash = original.target.find('/', scheme + 3);
    original.target = slash == original.target.npos ? "/" : original.target.substr(slash);
  }
  return original;
}

}  // namespace

bool is_trusted(const RequestView& request, Proxies proxies) {
  return request.unix_socket || within(request.peer, proxies);
}

authority::Address client_of(const RequestView& request, Proxies proxies, Without header) {
  if (!is_trusted(request, proxies)) return request.peer;
  if (header == Without::peer && request.count("X-Forwarded-For") == 0) return request.peer;
  authority::Address leftmost;  // all of them are proxies: the first of them is where it began
  for (const auto& field : request.headers | std::views::reverse) {
    if (!base::equals_ignoring_case(field.name, "X-Forwarded-For")) continue;
    std::string_view list = field.value;
    while (!list.empty()) {
      const auto address = element(take_last(list));
      if (!address) return {};
      if (!within(*address, proxies)) return *address;
      leftmost = *address;
    }
  }
  return leftmost;
}

bool is_secure(const RequestView& request, Proxies proxies) {
  if (is_trusted(request, proxies)) {
    const auto protocol = request.only("X-Forwarded-Proto");
    if (!protocol.empty() || request.count("X-Forwarded-Proto") > 0)
      return base::equals_ignoring_case(protocol, "https");
    // Whoever asks for a client and does not say how it came: not over TLS, as far as is known.
    if (request.count("X-Forwarded-For") > 0) return false;
    return request.unix_socket || is_loopback(request.peer);
  }
  return is_loopback(request.peer);
}

std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    if (end == query.npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

std::optional<Original> original_request(const RequestView& request) {
  std::optional<Original> original;
  if (request.path() != forward_auth_path) {
    original = Original{request.method, request.only("Host"),
                        request.target.substr(forward_auth_path.size())};
  } else if (parameter(request.query(), "proxy") == "nginx") {
    original = of_nginx(request);
  } else {
    original = Original{request.only("X-Forwarded-Method"), request.only("X-Forwarded-Host"),
                        request.only("X-Forwarded-Uri")};
  }
  if (!original || original->method.empty() || !is_path(original->target)) return {};
  return original;
}

}  // namespace locksmith::server

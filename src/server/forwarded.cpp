// X-Forwarded-For and Forwarded are read from the right: each proxy appends the peer that it saw
// itself, so what stands left of the first untrusted address is that client's own invention.
#include "server/forwarded.hpp"

#include <algorithm>
#include <ranges>

#include "base/text.hpp"
#include "server/forwarded_element.hpp"

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

const authority::Address loopback = *authority::parse_address("::1");

bool is_loopback(const authority::Address& address) {
  static const auto v4 = *authority::parse_cidr("127.0.0.0/8");
  return v4.contains(address) || address == loopback;
}

bool is_path(std::string_view target) { return target.starts_with('/'); }

constexpr std::string_view list_header = "X-Forwarded-For";

authority::Address listed_client(const RequestView& request, Proxies proxies) {
  authority::Address leftmost;  // all of them are proxies: the first of them is where it began
  for (const auto& field : request.headers | std::views::reverse) {
    if (!base::equals_ignoring_case(field.name, list_header)) continue;
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

// What Forwarded says, in the element that names the client. An address that is none, such as
// "unknown" and "_hidden", is an unknown client whose element still says how it came.
struct Told {
  authority::Address client;
  std::string_view proto, host;
};

// Nothing when there is no such header.
std::optional<Told> forwarded(const RequestView& request, Proxies proxies) {
  std::optional<Told> told;
  for (const auto& field : request.headers | std::views::reverse) {
    if (!base::equals_ignoring_case(field.name, "Forwarded")) continue;
    std::string_view list = field.value;
    do {
      const auto said = parse_forwarded_element(take_last_forwarded(list));
      if (!said) return Told{};
      const auto address = element(said->node);
      told = {address.value_or(authority::Address{}), said->proto, said->host};
      if (!address || !within(*address, proxies)) return told;
    } while (!list.empty());
  }
  return told;
}

bool came_over_tls(const RequestView& request, bool listed, const std::optional<Told>& told) {
  const bool has_header = request.count("X-Forwarded-Proto") > 0;
  const bool has_proto = told && !told->proto.empty();
  if (has_header && !base::equals_ignoring_case(request.only("X-Forwarded-Proto"), "https"))
    return false;
  if (has_proto && !base::equals_ignoring_case(told->proto, "https")) return false;
  if (has_header || has_proto) return true;
  // Whoever asks for a client and does not say how it came: not over TLS, as far as is known.
  if (listed || told) return false;
  return request.unix_socket || is_loopback(request.peer);
}

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  return colon == host.npos || host.ends_with(']') ? host : host.substr(0, colon);
}

Original of_others(const RequestView& request, Proxies proxies) {
  Original original{request.only("X-Forwarded-Method"), request.only("X-Forwarded-Host"),
                    request.only("X-Forwarded-Uri")};
  const auto told = forwarded(request, proxies);
  if (!told || told->host.empty()) return original;
  if (request.count("X-Forwarded-Host") == 0) {
    original.host = told->host;
  } else if (!base::equals_ignoring_case(without_port(original.host), without_port(told->host))) {
    return {};
  }
  return original;
}

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

void tell_client(const RequestView& request, Proxies proxies, Without header,
                 authority::Request& out) {
  if (!is_trusted(request, proxies)) {
    out.client = request.peer;
    out.secure = is_loopback(request.peer);
    return;
  }
  const bool listed = request.count(list_header) > 0;
  const auto told = forwarded(request, proxies);
  if (listed) {
    out.client = listed_client(request, proxies);
  } else if (told) {
    out.client = told->client;
  } else if (header == Without::peer) {
    out.client = request.peer;
  }
  if (listed && told && out.client != told->client) {
    out.client = {};
    out.guesser = request.peer.known() ? request.peer : loopback;
  }
  out.secure = came_over_tls(request, listed, told);
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

std::optional<Original> original_request(const RequestView& request, Proxies proxies) {
  std::optional<Original> original;
  if (request.path() != forward_auth_path) {
    original = Original{request.method, request.only("Host"),
                        request.target.substr(forward_auth_path.size())};
  } else if (parameter(request.query(), "proxy") == "nginx") {
    original = of_nginx(request);
  } else {
    original = of_others(request, proxies);
  }
  if (!original || original->method.empty() || !is_path(original->target)) return {};
  return original;
}

}  // namespace locksmith::server

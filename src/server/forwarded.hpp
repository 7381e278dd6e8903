// What a proxy says about the request that it asks for, and whether it is believed. A header that
// anybody can send counts only from a peer that the policy declares (trusted_proxies) or that came
// through the unix socket; and of the two families of headers only the one that this proxy sets
// itself, because it passes the other on as the client wrote it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "authority/address.hpp"
#include "server/message.hpp"

namespace locksmith::server {

using Proxies = std::span<const authority::Cidr>;

bool is_trusted(const RequestView& request, Proxies proxies);

// The client as it counts: the peer itself, or, when that is a trusted proxy, the rightmost address
// of X-Forwarded-For that is no trusted proxy. Unknown when what should say it is not an address.
// Without that header a proxy says nothing of its client, or it is the client itself: which of the
// two, the face knows.
enum class Without { unknown, peer };
authority::Address client_of(const RequestView& request, Proxies proxies, Without header);

// Over TLS as far as is known: what a trusted proxy says in X-Forwarded-Proto; without one, only
// loopback and the unix socket are as good.
bool is_secure(const RequestView& request, Proxies proxies);

// The value of a query parameter, not decoded; "" when it is not there.
std::string_view parameter(std::string_view query, std::string_view name);

// The request that a proxy asks about.
struct Original {
  std::string_view method, host, target;
  bool for_nginx = false;  // which passes on no status but 401 and 403
};
inline constexpr std::string_view forward_auth_path = "/v1/forward-auth";
// nginx (?proxy=nginx): X-Original-Method, X-Original-URI or X-Original-URL, Host.
// Caddy, Traefik, HAProxy: X-Forwarded-Method, -Uri, -Host.
// Envoy: the path after /v1/forward-auth, with the method and Host of the request itself.
// Nothing when they are missing, there twice, or contradict each other.
std::optional<Original> original_request(const RequestView& request);

}  // namespace locksmith::server

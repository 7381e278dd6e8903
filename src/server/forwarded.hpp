// What a proxy says about the request that it asks for, and whether it is believed. A header that
// anybody can send counts only from a peer that the policy declares (trusted_proxies) or that came
// through the unix socket; and of the two families of headers only the one that this proxy sets
// itself, because it passes the other on as the client wrote it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "authority/address.hpp"
#include "server/message.hpp"

namespace locksmith::server {

using Proxies = std::span<const authority::Cidr>;

bool is_trusted(const RequestView& request, Proxies proxies);

// The value of a query parameter, not decoded; "" when it is not there.
std::string_view parameter(std::string_view query, std::string_view name);

// The request that a proxy asks about.
struct Original {
  std::string_view method, host, target;
  bool for_nginx = false;  // which passes on no status but 401 and 403
};
inline constexpr std::string_view forward_auth_path = "/v1/forward-auth";

enum class Without { unknown, peer };

// Reads those headers in one walk; nothing of one whose peer is not believed. The request must
// outlive it.
class Testimony {
 public:
  Testimony(const RequestView& request, Proxies proxies);
  bool believed() const { return believed_; }

  // Sets client, secure and guesser of `out`.
  //
  // The client as it counts: the peer itself, or, when that is a trusted proxy, the rightmost
  // address of X-Forwarded-For, or of Forwarded (RFC 7239), that is no trusted proxy. Unknown when
  // what should say it is not an address, and when the two headers name different ones: a proxy
  // sets one of them and may pass the other on as the client wrote it. Wrong keys of such a client
  // count as its proxy's, or a second header would be leave to guess on. Without these headers a
  // proxy says nothing of its client, or it is the client itself: which of the two, the face knows.
  //
  // Secure is over TLS as far as is known: what a trusted proxy says in X-Forwarded-Proto and in
  // the element of Forwarded that names the client, and both where both do; without either, only
  // loopback and the unix socket are as good.
  void tell_client(Without header, authority::Request& out) const;

  // nginx (?proxy=nginx): X-Original-Method, X-Original-URI or X-Original-URL, Host.
  // Caddy, Traefik, HAProxy: X-Forwarded-Method, -Uri, -Host (or the host of Forwarded).
  // Envoy: the path after /v1/forward-auth, with the method and Host of the request itself.
  // Nothing when they are missing, there twice, or contradict each other.
  std::optional<Original> original_request() const;

 private:
  // By length, which nearly always tells one from the others.
  enum Name : std::uint8_t {
    host,
    forwarded,
    original_uri,
    original_url,
    forwarded_for,
    forwarded_uri,
    forwarded_host,
    forwarded_proto,
    original_method,
    forwarded_method,
    names
  };
  static const std::array<std::string_view, names> spelled;

  struct Said {
    std::string_view value;  // of the last one
    std::size_t times = 0;
    bool is_there() const { return times > 0; }
    std::string_view only() const { return times == 1 ? value : std::string_view{}; }
  };
  // What Forwarded says, in the element that names the client. An address that is none, such as
  // "unknown" and "_hidden", is an unknown client whose element still says how it came.
  struct Told {
    authority::Address client;
    std::string_view proto, host;
  };

  void read();
  std::optional<Told> last_forwarded() const;
  authority::Address listed_client() const;
  bool came_over_tls() const;
  std::optional<Original> of_nginx() const;
  std::optional<Original> of_others() const;

  const RequestView& request_;
  const Proxies proxies_;
  const bool believed_;
  std::array<Said, names> said_{};
  std::optional<Told> told_;  // nothing when there is no such header
};

}  // namespace locksmith::server

// The way out that the user's own variables prescribe: through a proxy of theirs, or straight.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "record/trust.hpp"

namespace locksmith::record {

struct Target {
  std::string host;  // lower case, IPv6 without brackets
  std::uint16_t port = 0;
  bool tls = false;

  std::string authority() const;  // host:port, IPv6 in brackets
  std::string origin() const;     // scheme://host[:port], the default port left out
};
// "host:port" as CONNECT has it.
std::optional<Target> parse_authority(std::string_view text);

struct UpstreamProxy {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  // value of Proxy-Authorization; empty: none
};

class Upstream {
 public:
  // An Error when a variable names a kind of proxy that cannot be passed through (SOCKS, https).
  static Result<Upstream> from(const Variables& environment);
  // The proxy that leads to this target; nothing: connect to it.
  const UpstreamProxy* proxy_for(const Target& target) const;

 private:
  std::optional<UpstreamProxy> http_, https_;
  std::string excepted_;  // NO_PROXY
};

// One entry or more of NO_PROXY covers the host: names and their subdomains, addresses, CIDR, `*`.
bool no_proxy_covers(std::string_view list, const Target& target);

}  // namespace locksmith::record

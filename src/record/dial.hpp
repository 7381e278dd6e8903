// Connects to a server, straight or through the user's own proxy.
#pragma once

#include <expected>
#include <string>

#include "record/stream.hpp"
#include "record/upstream.hpp"

namespace locksmith::record {

struct Dialled {
  Stream stream;
  std::string remote_address;  // of the peer that was connected to: the server or the proxy
};

struct DialFault {
  std::string reason;
  std::string request;  // what the user's proxy was asked, raw
  std::string answer;   // what the user's proxy answered instead of opening a tunnel, raw
};

// To the target itself, or to the proxy and through it (`proxy` may be null). `stop`: see
// wait_for().
std::expected<Dialled, DialFault> dial(const Target& target, const UpstreamProxy* proxy, int stop);
// To the proxy alone, which is then asked for plain http by absolute URL.
std::expected<Dialled, DialFault> dial_proxy(const UpstreamProxy& proxy, int stop);

}  // namespace locksmith::record

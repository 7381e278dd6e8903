// Opens listening sockets: TCP with SO_REUSEPORT, so that the kernel spreads connections over the
// threads, and unix sockets, whose stale file is removed only when nobody serves it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace locksmith::server {

struct ListenAddress {
  bool unix_socket = false;
  std::string host;  // numeric; or the path of the socket
  std::uint16_t port = 0;
};
Result<ListenAddress> parse_listen(const std::string& text);

// A listening, non-blocking descriptor. `port` of the address is filled in when it was 0.
Result<base::Descriptor> listen_on(ListenAddress& address);

}  // namespace locksmith::server

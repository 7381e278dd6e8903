// Whose is the other end of a loopback connection? The proxy serves only the user who started it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace locksmith::record {

// The owner of the socket that is bound to 127.0.0.1:`client_port` and connected to
// 127.0.0.1:`server_port`, as a table in the form of /proc/net/tcp tells it. Nothing when it is not
// there, or has no owner any more.
std::optional<uid_t> owner_in_table(std::string_view table, std::uint16_t client_port,
                                    std::uint16_t server_port);

// The same from /proc. Nothing where the system has no such table, or the socket is gone.
std::optional<uid_t> peer_owner(std::uint16_t client_port, std::uint16_t server_port);

}  // namespace locksmith::record

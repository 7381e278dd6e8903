// CONNECT: the client wants to speak with the server itself. It does, with TLS ended and begun anew
// in between where client and server allow it, and untouched where they do not.
#pragma once

#include <string>

#include "record/connection.hpp"
#include "record/http1.hpp"

namespace locksmith::record {

void serve_tunnel(Stream client, const Head& connect, const Surroundings& surroundings);

// To a client whose server cannot be reached: why, as a proxy says it.
std::string bad_gateway(const std::string& reason);

}  // namespace locksmith::record

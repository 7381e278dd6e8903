// Plain http through a proxy: each request names its server by an absolute URL (RFC 9112 section
// 3.2.2), so one connection of the client may lead to several servers, one after the other.
#pragma once

#include <string>

#include "record/connection.hpp"
#include "record/http1.hpp"

namespace locksmith::record {

// `early`: what was read from the client already.
void serve_forward(Stream client, std::string early, const Surroundings& surroundings);

// The head as it goes to the server, or to the next proxy: the line of the request, and without the
// fields that were meant for this proxy; every other byte as it came.
std::string forwarded_head(const Head& head, const UpstreamProxy* proxy);

// Where an absolute URL leads; nothing when it is none, or its scheme is neither http nor https.
std::optional<Target> target_of_url(std::string_view url);

}  // namespace locksmith::record

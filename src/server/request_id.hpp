// Names one answer: what the caller quotes and `locksmith explain` looks up.
#pragma once

#include <string>
#include <string_view>

#include "authority/limits.hpp"

namespace locksmith::server {

// "req_" and 22 base62 characters that cannot be guessed; later ones sort later, by milliseconds.
// The view is good until the next call on the same thread.
std::string_view next_request_id(authority::Instant now);

}  // namespace locksmith::server

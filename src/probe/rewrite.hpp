// A request with its credential taken out, exchanged or moved: what the probes are made of. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalogue/catalogue.hpp"
#include "credential/credential.hpp"
#include "http/message.hpp"

namespace locksmith::probe {

// nullopt: it sits in the path or the body, without which this is another request.
std::optional<http::Request> without(http::Request request,
                                     const credential::Credential& credential);

// The same place, scheme and, of a Basic pair, the same other half; nullopt for a body.
std::optional<http::Request> with_secret(http::Request request,
                                         const credential::Credential& credential,
                                         std::string_view secret);

// `secret` where a provider wants it; nullopt for a path or a body.
std::optional<http::Request> with_placed(http::Request request,
                                         const catalogue::Placement& placement,
                                         std::string_view secret);

// A value of the same length and character classes, its first `kept` bytes the same.
std::string random_like(std::string_view value, std::size_t kept, std::uint64_t seed);

}  // namespace locksmith::probe

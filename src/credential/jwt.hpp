// Reads a JSON Web Token (RFC 7519) without verifying it: a diagnosis needs its claims, not trust.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace locksmith::credential {

struct Jwt {
  std::string algorithm;              // header "alg"
  std::string type;                   // header "typ"
  std::string key_id;                 // header "kid"
  std::string issuer;                 // "iss"
  std::string subject;                // "sub"
  std::vector<std::string> audience;  // "aud", a string or an array
  std::vector<std::string> scopes;    // "scope" (RFC 8693), "scp" (Microsoft), "roles"
  std::optional<base::Time> expires, not_before, issued_at;
  std::string signature;  // base64url as sent; empty for an unsecured token
};

// Looks like a JWT: three base64url parts, the first of which starts as `{"`.
bool looks_like_jwt(std::string_view value);
// nullopt when it is no JWT: a part is missing, is not base64url, or is not a JSON object.
std::optional<Jwt> read_jwt(std::string_view value);

}  // namespace locksmith::credential

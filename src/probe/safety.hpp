// The rules that no probe ever breaks. Every send asks here first, also for each step of a redirect
// that is followed by hand.
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "http/curl_command.hpp"
#include "http/message.hpp"

namespace locksmith::probe {

// Whether `probe` may be sent, given the request that failed:
//  - GET, HEAD and OPTIONS only; the original's own method too when the user allowed a replay;
//  - a credential goes to the origin that the original went to, or over https to one of the
//    provider's own hosts (host_matches() patterns);
//  - over plain http therefore only when the original went to that same origin over http.
// What looks like a credential, and any cookie, counts as one whatever `carries_credential` says.
Result<void> allowed(const http::Request& probe, const http::Request& original,
                     bool carries_credential, bool replay_allowed,
                     std::span<const std::string> provider_hosts);

// The same for a URL that a `Location` header chose: a server's word never moves a credential to
// another origin, not even to another host of the provider.
inline Result<void> allowed_after_redirect(const http::Request& probe,
                                           const http::Request& original, bool carries_credential,
                                           bool replay_allowed) {
  return allowed(probe, original, carries_credential, replay_allowed, {});
}

// The user's options for `probe`: what was said for the original's origin (-k, --resolve,
// --connect-to, --unix-socket, a client certificate) holds for no other.
http::ClientOptions options_for(const http::Request& probe, const http::Request& original,
                                http::ClientOptions options);

}  // namespace locksmith::probe

// What a refusal names: the header that it misses, the scheme that it got. Held against what was
// sent, that tells what was forgotten and what got lost on the way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locksmith::inspect {

// Headers of which the message says that they are missing or must be sent, as it writes them:
// "Missing X-Account-Id", "please pass Nimbus-Tenant", "X-Project is not set". `message` as
// message_text() gives it, but in its own case. Only names with a hyphen: a name of one word may
// stand in any sentence.
std::vector<std::string> headers_asked_for(std::string_view message);

// The scheme that the message says it got, in lower case: "Unsupported scheme 'Basic'", "came with
// Token authentication", "Basic authentication is switched off". Empty: it says nothing of the
// kind.
std::string scheme_complained_of(std::string_view lower_message);

}  // namespace locksmith::inspect

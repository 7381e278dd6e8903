// What an answer says to people: its words without the markup around them.
#pragma once

#include <string>
#include <string_view>

namespace locksmith::catalogue {

// `lower_body` is a body in lower case: JSON, HTML, XML or plain text. Tags, the names of JSON
// fields and URLs are left out, because a link to "/docs/rate-limits" or a field called
// "session_token" says nothing about this refusal.
std::string message_text(std::string_view lower_body);

}  // namespace locksmith::catalogue

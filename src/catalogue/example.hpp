// Turns the [[example]] of a catalogue file into the exchange that it tells of. Keys are made from
// their declared shapes, so that no file holds anything that looks like a secret:
//   {{key:KIND}}            a key of the provider itself, always the same one
//   {{key:PROVIDER/KIND}}   a key of another provider
//   {{key:KIND#2}}          a second one of the kind
//   {{key:KIND|truncate:4}} without its last 4 characters; |append:TEXT (\n \r \t \0 \\ are
//   escapes)
//   {{base64:TEXT}}         TEXT in base64
//   {{jwt:JSON}}            a JSON Web Token with that payload, and a signature that nobody made
// They nest: {{base64:user:{{key:KIND}}}}.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/load.hpp"
#include "http/message.hpp"

namespace locksmith::catalogue {

// `owner` is the provider whose keys need no PROVIDER/; empty for an intermediary.
Result<std::string> expand(std::string_view text, const Catalogue& catalogue,
                           std::string_view owner);

// The request is `METHOD URL`, headers, an empty line, the body; the response `STATUS [reason]`,
// headers, an empty line, the body. The exchange is partial: what the example does not list is
// unknown.
Result<http::Exchange> read_example(const Example& example, const Catalogue& catalogue);

}  // namespace locksmith::catalogue

// Servers and clients print Python dictionaries where JSON was meant: {'code': None}.
#pragma once

#include <string>
#include <string_view>

namespace locksmith::catalogue {

// Python's repr of a dictionary or list as JSON: quotes, None, True and False. Anything else is
// kept, so that what is no such repr does not become JSON.
std::string json_from_python(std::string_view repr);

}  // namespace locksmith::catalogue

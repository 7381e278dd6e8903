// The description of the HTTP interface, docs/openapi.json, built in.
#pragma once

#include <string_view>

namespace locksmith::server {

extern const std::string_view openapi_text;

}  // namespace locksmith::server

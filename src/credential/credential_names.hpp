// Where a credential may be: the names of headers, parameters, cookies and fields that hold one,
// whoever's API it is. Internal to credential.cpp; what is redacted is another question
// (secret_names.hpp).
#pragma once

#include <string_view>

namespace locksmith::credential {

// "Bearer", and the words that vendors put in its place.
bool is_scheme(std::string_view word);
bool is_credential_header(std::string_view name);
bool is_authorization(std::string_view header);  // "Authorization", "X-Api-Authorization"
// Sent by clients themselves, or well-known to carry no credential.
bool is_ordinary_header(std::string_view name);
bool is_credential_parameter(std::string_view name);
bool is_credential_cookie(std::string_view name);
bool is_credential_field(std::string_view name);  // of a body

}  // namespace locksmith::credential

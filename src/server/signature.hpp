// ECDSA over P-256 with SHA-256, as GitHub's secret scanning signs its reports.
#pragma once

#include <string>
#include <string_view>

namespace locksmith::server {

// `pem` is a public key, `signature` the DER form in base64. False for anything that is not right.
bool is_signed_by(std::string_view pem, std::string_view message, std::string_view signature);

}  // namespace locksmith::server

// Whom the proxy trusts towards servers, and what the recorded program is told to trust.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace locksmith::record {

using Variables = std::map<std::string, std::string>;

// PEM: the system's authorities and those that the user's own variables name (a company's, say),
// without ours. `environment` is as it was before any of it is changed.
std::string trusted_authorities(const Variables& environment);

// For connections to servers: what trusted_authorities() holds, and SSL_CERT_DIR.
Result<std::shared_ptr<SSL_CTX>> client_context(const std::string& authorities,
                                                const Variables& environment);

// Java's own key store format (JKS) with the certificates of `pem`, without a password, which is
// what reads it everywhere without further settings.
std::string java_trust_store(const std::string& pem, long long now_ms);

}  // namespace locksmith::record

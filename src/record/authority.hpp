// A certificate authority for one run: its key never leaves memory, and each host gets a
// certificate when it is first needed.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace locksmith::record {

class Authority {
 public:
  static Result<std::unique_ptr<Authority>> make();
  virtual ~Authority() = default;

  virtual const std::string& certificate_pem() const = 0;
  virtual const std::string& certificate_der() const = 0;
  // For a TLS server that is `host` (a name or an IP address); null when that cannot be. It lives
  // as long as the authority. May be called from any thread.
  virtual SSL_CTX* server_context(const std::string& host) = 0;
};

}  // namespace locksmith::record

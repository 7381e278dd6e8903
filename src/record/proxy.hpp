// The recording proxy: listens on loopback, serves the user who started it, a thread for each
// connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "record/authority.hpp"
#include "record/ledger.hpp"
#include "record/upstream.hpp"

namespace locksmith::record {

class Proxy {
 public:
  // Starts to listen on a free port of 127.0.0.1. The references must live as long as the proxy.
  static Result<std::unique_ptr<Proxy>> start(Authority& authority,
                                              std::shared_ptr<SSL_CTX> to_servers,
                                              const Upstream& upstream, Ledger& ledger);
  virtual ~Proxy() = default;

  virtual std::uint16_t port() const = 0;
  // Ends all connections and threads; what they have seen is in the ledger then.
  virtual void stop() = 0;
};

}  // namespace locksmith::record

// One connection of the recorded program to the proxy, from its first byte to its last.
#pragma once

#include <memory>

#include "record/authority.hpp"
#include "record/ledger.hpp"
#include "record/stream.hpp"
#include "record/upstream.hpp"

namespace locksmith::record {

struct Surroundings {
  Authority& authority;
  std::shared_ptr<SSL_CTX> to_servers;  // verifies servers
  const Upstream& upstream;
  Ledger& ledger;
  int stop;  // readable when the run is over
};

// Returns when the connection is over or the run is.
void serve(Stream client, const Surroundings& surroundings);

}  // namespace locksmith::record

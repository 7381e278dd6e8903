// Carries bytes between two connections, both ways at once, as fast as the slower side takes them.
#pragma once

#include <string>
#include <string_view>

#include "record/stream.hpp"

namespace locksmith::record {

// Sees each byte before it is passed on, and says what is passed on.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void from_client(std::string_view bytes, std::string& to_server) {
    to_server.append(bytes);
  }
  virtual void from_server(std::string_view bytes, std::string& to_client) {
    to_client.append(bytes);
  }
  // Nothing more is to be read from the client for now.
  virtual bool holds_client() const { return false; }
  // The pump shall return and leave the client's connection open.
  virtual bool leaves() const { return false; }
};

enum class PumpEnd {
  closed,   // both directions are over
  left,     // the tap wanted it
  stopped,  // the run is over
};

// `to_server`: what is to be sent first. Ends of streams, half-closed connections and resets are
// passed on as they are. Holds at most some 100 KiB for each direction.
PumpEnd pump(Stream& client, Stream& server, Tap& tap, std::string to_server, int stop);

}  // namespace locksmith::record

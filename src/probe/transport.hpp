// Sends one request and returns what came back, within limits that no server can stretch. It never
// follows a redirect: whoever asks decides anew about every origin (safety.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/curl_command.hpp"
#include "http/message.hpp"

namespace locksmith::probe {

struct Limits {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds total{20'000};
  std::size_t max_body_bytes = 1 << 20;      // what follows is cut off
  std::size_t max_header_bytes = 256 << 10;  // more than that is an error
};

struct Sent {
  // The request as it was on the wire, with what libcurl added. When a proxy refused the tunnel
  // (`proxy_answered`), the request never left, and stands here as it was asked.
  // `partial` when the answer broke off.
  http::Exchange exchange;
  std::string remote_ip;
  int remote_port = 0;
  std::string http_version;             // "1.1", "2"
  std::string tls_subject, tls_issuer;  // of the server's own certificate
  std::string tls_error;                // what -k let pass; empty: nothing, or the check was made
  double seconds = 0;
  bool body_truncated = false;         // over the limit, cut off, or too slow
  bool proxy_answered = false;         // the proxy itself refused: 407, or no tunnel
  std::vector<std::string> addresses;  // that were tried, in order, with their ports
};

class Transport {
 public:
  virtual ~Transport() = default;
  // An answer of any status is a value; an Error is no answer. Neither message nor hint shows more
  // of the URL than host and port.
  virtual Result<Sent> send(const http::Request& request, const http::ClientOptions& options,
                            const Limits& limits) = 0;
  // The addresses that a name stands for on this machine, in the order in which they would be
  // tried.
  virtual std::vector<std::string> addresses_of(const std::string&) { return {}; }
  // Waits, for a server that asked for it; shorter when it is interrupted.
  virtual void pause(std::chrono::seconds time) = 0;
};

// Over libcurl. `stop` ends a running request within a second ("interrupted").
std::unique_ptr<Transport> curl_transport(std::stop_token stop = {});

}  // namespace locksmith::probe

// How the authority's server runs: the section [server] of locksmith.toml. What it decides is in
// policy.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "authority/policy.hpp"
#include "base/result.hpp"

namespace locksmith::authority {

struct ServerSettings {
  std::vector<std::string> listen{"127.0.0.1:7331"};  // address and port; for requests to decide
  std::string socket;        // path of a unix socket that answers the same; empty: none
  std::string admin_listen;  // where /v1/keys and the like are; empty: on `listen`, too
  std::string store = "locksmith.db";
  unsigned threads = 0;  // 0: one per core
  std::size_t max_connections = 4096;
  std::size_t max_header_bytes = 16 << 10;
  std::size_t max_body_bytes = 1 << 20;
  std::chrono::seconds header_timeout{10};  // until a request's head is there
  std::chrono::seconds body_timeout{30};
  std::chrono::seconds idle_timeout{75};  // between requests of one connection
  std::chrono::seconds write_timeout{30};
  std::chrono::seconds shutdown_timeout{10};
  std::chrono::seconds keep_decisions{std::chrono::days(30)};
  std::size_t max_decisions = 10'000'000;  // kept at most
};

// Where reports of leaked keys come from (`/v1/leaks/github`).
struct LeakReporter {
  std::string key_identifier;  // what `Github-Public-Key-Identifier` says
  std::string public_key;      // PEM
};

struct Settings {
  Policy policy;
  ServerSettings server;
  std::vector<LeakReporter> leak_reporters;
};

// The whole of locksmith.toml. Unknown fields are errors, with line; all faults are reported at
// once, one per line.
Result<Settings> read_settings(std::string_view toml, std::string_view file_name);

}  // namespace locksmith::authority

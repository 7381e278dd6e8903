// What changes with the code: locksmith.toml, reviewed like code and reloaded on SIGHUP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/address.hpp"
#include "authority/key.hpp"
#include "base/result.hpp"

namespace locksmith::authority {

// Where a key may be sent.
struct Placement {
  enum class Kind : std::uint8_t { header, query, cookie, basic_user, basic_password };
  Kind kind = Kind::header;
  std::string name;    // "Authorization", "X-Api-Key", "api_key"; header names in lower case
  std::string scheme;  // "Bearer"; empty: the bare key
};

// How much a refusal tells. `full` and `code` tell only the proven holder of a key; anybody else
// gets one constant answer and what can be seen without the store.
enum class Disclosure : std::uint8_t { none, code, full };

// What an account has bought. Rate and quota are of all its keys together; an account's own replace
// them, and a key's own rate (key.hpp) counts besides.
struct Plan {
  std::string name;
  std::optional<Rate> rate;
  std::optional<Quota> quota;
};

// One row of the API's map. `{name}` in a path stands for one segment, a last `**` for the rest.
struct Endpoint {
  std::vector<std::string> methods;  // empty: any
  std::string path;                  // "/v1/orders/{id}"
  std::vector<std::string> scopes;   // all of them are required
  std::vector<std::string> plans;    // one of them is required; empty: any
  bool open = false;                 // needs no key
};

struct Environment {
  std::string name;    // "live", "test"
  std::string prefix;  // of its keys: "lks_live_"
};

struct Api {
  std::string name;
  std::vector<std::string> hosts;  // that lead to it; empty: all
  std::string environment;         // whose keys it takes; empty: any
  std::vector<Endpoint> endpoints;
  bool unlisted_allowed = true;  // a path that no endpoint has needs just a key
};

struct Policy {
  std::vector<Environment> environments;
  std::vector<Placement> placements;
  std::vector<Plan> plans;
  std::string default_plan;
  std::vector<Api> apis;
  Disclosure disclosure = Disclosure::full;
  bool require_tls = false;           // plain HTTP from elsewhere than loopback is refused
  std::vector<Cidr> trusted_proxies;  // whose X-Forwarded-* and Forwarded are believed
  std::optional<Rate> wrong_keys;     // per address, against guessing
  // An address that tried too many wrong keys is refused even with a right one. Off: one client
  // with an old key in a loop would shut out all that share its address, and 190 bits are not
  // guessed.
  bool guessing_blocks_all = false;
  std::string realm = "api";
  std::string pages = "/causes/";  // URL or path that a cause's slug is appended to: `type`
  std::uint32_t revision = 0;      // CRC-32 of the text: which policy a decision was made under
};

// Unknown fields are errors, with line; all faults are reported at once, one per line. The section
// [server] of the same file is read by read_settings (server_settings.hpp).
Result<Policy> read_policy(std::string_view toml, std::string_view file_name);

}  // namespace locksmith::authority

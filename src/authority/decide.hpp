// The authority's heart: may this request pass, and if not, exactly why? Pure: everything that it
// looks at is in its arguments, so that a decision can be replayed, fuzzed and simulated.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "authority/address.hpp"
#include "authority/cause.hpp"
#include "authority/key_format.hpp"
#include "authority/limits.hpp"
#include "authority/snapshot.hpp"

namespace locksmith::authority {

struct Field {
  std::string_view name;
  std::string_view value;
};

// What is asked. Everything is a view into the caller's buffers.
struct Request {
  std::string_view method;  // empty: not told, endpoint and method are not checked (`/v1/verify`)
  std::string_view host;
  std::string_view api;     // the name of one in the policy; empty: the host says which
  std::string_view target;  // path and query as they were sent
  std::span<const Field> headers;
  Address client;      // as it counts after trusted proxies; unknown fails a key that is restricted
  Address guesser;     // whose wrong keys count where the client is not known; unknown: nobody's
  bool secure = true;  // came over TLS, from loopback, or over a unix socket
  // The key itself, where the caller has found it already: then placements are not looked at.
  std::optional<std::string_view> key;
  std::span<const std::string_view> scopes;  // wanted beyond what the endpoint requires
  bool peek = false;                         // limits are told, not taken from
};

// The checks in their order. The first that fails gives the cause; all that fail are told.
enum class Check : std::uint8_t {
  transport,    // plain HTTP
  guessing,     // too many wrong keys from this address
  present,      // a credential, in a place where one is looked for, and only one
  form,         // prefix, length, alphabet, checksum
  known,        // its SHA-256 is in the snapshot
  environment,  // test key on live
  state,        // revoked, rotated, leaked
  validity,     // not before, expires
  account,      // suspended
  address,
  origin,
  endpoint,
  method,
  scope,
  plan,
  rate,
  quota,
};
inline constexpr std::size_t check_count = 17;

// Where the credential was, and what of it concerns its form. Views into the request.
struct Presented {
  enum class Coding : std::uint8_t { plain, percent, basic_user, basic_password };
  std::string_view place;  // "Authorization", "X-Api-Key", "api_key"; empty: none, or Request::key
  Placement::Kind kind = Placement::Kind::header;
  std::string_view key;  // SECRET; as it was sent, without scheme, still encoded
  Coding coding = Coding::plain;
};

// Small, without allocation: the path of an allowed request is hot. Texts are made from it by
// problem.hpp and trace.hpp. Points into the snapshot and the request, which must outlive it.
struct Decision {
  Cause cause = Cause::none;  // none: allowed
  Check failed_first = Check::transport;
  std::bitset<check_count> failed;
  std::array<Cause, check_count> causes{};  // of each check that failed
  std::bitset<check_count> made;   // checks that could be made: an unknown key has no expiry
  bool proven = false;             // whoever asks holds the whole secret of `key`
  const KeyRecord* key = nullptr;  // set only when `proven`
  const Endpoint* endpoint = nullptr;
  const Api* api = nullptr;
  Presented presented;
  std::optional<FormFault> fault;  // of a key that is not known, where its form shows one
  RateStatus rate;  // of the limit that is nearest to its end
  QuotaStatus quota;
  bool retiring = false;  // allowed within a grace period: Deprecation and Sunset apply

  bool allowed() const { return cause == Cause::none; }
};

// The Origin header's value, else the origin of Referer; empty when there is neither.
std::string_view origin_of(const Request& request);

// Takes from the limits only when everything else has passed. A wrong key counts in any case.
Decision decide(const Snapshot& snapshot, const Request& request, Instant now, Limits& limits);

}  // namespace locksmith::authority

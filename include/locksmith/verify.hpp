// liblocksmith: checks API keys in your own process, with the same decisions, causes and problem
// bodies as the authority (`locksmith serve`). This header is all that a program needs; it is kept
// compatible, and nothing in it depends on Locksmith's own types.
//
//   auto verifier = locksmith::Verifier::open("locksmith.toml", "keys.jsonl");   // throws
//   locksmith::Request request;
//   request.method = "GET"; request.host = "api.example.com"; request.target = "/v1/orders/7";
//   request.headers = {{"Authorization", "Bearer lks_live_…"}};
//   locksmith::Verdict verdict = verifier.verify(request);
//   if (!verdict.allowed) answer(verdict.status, verdict.headers, verdict.body);
//
// examples/verify.cpp is a whole program. Link with `pkg-config --cflags --libs --static locksmith`
// or, in CMake, find_package(locksmith) and the target locksmith::verify.
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace locksmith {

// The views must live as long as the call that they are given to.
struct Request {
  std::string_view method;  // empty: only the key is checked, not what it may call
  std::string_view host;
  std::string_view target;  // path and query, as they were sent
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view client;  // "192.0.2.7", as it counts behind your proxies; empty: not known
  bool secure = true;       // came over TLS, or from this machine
  std::string_view key;     // the key itself, when you found it already
  std::vector<std::string_view> scopes;  // wanted beyond what the endpoint requires
  std::string_view id;                   // of the request; told in the problem body as "instance"
};

struct Verdict {
  bool allowed = false;
  int status = 401;   // of a refusal; 200 when allowed
  std::string cause;  // "expired", "missing-scope": a page of the catalogue; empty when allowed
  // To be sent on: of a refusal WWW-Authenticate, Retry-After, Content-Type and the like; of an
  // allowed request RateLimit, Deprecation, Sunset.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;     // application/problem+json (RFC 9457); empty when allowed
  std::string key;      // id of the key, when the request holds all of its secret; else empty
  std::string account;  // likewise
};

// What cannot be opened. The message names file, line and fault, and never holds a secret.
struct OpenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// For all threads at once. Rate limits and quotas are counted in this process only.
class Verifier {
 public:
  // The policy; and the JSON lines that `locksmith keys export` writes: first the accounts
  // ({"kind":"account","id":"acct_1","plan":"paid"}, with "state":"suspended" where it is so), then
  // the keys.
  static Verifier open(const std::string& policy_file, const std::string& keys_file);
  ~Verifier();
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;

  Verdict verify(const Request& request) const;
  Verdict verify(const Request& request, std::chrono::system_clock::time_point now) const;

  // Reads both files again; what is used up of rates and quotas stays. Throws OpenError and keeps
  // what it has when they cannot be read. Requests that are under way are decided as before.
  void reload();

  std::size_t size() const;  // keys

 private:
  struct Impl;
  explicit Verifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace locksmith

// Makes evidence safe to share: every secret is replaced, everywhere, by a surrogate of the same
// length, prefix, character classes, defects and checksum validity, the same surrogate for the same
// secret, so that a diagnosis of the redacted evidence equals that of the original.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "http/bundle.hpp"

namespace locksmith::credential {

class Redactor {
 public:
  // The surrogates depend on the seed; a fresh one per run keeps them from being compared.
  explicit Redactor(std::uint64_t seed);

  // From now on `secret` is replaced wherever it occurs, also as base64, URL-encoded or JSON-escaped.
  void learn(std::string_view secret);
  // Learns every credential of the bundle: requests, variables, files, processes.
  void learn(const http::Bundle& bundle);

  std::string redact(std::string_view text) const;
  http::Bundle redact(const http::Bundle& bundle);

 private:
  std::uint64_t seed_;
  std::map<std::string, std::string, std::less<>> surrogates_;
};

// Free text (a log, curl -v, a HAR, a stack trace): finds what looks like a secret (authorization
// headers, key-like query parameters, JWTs, well-known key prefixes, private keys, long random
// words after a name such as token or secret) and replaces each.
std::string redact_text(std::string_view text, std::uint64_t seed);

}  // namespace locksmith::credential

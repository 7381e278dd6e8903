// Makes evidence safe to share: every secret is replaced, everywhere, by a surrogate of the same
// length, prefix, character classes, defects and checksum validity, the same surrogate for the same
// secret, so that a diagnosis of the redacted evidence equals that of the original.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "credential/replace.hpp"
#include "credential/secret_spans.hpp"
#include "http/bundle.hpp"

namespace locksmith::credential {

class Redactor {
 public:
  // The surrogates depend on the seed; a fresh one per run keeps them from being compared.
  explicit Redactor(std::uint64_t seed) : seed_(seed) {}

  // From now on `secret` is replaced wherever it occurs, also as base64, URL-encoded or
  // JSON-escaped. One of fewer than 6 characters is replaced only where redact() of a bundle or
  // redact_text() finds it in its own place. What is no secret (a placeholder, `$NAME`, a masked
  // key) is not learned.
  void learn(std::string_view secret, SecretKind kind = SecretKind::key);
  // Learns every credential of the bundle: requests, variables, files, processes.
  void learn(const http::Bundle& bundle);

  // Replaces what was learned.
  std::string redact(std::string_view text) const;
  // Learns, then replaces.
  http::Bundle redact(const http::Bundle& bundle);
  // Finds secrets in free text, learns and replaces them. A stream is given in blocks of whole
  // lines: what was learned, and that a private key is not over yet, is remembered.
  std::string redact_text(std::string_view block);

 private:
  void learn(std::string_view text, const SecretSpans& spans);
  void learn_basic(std::string_view value);
  std::string redact(std::string_view text, const SecretSpans& spans) const;

  std::uint64_t seed_;
  Replacer replacer_;
  bool inside_private_key_ = false;
};

// Free text (a log, curl -v, a HAR, a stack trace): finds what looks like a secret (authorization
// headers, key-like query parameters, JWTs, well-known key prefixes, private keys, long random
// words after a name such as token or secret) and replaces each.
std::string redact_text(std::string_view text, std::uint64_t seed);

}  // namespace locksmith::credential

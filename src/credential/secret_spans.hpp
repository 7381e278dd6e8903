// Where secrets stand in what a message, a file or a log consists of.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "credential/surrogate.hpp"

namespace locksmith::credential {

struct SecretSpan {
  std::size_t offset = 0;
  std::size_t size = 0;
  SecretKind kind = SecretKind::key;
  bool basic = false;  // user:password in base64 (RFC 7617)
};
using SecretSpans = std::vector<SecretSpan>;  // in order, none overlapping

// How much a text deserves trust that what stands behind a secret's name is a secret.
enum class TextKind {
  body,    // of a request, or a command line: every value counts
  file,    // configuration: values run to the end of their line
  log,     // free text, which may speak about secrets: words of prose do not count
  answer,  // what a server says, whose words are evidence: only what looks random counts
};

SecretSpans spans_in_header(std::string_view name, std::string_view value);
SecretSpans spans_in_url(std::string_view url);
SecretSpans spans_in_variable(std::string_view name, std::string_view value);
SecretSpans spans_in_text(std::string_view text, TextKind kind);

// Private keys in PEM (RFC 7468), which run over lines. `inside`: the text starts within one;
// becomes whether it ends within one.
SecretSpans pem_spans(std::string_view text, bool& inside);

// Sorted, the longer of two that overlap kept.
SecretSpans merged(SecretSpans spans);

}  // namespace locksmith::credential

// How an operation that failed says so: one fact, and a hint about what to do next.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace locksmith {

// What went wrong, as coarse as a caller must tell apart; the command line maps it to an exit code.
enum class ErrorCode {
  usage,               // the caller's words are off
  unreadable,          // a file or stream cannot be read, or is not what it should be
  unreachable,         // a host did not answer, or its TLS handshake failed
  certificate_wanted,  // it failed because the server wants a client certificate that it takes
  unsendable,          // the request holds what HTTP cannot carry: a line break in a header
};

struct Error {
  ErrorCode code = ErrorCode::unreadable;
  std::string message;  // one fact, no full stop; never holds a secret
  std::string hint;     // what to do next; empty when there is nothing useful to say
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string hint = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(hint)});
}

}  // namespace locksmith

// The bytes of one connection, cut into requests. Strict: where two programs could disagree about
// where a request ends, it is refused (RFC 9112 sections 5.1, 5.2, 6.3; request smuggling).
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "server/message.hpp"
#include "server/request_head.hpp"

namespace locksmith::server {

struct SizeLimits {
  std::size_t head = 16 << 10;
  std::size_t body = 256 << 10;
};

class RequestReader {
 public:
  explicit RequestReader(const SizeLimits& limits);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;

  // Room for what comes next from the network; then how many bytes came.
  std::span<char> room();
  void filled(std::size_t bytes);

  enum class Status {
    nothing,  // between two requests
    head,     // a head has begun
    body,     // the head is complete, the body is not
    request,  // request() is whole; the next call of next() ends its life
    bad,      // fault() says why; nothing after it can be trusted
  };
  Status next();

  // Views into the buffer: good until next() is called again.
  const RequestView& request() const;
  bool keep_alive() const;
  bool http_1_0() const;
  bool expects_continue() const;  // "Expect: 100-continue" and the body has not come

  const Fault& fault() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace locksmith::server

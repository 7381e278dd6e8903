// The chunked coding of a body (RFC 9112 section 7.1), taken off as the bytes arrive, and as
// strictly as the head: a server before this one must not find another end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/request_head.hpp"

namespace locksmith::server {

class ChunkedDecoder {
 public:
  // `framing`: how long the extensions of all chunks and the trailers may be together. Without it
  // a small body could be wrapped in gigabytes.
  struct Limits {
    std::size_t body = 0, framing = 0;
  };
  ChunkedDecoder() = default;
  explicit ChunkedDecoder(const Limits& left) : left_(left) {}

  // Decodes what is there of `in` to `out`, which may be `in` itself or lie before it in the same
  // buffer. What was not taken must be given again, with more behind it. How the bytes were cut
  // makes no difference to what comes out.
  struct Progress {
    Parsed status = Parsed::incomplete;
    std::size_t taken = 0, written = 0;
  };
  Progress decode(std::string_view in, char* out);

  const Fault& fault() const { return fault_; }  // after Parsed::bad

 private:
  enum class Next { size, data, data_end, trailers, nothing };

  std::size_t refuse(int status, std::string_view detail);
  std::size_t take_size(std::string_view in);
  std::size_t take_data(std::string_view in, char* out);
  std::size_t take_data_end(std::string_view in);
  std::size_t take_trailers(std::string_view in);

  Limits left_;
  Next next_ = Next::size;
  std::uint64_t chunk_ = 0;   // of the chunk's data, what has not come
  std::size_t searched_ = 0;  // of what was not taken: no end of line before this
  bool bad_ = false;
  Fault fault_;
};

}  // namespace locksmith::server

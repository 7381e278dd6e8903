// The head of one HTTP/1.1 request, read strictly: where two programs could disagree about what it
// says, or about where its body ends, it is refused (RFC 9112 sections 2.2, 3, 5 and 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "server/message.hpp"

namespace locksmith::server {

struct Fault {
  int status = 400;
  std::string_view detail;
};

enum class Parsed { incomplete, whole, bad };

// Views into the bytes that were parsed.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  std::vector<Field> fields;
  std::size_t size = 0;  // with the empty line that ends it

  // What the fields say about the body and the connection.
  struct Framing {
    std::uint64_t length = 0;
    bool http_1_0 = false;
    bool chunked = false;
    bool expects_continue = false;
    bool close = false, keep_alive = false;  // as the options of Connection
    std::uint8_t hosts = 0, lengths = 0, codings = 0;

    // RFC 9112 section 9.3.
    bool persistent() const { return !close && (!http_1_0 || keep_alive); }
  } framing;

  Fault fault;
};

// Reads a head from the beginning of `text`; what follows it is not looked at. Whoever reuses
// `head` pays for no allocation.
Parsed parse_head(std::string_view text, RequestHead& head);

// The trailers of a chunked body with the empty line that ends them; they may say nothing about
// the message itself (RFC 9110 section 6.5.1). Nothing here needs them.
bool are_trailers(std::string_view text);

}  // namespace locksmith::server

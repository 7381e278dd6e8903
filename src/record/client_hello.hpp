// What a TLS client asks for, read from its first bytes without answering them, so that the
// connection can still be passed on untouched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locksmith::record {

struct ClientHello {
  std::string server_name;             // SNI; empty: none
  std::vector<std::string> protocols;  // ALPN; empty: none
  // HTTP/1.1 can be agreed on: it is offered, or nothing is.
  bool takes_http1() const;
};

enum class HelloState { incomplete, complete, invalid };
HelloState read_client_hello(std::string_view bytes, ClientHello& hello);

}  // namespace locksmith::record
